"""The demo's traffic: half a day paced, with a worker killed in it, the rest at full speed.

Owns: sending, and the figures of speed and recovery.
Never: judges; `ops.checker` does.
"""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final, final

from ops.bench.load import Load, drip, pour_commands, producer_of
from ops.bench.quantiles import quantile
from schemas.access.kafka import Servers
from topics.catalog import COMMANDS

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from ops.answers import Answers, Taken

RATE: Final = 2_000
KILL_AFTER_S: Final = 4.0
PATIENCE_S: Final = 180.0
LINGER_MS: Final = 2
MS: Final = 1_000
NOT_MEASURED: Final = "not measured"  # a day too short for it


@dataclass(slots=True)
class Figures:
    """What was measured. Times in seconds unless the name says otherwise."""

    paced: list[Taken] = field(default_factory=list)
    killed_at: float = 0.0
    orphaned: frozenset[str] = frozenset()
    poured: int = 0
    poured_s: float = 0.0
    decisions: int = 0
    decisions_s: float = 0.0
    sinks_s: float = 0.0

    def lines(self) -> list[tuple[str, str]]:
        """Return what to show, in words."""
        calm = [each.seconds for each in self.paced if each.due + each.seconds < self.killed_at]
        recovery_s = self.recovery_s()
        recovered = NOT_MEASURED if recovery_s is None else f"{recovery_s:.1f} s"
        poured = f"{self.poured / self.poured_s:,.0f}" if self.poured_s else NOT_MEASURED
        return [
            (f"produce to result at {RATE:,} commands/s, p50", _ms(calm, 0.50)),
            (f"produce to result at {RATE:,} commands/s, p99", _ms(calm, 0.99)),
            ("kill -9 of a worker: first answer for its wallets", recovered),
            ("as fast as it goes, commands/s", poured),
            ("sinks level with the log after the last answer", f"{self.sinks_s:.1f} s"),
        ]

    def recovery_s(self) -> float | None:
        """Return the time from the kill to the first answer to a command it orphaned, if any."""
        answered = [
            each.due + each.seconds - self.killed_at
            for each in self.paced
            if each.tag in self.orphaned and each.due > self.killed_at
        ]
        return min(answered, default=None)


@final
class Traffic:
    """Sends the day. `kill` ends a worker and tells which partitions it owned."""

    def __init__(self, bootstrap: Servers, answers: Answers, kill: Callable[[], set[int]]) -> None:
        self._bootstrap: Final = bootstrap
        self._answers: Final = answers
        self._kill: Final = kill
        self.figures: Final = Figures()

    def paced_half(self, loads: Sequence[Load], step: Callable[[int], None]) -> None:
        """Send at the steady rate, kill a worker after a few seconds, wait for every answer."""
        before = loads[: int(RATE * KILL_AFTER_S)]
        after = loads[len(before) :]
        producer = producer_of(self._bootstrap, LINGER_MS)

        def sent(tag: str, due: float) -> None:
            if tag:
                self._answers.sent(tag, due)
            step(1)

        drip(producer, COMMANDS.name, before, RATE, sent)
        lost = self._kill()
        self.figures.killed_at = time.monotonic()
        self.figures.orphaned = orphans_of(before, after, lost)
        drip(producer, COMMANDS.name, after, RATE, sent)
        self._answers.wait(PATIENCE_S)
        self.figures.paced = list(self._answers.taken)

    def open_half(self, loads: Sequence[Load], step: Callable[[int], None]) -> None:
        """Send everything at once and wait for every answer."""
        began = time.monotonic()
        for each in loads:
            if each.tag:
                self._answers.sent(each.tag, began)
        pour_commands(self._bootstrap, loads)
        step(len(loads))
        self._answers.wait(PATIENCE_S)
        self.figures.poured = len(loads)
        self.figures.poured_s = time.monotonic() - began


def orphans_of(before: Sequence[Load], after: Sequence[Load], lost: set[int]) -> frozenset[str]:
    """Return the tags that nobody could answer but who inherits the lost partitions.

    A command that a client only repeats after the kill may have been decided before it.
    """
    known = {each.tag for each in before}
    return frozenset(each.tag for each in after if each.partition in lost and each.tag not in known)


def _ms(seconds: Sequence[float], share: float) -> str:
    return f"{quantile(seconds, share) * MS:.0f} ms" if seconds else NOT_MEASURED
