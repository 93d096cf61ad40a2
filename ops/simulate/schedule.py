"""The fault schedule: what strikes when, drawn from one seed before anything runs.

Owns: the kinds of faults, which operations each may strike, and how a kind becomes a blow.
Never: depends on what the run does: a schedule without some of its faults is a schedule again,
which is what makes shrinking possible.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from random import Random
from typing import Final, final

from ops.simulate.blows import Blow, Harm, Moment

FAULTS_PER_STEP: Final = 1 / 48


class Fault(StrEnum):
    """Every kind of fault."""

    KILL = "worker killed"
    POWER_LOSS = "worker lost power"
    PAUSE = "worker paused"
    PAUSE_TRANSACTION = "worker paused past the transaction timeout"
    PAUSE_SESSION = "worker paused past the session timeout"
    COMMIT_LOST = "commit not applied, outcome unknown"
    COMMIT_APPLIED = "commit applied, outcome unknown"
    COMMIT_LATE = "commit on its way, outcome unknown"
    COMMIT_REPEATED = "commit arrives again later"
    ABORT_REPEATED = "abort arrives again later"
    MARKERS_LATE = "markers of some partitions late"
    PRODUCE_FAILED = "produce failed"
    BROKER_AWAY = "broker away"
    TRANSACTION_ABORTED = "open transactions aborted by the broker"
    REBALANCE = "worker leaves and joins"
    GROUP_LOADING = "group loads, and confirms anybody"
    STALE_HAND_OVER = "hand-over of an earlier ticket"
    HAND_OVER_LOST = "hand-over lost"
    HAND_OVER_REPEATED = "hand-over repeated"
    STATE_LOST = "state folder deleted"
    STATE_OLD = "old copy of the state restored"
    SNAPSHOT_DAMAGED = "newest snapshot damaged"
    SNAPSHOTS_AWAY = "place of the snapshots away"
    SINK_KILLED = "sink killed"
    STORE_AWAY = "store of a sink away"


PRODUCING: Final = frozenset({"add partition", "produce.log", "produce.outputs"})
READING: Final = frozenset({"fence", "topic_id", "bounds", "tail.take", "read_input"})
COMMIT: Final = frozenset({"commit"})
ABORT: Final = frozenset({"abort"})
STORING: Final = frozenset({"sink.write", "sink.position"})
SINK: Final = STORING | {"source.poll"}
# Which operations a kind may strike; None: any of a worker.
STRIKES: Final[dict[Fault, frozenset[str] | None]] = {
    Fault.KILL: None,
    Fault.POWER_LOSS: None,
    Fault.PAUSE: None,
    Fault.PAUSE_TRANSACTION: PRODUCING | COMMIT,
    Fault.PAUSE_SESSION: None,
    Fault.COMMIT_LOST: COMMIT,
    Fault.COMMIT_APPLIED: COMMIT,
    Fault.COMMIT_LATE: COMMIT,
    Fault.COMMIT_REPEATED: COMMIT,
    Fault.ABORT_REPEATED: ABORT,
    Fault.MARKERS_LATE: COMMIT,
    Fault.PRODUCE_FAILED: PRODUCING,
    Fault.BROKER_AWAY: READING,
    Fault.SNAPSHOTS_AWAY: frozenset({"snapshot.fetch"}),
    Fault.SINK_KILLED: SINK,
    Fault.STORE_AWAY: STORING,
}
MOMENTS: Final = tuple(Moment)


@dataclass(frozen=True, slots=True)
class Stroke:
    """How a kind strikes an operation. `moment` None: the fault's number says."""

    harm: Harm
    moment: Moment | None = None
    pause_s: tuple[float, float] = (0.0, 0.0)


# The transaction timeout is 2 s, the session timeout 4 s.
STROKES: Final = {
    Fault.KILL: Stroke(Harm.KILL),
    Fault.POWER_LOSS: Stroke(Harm.POWER_LOSS),
    Fault.PAUSE: Stroke(Harm.PAUSE, pause_s=(0.1, 1.0)),
    Fault.PAUSE_TRANSACTION: Stroke(Harm.PAUSE, pause_s=(2.0, 3.0)),
    Fault.PAUSE_SESSION: Stroke(Harm.PAUSE, pause_s=(4.2, 5.6)),
    Fault.COMMIT_LOST: Stroke(Harm.ERROR, Moment.BEFORE),
    Fault.COMMIT_APPLIED: Stroke(Harm.ERROR, Moment.AFTER),
    Fault.COMMIT_LATE: Stroke(Harm.ERROR, Moment.UNKNOWN),
    Fault.COMMIT_REPEATED: Stroke(Harm.REPEAT, Moment.AFTER),
    Fault.ABORT_REPEATED: Stroke(Harm.REPEAT, Moment.AFTER),
    Fault.MARKERS_LATE: Stroke(Harm.TEAR, Moment.AFTER),
    Fault.PRODUCE_FAILED: Stroke(Harm.ERROR),
    Fault.BROKER_AWAY: Stroke(Harm.ERROR),
    Fault.SNAPSHOTS_AWAY: Stroke(Harm.ERROR),
    Fault.SINK_KILLED: Stroke(Harm.KILL),
    Fault.STORE_AWAY: Stroke(Harm.ERROR),
}
# An abort is rare: only some failed produces lead to one. So are zombies: most sleepers wake alone.
OFTENER: Final = (
    *(Fault.PRODUCE_FAILED, Fault.PRODUCE_FAILED, Fault.ABORT_REPEATED),
    Fault.PAUSE_SESSION,
)
LATE_MAX_S: Final = 2.0
LATE_REQUESTS_MAX: Final = 13  # about as many as one group takes
SHARES: Final = 50
NUMBERS: Final = 1 << 16


@dataclass(frozen=True, slots=True)
class Planned:
    """A fault from `step` on, at the first operation it may strike; `number` gives its details."""

    step: int
    fault: Fault
    number: int

    def blow(self) -> Blow:
        """Return how it strikes an operation."""
        stroke = STROKES[self.fault]
        moment = stroke.moment or MOMENTS[self.number % len(MOMENTS)]
        details = self.number // len(MOMENTS)
        share = (details % SHARES + 1) / SHARES
        low, high = stroke.pause_s
        pause_s = low + share * (high - low)
        return Blow(moment, stroke.harm, pause_s, LATE_MAX_S * share, details % LATE_REQUESTS_MAX)

    @property
    def text(self) -> str:
        """Return it for a person."""
        return f"step {self.step}: {self.fault} ({self.number})"


def drawn(seed: int, steps: int) -> tuple[Planned, ...]:
    """Return the schedule of a seed."""
    random = Random(f"schedule/{seed}")  # noqa: S311 - a simulation, not a secret
    kinds = (*Fault, *OFTENER)
    count = int(steps * FAULTS_PER_STEP)
    planned = [
        Planned(random.randrange(steps), random.choice(kinds), random.randrange(NUMBERS))
        for _ in range(count)
    ]
    return tuple(sorted(planned, key=lambda each: (each.step, each.fault, each.number)))


@final
class Schedule:
    """A schedule while it runs: each fault waits for the first thing it may strike."""

    def __init__(self, planned: Iterable[Planned]) -> None:
        self.struck: Final[Counter[Fault]] = Counter()
        self._ahead: Final = list(reversed(tuple(planned)))
        self._waiting: list[Planned] = []

    def strike(self, step: int, operation: str) -> Planned | None:
        """Return the fault that strikes this operation."""
        while self._ahead and self._ahead[-1].step <= step:
            self._waiting.append(self._ahead.pop())
        for planned in self._waiting:
            if may_strike(planned.fault, operation):
                return self._taken(planned)
        return None

    def due(self, *faults: Fault) -> Planned | None:
        """Return a waiting fault of one of these kinds, which strikes now."""
        for planned in self._waiting:
            if planned.fault in faults:
                return self._taken(planned)
        return None

    def waits_for(self, fault: Fault) -> bool:
        """Say whether a fault of the kind is waiting."""
        return any(planned.fault is fault for planned in self._waiting)

    def end(self) -> None:
        """Nothing strikes any more."""
        self._ahead.clear()
        self._waiting = []

    def _taken(self, planned: Planned) -> Planned:
        self._waiting.remove(planned)
        self.struck[planned.fault] += 1
        return planned


def may_strike(fault: Fault, operation: str) -> bool:
    """Say whether a kind may strike an operation."""
    if fault not in STRIKES:
        return False
    operations = STRIKES[fault]
    return operation in operations if operations is not None else operation not in SINK
