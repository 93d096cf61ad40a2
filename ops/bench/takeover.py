"""`bench takeover`: how long a partition stands still when its worker dies, or is restarted.

Theory: under a steady trickle a worker of two is killed with SIGKILL. Whoever inherits its
partitions has no state of them: its folders are removed first. The figure of a kill is the time
until every orphaned partition has a new committed Decision, as a reader sees it. A planned restart
is SIGTERM; its figure is the longest pause between two Decisions of one partition.

Owns: that measurement.
Never: asserts a figure.
"""

from __future__ import annotations

import shutil
import threading
import time
from contextlib import closing
from itertools import takewhile
from typing import TYPE_CHECKING, Any, Final, final

from confluent_kafka import OFFSET_END, Consumer, TopicPartition

from ingress.sdk.client import reader_config
from ops.bench.drain import drain, flood
from ops.bench.load import Load, drip, producer_of
from ops.bench.pipeline import PARTITIONS, settled, started, worker_names
from ops.bench.quantiles import quantile
from ops.rig import run_by, running_partitions, wait_for
from schemas.access.kafka import Servers
from topics.catalog import COMMANDS, EVENTS

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Mapping
    from pathlib import Path

    from ops.stack import ManagedProcess, Stack

WORKERS: Final = 2
TRICKLE_PER_S: Final = 400
LINGER_MS: Final = 2
# What was committed before the kill may reach the reader this much later.
UNDER_WAY_S: Final = 0.5
DEADLINE_S: Final = 120.0
TAKE_S: Final = 0.02
BATCH: Final = 1_000
CALM_S: Final = 2.0  # of trickle before each blow


def measure(
    stack: Stack, fill: Iterable[Load], trickle: Iterable[Load], kills: int, restarts: int
) -> dict[str, Any]:
    """Return the figures; the stack is up with its topics."""
    names = worker_names(WORKERS)
    with started(stack, names) as running:
        log = flood(stack.endpoints.kafka, fill)
        with closing(Trickle(stack.endpoints.kafka, trickle)):
            blows = Blows(stack, running)
            killed = [blows.kill(*pair(names, number)) for number in range(kills)]
            paused = [blows.restart(pair(names, number)[0]) for number in range(restarts)]
        drain(stack.endpoints.kafka, time.time())  # at rest, for whoever looks afterwards
    return {
        "decisions": log.total,
        "kills": len(killed),
        "takeover_max_s": round(max(killed), 2),
        "takeover_p50_s": round(quantile(killed, 0.5), 2),
        "restarts": len(paused),
        "restart_pause_max_s": round(max(paused, default=0.0), 2),
    }


def pair(names: list[str], number: int) -> tuple[str, str]:
    """Return the victim and the heir of a blow: they take turns."""
    return names[number % WORKERS], names[(number + 1) % WORKERS]


@final
class Trickle:
    """A steady stream of commands until closed."""

    def __init__(self, bootstrap: Servers, loads: Iterable[Load]) -> None:
        self._over: Final = threading.Event()
        going = takewhile(lambda _: not self._over.is_set(), loads)
        producer = producer_of(bootstrap, LINGER_MS)
        self._thread: Final = threading.Thread(
            target=lambda: drip(producer, COMMANDS.name, going, TRICKLE_PER_S, lambda *_: None)
        )
        self._thread.start()

    def close(self) -> None:
        """Send what is queued and stop."""
        self._over.set()
        self._thread.join()


@final
class Blows:
    """Kills and restarts, each measured, each healed before the next."""

    def __init__(self, stack: Stack, running: Mapping[str, ManagedProcess]) -> None:
        self._stack: Final = stack
        self._running: Final = running

    def kill(self, victim: str, heir: str) -> float:
        """Kill a worker; return the seconds until its last partition had a new Decision."""
        with closing(Commits(self._stack.endpoints.kafka)) as commits:
            commits.calm()
            self._wait_shared()
            orphans = run_by(self._stack, victim)
            for number in orphans:
                shutil.rmtree(self._folder(heir) / str(number), ignore_errors=True)
            killed = time.monotonic()
            self._running[victim].kill()
            seen = commits.first_of(orphans, killed + UNDER_WAY_S)
        self._running[victim].stop()  # dead already; this only lets it be started again
        shutil.rmtree(self._folder(victim))
        self._again(victim)
        return max(seen.values()) - killed

    def restart(self, name: str) -> float:
        """Restart a worker in good order; return the longest pause of a partition."""
        with closing(Commits(self._stack.endpoints.kafka)) as commits:
            commits.calm()
            stopped = threading.Thread(target=self._running[name].stop)
            stopped.start()
            pauses = commits.pauses(lambda: self._alone_without(name))
            stopped.join()
        self._again(name)
        return max(pauses.values())

    def _again(self, name: str) -> None:
        self._running[name].start()
        self._wait_shared()

    def _wait_shared(self) -> None:
        wait_for("both workers to share the partitions", self._shared, DEADLINE_S)

    def _shared(self) -> bool:
        return settled(self._stack, list(self._running), PARTITIONS)

    def _alone_without(self, name: str) -> bool:
        others = (other for other in self._running if other != name)
        return any(running_partitions(self._stack, other) == PARTITIONS for other in others)

    def _folder(self, name: str) -> Path:
        return self._stack.layout.state / name / "wallet"


@final
class Commits:
    """Reads committed Decisions from now on, and when they came."""

    def __init__(self, bootstrap: Servers) -> None:
        self._consumer: Final = Consumer(reader_config(bootstrap))
        self._consumer.assign(
            [TopicPartition(EVENTS.name, number, OFFSET_END) for number in range(PARTITIONS)]
        )

    def close(self) -> None:
        """Stop reading."""
        self._consumer.close()

    def calm(self) -> None:
        """Read until every partition was seen, and a while longer."""
        self.first_of(range(PARTITIONS), time.monotonic())
        until = time.monotonic() + CALM_S
        while time.monotonic() < until:
            self._taken()

    def first_of(self, partitions: Collection[int], since: float) -> dict[int, float]:
        """Return when each partition had its first Decision after a moment."""
        found: dict[int, float] = {}

        def all_seen() -> bool:
            for number, at in self._taken():
                if at >= since and number in partitions:
                    found.setdefault(number, at)
            return len(found) == len(partitions)

        wait_for("a Decision of every partition", all_seen, DEADLINE_S)
        return found

    def pauses(self, over: Callable[[], bool]) -> dict[int, float]:
        """Return each partition's longest pause until it is over and everybody was seen again."""
        last = dict.fromkeys(range(PARTITIONS), time.monotonic())
        longest = dict.fromkeys(last, 0.0)

        def take() -> None:
            for number, at in self._taken():
                longest[number] = max(longest[number], at - last[number])
                last[number] = at

        def through() -> bool:
            take()
            return over()

        wait_for("the partitions to be taken over", through, DEADLINE_S)
        since = time.monotonic()

        def seen_again() -> bool:
            take()
            return min(last.values()) > since

        wait_for("a Decision of every partition", seen_again, DEADLINE_S)
        return longest

    def _taken(self) -> list[tuple[int, float]]:
        messages = self._consumer.consume(BATCH, TAKE_S)
        now = time.monotonic()
        return [(each.partition() or 0, now) for each in messages if each.error() is None]
