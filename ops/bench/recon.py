"""`bench recon`: how soon a store that was changed by hand is found out, and how soon healed.

Theory: commands come at a steady rate while workers decide, sinks write, auditors read back and the
job `stores` compares. One thing after the other is changed in a store. A break that begins as the
change says is its detection; its repair is counted from there. Every other break is a false one.
An update of the ledger that replaces the changed value first leaves nothing to find.

The time from a bucket's attestation to its break is the broker's own: of both records the stamp of
the append.

Owns: that measurement; all other times are those at which a reader of recon.events.v1 is told.
Never: asserts a figure.
"""

from __future__ import annotations

import random
import threading
import time
from contextlib import ExitStack, closing
from typing import TYPE_CHECKING, Any, Final, final

from confluent_kafka import Consumer, TopicPartition

from ingress.sdk.client import reader_config
from ops.bench.drain import ends_of
from ops.bench.load import drip, producer_of
from ops.bench.pipeline import PARTITIONS, started, worker_names
from ops.bench.quantiles import quantile
from ops.bench.session import SEED
from ops.bench.tamper import PostgresTampers, RedisTampers, Tampers
from ops.rig import running_partitions, start_sink, start_worker, wait_for
from ops.stack import workers
from schemas.access.kafka import Servers
from schemas.codec import decode
from schemas.messages.recon import BreakClosed, BreakOpened, ReconEvent, RepairEnded
from topics.catalog import COMMANDS, RECON_EVENTS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ops.bench.load import Load
    from ops.stack import Stack

JOB: Final = "stores"
AUDITED: Final = ("postgres", "redis")
START_S: Final = 120.0
FOUND_S: Final = 30.0  # after that an update came first
LINGER_MS: Final = 2
MS_PER_S: Final = 1_000
US_PER_S: Final = 1_000_000
# Of a full round of the sweep as many rows a second as a small machine has to spare.
QUICK: Final = ("--rows-per-s", "200000", "--tail-every-s", "1")


@final
class Told:
    """What recon.events.v1 tells, and when this reader heard it."""

    def __init__(self, kafka: Servers) -> None:
        self._consumer: Final = Consumer(reader_config(kafka))
        ends = ends_of(self._consumer, RECON_EVENTS.name)
        self._consumer.assign(
            [TopicPartition(RECON_EVENTS.name, part, end) for part, end in ends.items()]
        )
        self.opened: Final[dict[str, float]] = {}
        self.judged_s: Final[dict[str, float]] = {}  # from the append of what was read to the break
        self.repaired: Final[dict[str, float]] = {}
        self.closed: Final[dict[str, float]] = {}

    def hear(self, seconds: float) -> None:
        """Read what comes in a moment."""
        for message in self._consumer.consume(100, seconds):
            value = message.value()
            if message.error() is not None or value is None:
                continue
            event, now = decode(ReconEvent, value), time.monotonic()
            body = event.body
            if isinstance(body, BreakOpened):
                self.opened.setdefault(body.break_id, now)
                told_s = message.timestamp()[1] / MS_PER_S
                self.judged_s.setdefault(body.break_id, told_s - event.at / US_PER_S)
            elif isinstance(body, RepairEnded):
                self.repaired.setdefault(body.break_id, now)
            elif isinstance(body, BreakClosed):
                self.closed.setdefault(body.break_id, now)

    def close(self) -> None:
        """Let go of the broker."""
        self._consumer.close()


def measure(stack: Stack, loads: Sequence[Load], rate: int, changes: int) -> dict[str, Any]:
    """Return the figures; the stack is up with PostgreSQL, Redis and the topics."""
    with ExitStack() as ending, started(stack, worker_names(2)):
        _compare(stack, ending)
        told = ending.enter_context(closing(Told(stack.endpoints.kafka)))
        stop = threading.Event()
        traffic = threading.Thread(target=_traffic, args=(stack, loads, rate, stop), name="load")
        traffic.start()
        try:
            _listen(told, len(loads) / rate / 4)  # what comes without a change is false
            found = [
                _changed(told, each, changes)
                for each in (
                    ending.enter_context(closing(PostgresTampers(stack.endpoints, PARTITIONS))),
                    ending.enter_context(
                        closing(RedisTampers(stack.endpoints, random.Random(SEED)))  # noqa: S311 - a bench
                    ),
                )
            ]
        finally:
            stop.set()
            traffic.join()
    return _figures(told, found, changes)


def _compare(stack: Stack, ending: ExitStack) -> None:
    """Start sinks, auditors and the job that compares."""
    for store in AUDITED:
        ending.callback(start_sink(stack, store).stop)
    ending.callback(start_worker(stack, JOB, job=JOB).stop)
    wait_for("the job to run", lambda: running_partitions(stack, JOB) == PARTITIONS, START_S)
    for store in AUDITED:
        spec = workers.auditor(store, stack.endpoints)
        ending.callback(stack.manage(spec.name, (*spec.argv, *QUICK), dict(spec.env)).stop)


def _figures(told: Told, found: Sequence[dict[str, Any]], changes: int) -> dict[str, Any]:
    """Return the figures of all stores, and of each."""
    expected = {name for each in found for name in each.pop("breaks")}
    detect = [second for each in found for second in each.pop("detect")]
    repair = [second for each in found for second in each.pop("repair")]
    return {
        "changes": changes * len(AUDITED),
        "detect_p50_s": _rounded(detect, 0.50),
        "detect_p99_s": _rounded(detect, 0.99),
        "detect_after_read_p99_s": _rounded([told.judged_s[each] for each in expected], 0.99),
        "repair_p99_s": _rounded(repair, 0.99),
        "false_breaks": len(told.opened.keys() - expected),
        "not_closed": len(expected - told.closed.keys()),
        **dict(zip(AUDITED, found, strict=True)),
    }


def _traffic(stack: Stack, loads: Sequence[Load], rate: int, stop: threading.Event) -> None:
    """Send until told to stop, or until there is no more."""
    going = (load for load in loads if not stop.is_set())
    drip(producer_of(stack.endpoints.kafka, LINGER_MS), COMMANDS.name, going, rate, lambda *_: None)


def _listen(told: Told, seconds: float) -> None:
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        told.hear(0.1)


def _changed(told: Told, tampers: Tampers, changes: int) -> dict[str, Any]:
    """Change one thing after the other; how long each took to be found, and to be healed."""
    detect, repair, breaks, overtaken = list[float](), list[float](), list[str](), 0
    for number in range(changes):
        seen = set(told.opened)
        began = time.monotonic()
        prefix = tampers.tamper(number)
        name = _until_opened(told, prefix, seen, began) if prefix else ""
        if not name:
            overtaken += 1
            continue
        breaks.append(name)
        detect.append(told.opened[name] - began)
        if _until_closed(told, name):
            repair.append(told.repaired.get(name, told.closed[name]) - told.opened[name])
    return {
        "detect": detect,
        "repair": repair,
        "breaks": breaks,
        "found": len(breaks),
        "overtaken": overtaken,
        "detect_p99_s": _rounded(detect, 0.99),
        "repair_p99_s": _rounded(repair, 0.99),
    }


def _until_opened(told: Told, prefix: str, seen: set[str], began: float) -> str:
    while time.monotonic() < began + FOUND_S:
        told.hear(0.02)
        for name in told.opened.keys() - seen:
            if name.startswith(prefix):
                return name
    return ""


def _until_closed(told: Told, name: str) -> bool:
    until = time.monotonic() + FOUND_S
    while name not in told.closed and time.monotonic() < until:
        told.hear(0.02)
    return name in told.closed


def _rounded(seconds: list[float], share: float) -> float | None:
    return round(quantile(seconds, share), 2) if seconds else None
