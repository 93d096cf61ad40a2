"""A run of chaos: stack up, load on, faults by schedule, faults off, rest, check, report.

Owns: the order of things, and that nothing is left behind.
Never: repairs what a check found.
"""

from __future__ import annotations

import time
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from ops.chaos.bypass import Bypass
from ops.chaos.field import KILLED, PARTITIONS, WOKEN, WORKERS, Field
from ops.chaos.load import Load
from ops.chaos.rest import checked, come_to_rest
from ops.chaos.schedule import SINK_KILLED, Kind, draw, pace_of
from ops.chaos.strikes import carry_out
from ops.chaos.watch import Watch, recoveries
from ops.checker.targets import Told
from ops.stack import Stack

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from ops.chaos.schedule import Strike

LISTEN_S: Final = 10.0


@dataclass(slots=True)
class Outcome:
    """What a run was and what became of it; `broken` holds every difference in words."""

    seed: int
    seconds: float
    planned: tuple[Strike, ...]
    faults: Counter[str] = field(default_factory=Counter)
    kills: int = 0
    sink_kills: int = 0
    zombies: int = 0
    sent: int = 0
    retried: int = 0
    poison: int = 0
    decisions: int = 0
    answers: Counter[str] = field(default_factory=Counter)
    recoveries_s: list[float] = field(default_factory=list)
    restarts: dict[str, int] = field(default_factory=dict)
    exits: dict[str, tuple[int, ...]] = field(default_factory=dict)
    losses: dict[str, int] = field(default_factory=dict)
    diary: list[tuple[float, str, str]] = field(default_factory=list)
    checks: list[dict[str, Any]] = field(default_factory=list)
    broken: list[str] = field(default_factory=list)

    @property
    def holds(self) -> bool:
        """Whether nothing was broken."""
        return not self.broken


def chaos(root: Path, seed: int, seconds: float, say: Callable[[str], None]) -> Outcome:
    """Run on a stack of its own in an empty folder."""
    bypass = Bypass.choose(root)
    outcome = Outcome(seed, seconds, draw(seed, seconds, WORKERS, pace_of(seconds)))
    say(f"seed {seed}, {len(outcome.planned)} faults in {seconds:.0f} s")
    with Stack(bypass.config(root), say=say) as stack:
        ground = Field(stack, bypass)
        ground.start()
        _Run(ground, outcome, say).through()
    return outcome


class _Run:
    """One run on a field that is up."""

    def __init__(self, ground: Field, outcome: Outcome, say: Callable[[str], None]) -> None:
        self._field: Final = ground
        self._outcome: Final = outcome
        self._say: Final = say
        self._load: Final = Load(ground.bypass.endpoints.kafka, outcome.seed, PARTITIONS)
        self._watch: Final = Watch(ground, PARTITIONS)

    def through(self) -> None:
        """Do everything; what goes wrong is broken, and what was seen until then is kept."""
        load, outcome = self._load, self._outcome
        load.start()
        try:
            try:
                carry_out(self._field, outcome.planned)
                self._say("the faults are over")
            finally:
                self._field.heal()
                load.stop()
                load.listen(LISTEN_S)
            outcome.decisions = come_to_rest(self._field, PARTITIONS, self._say)
            self._check()
        except Exception as error:  # noqa: BLE001 - whatever it is, it is what the run found
            outcome.broken.append(f"{type(error).__name__}: {error}")
        finally:
            self._watch.close()
            self._tell()

    def _check(self) -> None:
        began = time.monotonic()
        self._tell()
        report = checked(self._field, self._told())
        self._outcome.checks = report.as_json()["checks"]
        self._outcome.broken += map(str, report.findings)
        self._say(f"checked in {time.monotonic() - began:.1f} s")

    def _told(self) -> Told:
        load, diary = self._load, self._field.diary
        ended = Counter(e.target for e in diary.entries if e.what in {KILLED, SINK_KILLED, WOKEN})
        return Told(
            delivered=load.delivered,
            results=load.results,
            poison=load.poison,
            recoveries_s=self._outcome.recoveries_s,
            restarts=self._outcome.restarts,
            ended=ended,
            exits=self._outcome.exits,
        )

    def _tell(self) -> None:
        """Write down what is known so far."""
        outcome, load, diary = self._outcome, self._load, self._field.diary
        kinds = {kind.value for kind in Kind}
        outcome.faults = Counter(str(e.what) for e in diary.entries if e.what in kinds)
        outcome.kills, outcome.zombies = diary.count(KILLED), diary.count(WOKEN)
        outcome.sink_kills = diary.count(SINK_KILLED)
        outcome.sent, outcome.retried = load.sent, load.retried
        outcome.poison = len(load.poison)
        outcome.answers = Counter(result.outcome.name for result in load.results)
        outcome.recoveries_s = recoveries(diary.entries, self._watch.seen)
        outcome.diary = [(round(e.at - diary.began, 1), e.target, e.what) for e in diary.entries]
        processes = (*self._field.workers.values(), *self._field.sinks.values())
        outcome.restarts = {each.name: each.report().restarts for each in processes}
        outcome.exits = {each.name: each.report().exits for each in processes}
        outcome.broken += [
            each
            for halt in sorted(self._watch.halts)
            if (each := f"halted: {halt}") not in outcome.broken
        ]
