"""Schedule: which fault happens to whom and when, all of it from one seed.

Owns: the kinds of faults, how often each is dealt, how long each lasts.
Never: does anything; `strikes.py` does.

Every target has a lane of its own: its faults follow each other, those of other targets fall
between and on top of them. A lane deals its kinds from a shuffled deck, so that none is left out.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from random import Random
from typing import Final

from ops.stack.workers import SINKS

EVERYBODY: Final = "all workers"
BROKER: Final = "kafka"
NETWORK: Final = "network"


class Kind(StrEnum):
    """Everything that can happen."""

    KILL = "worker kill -9"
    PAUSE_SHORT = "worker SIGSTOP 3 s"
    PAUSE_TRANSACTION = "worker SIGSTOP 15 s"
    PAUSE_LONG = "worker SIGSTOP 60 s"
    LEAVE = "worker leaves and joins"
    STATE_DELETED = "state folder deleted"
    STATE_OLD = "old copy of the state restored"
    SST_CUT = "SST truncated"
    DISK_FULL = "disk full"
    BROKER_KILL = "broker kill -9 and restart"
    BROKER_PAUSE = "broker SIGSTOP"
    LATENCY = "network latency"
    RESETS = "connections reset"
    HALF_OPEN = "connections half-open"
    LOST_REPLY = "EndTxn reply lost, connection cut"
    SILENT_REPLY = "EndTxn reply lost, connection open"
    LOST_REQUEST = "EndTxn request lost, connection cut"
    STORE_DOWN = "store killed"
    STORE_OUTAGE = "store away 30 s"
    STORE_SLOW = "store slow"
    SINK_KILL = "sink kill -9"
    OFFSETS_DELETED = "group offsets deleted"


WORKER_DECK: Final = (
    *(6 * (Kind.KILL,)),
    *(Kind.PAUSE_SHORT, Kind.PAUSE_TRANSACTION, Kind.PAUSE_LONG, Kind.LEAVE),
    *(Kind.STATE_DELETED, Kind.STATE_OLD, Kind.SST_CUT, Kind.DISK_FULL),
)
NETWORK_DECK: Final = (
    *(Kind.LATENCY, Kind.RESETS, Kind.HALF_OPEN),
    *(Kind.LOST_REPLY, Kind.SILENT_REPLY, Kind.LOST_REQUEST),
)
STORE_DECK: Final = (Kind.STORE_DOWN, Kind.STORE_OUTAGE, Kind.STORE_SLOW, Kind.SINK_KILL)
# How long a fault lasts; those not named are over at once, or when the target is up again.
SECONDS: Final[Mapping[Kind, float]] = {
    Kind.PAUSE_SHORT: 3.0,
    Kind.PAUSE_TRANSACTION: 15.0,
    Kind.PAUSE_LONG: 60.0,
    Kind.LEAVE: 4.0,
    Kind.STATE_OLD: 5.0,
    Kind.SST_CUT: 5.0,
    Kind.DISK_FULL: 10.0,
    Kind.BROKER_PAUSE: 6.0,
    Kind.LATENCY: 8.0,
    Kind.RESETS: 3.0,
    Kind.HALF_OPEN: 8.0,
    Kind.LOST_REPLY: 5.0,
    Kind.SILENT_REPLY: 14.0,
    Kind.LOST_REQUEST: 5.0,
    Kind.STORE_DOWN: 1.0,
    Kind.STORE_OUTAGE: 30.0,
    Kind.STORE_SLOW: 10.0,
}
SINK_KILLED: Final = "sink killed"
# The faults that let a process wake up after others have taken its place.
ZOMBIES: Final = frozenset({Kind.PAUSE_TRANSACTION, Kind.PAUSE_LONG})


@dataclass(frozen=True, slots=True, order=True)
class Strike:
    """One fault to come: when, to whom, for how long."""

    at_s: float
    target: str
    kind: Kind
    seconds: float = 0.0


@dataclass(frozen=True, slots=True)
class Pace:
    """How a run spends its time: the pauses between faults of a lane, and what it leaves out."""

    worker_gap_s: tuple[float, float]
    broker_gap_s: tuple[float, float]
    network_gap_s: tuple[float, float]
    store_gap_s: tuple[float, float]
    everybody_gap_s: tuple[float, float]
    left_out: frozenset[Kind] = frozenset()


STEADY: Final = Pace((8.0, 26.0), (60.0, 150.0), (10.0, 40.0), (30.0, 90.0), (240.0, 420.0))
# Minutes, not hours: everything once, without the faults that alone would fill the time.
BRIEF: Final = Pace(
    (6.0, 11.0),
    (30.0, 45.0),
    (4.0, 8.0),
    (14.0, 22.0),
    (70.0, 90.0),
    frozenset({Kind.PAUSE_LONG, Kind.STORE_OUTAGE}),
)
BRIEF_S: Final = 240.0


def pace_of(seconds: float) -> Pace:
    """Return the pace of a run this long."""
    return BRIEF if seconds < BRIEF_S else STEADY


def draw(seed: int, seconds: float, workers: Sequence[str], pace: Pace) -> tuple[Strike, ...]:
    """Return every strike of a run, in order of time."""
    strikes: list[Strike] = []
    hands = _deal(Random(f"{seed}/deck"), workers, pace)  # noqa: S311 - repeatable, not secret
    for worker in workers:
        strikes += _lane(seed, seconds, worker, hands[worker], pace.worker_gap_s)
    lanes = {
        BROKER: ((Kind.BROKER_KILL, Kind.BROKER_PAUSE), pace.broker_gap_s),
        NETWORK: (NETWORK_DECK, pace.network_gap_s),
        EVERYBODY: ((Kind.OFFSETS_DELETED,), pace.everybody_gap_s),
        **dict.fromkeys(SINKS, (STORE_DECK, pace.store_gap_s)),
    }
    for target, (kinds, gap_s) in lanes.items():
        deck = tuple(kind for kind in kinds if kind not in pace.left_out)
        strikes += _lane(seed, seconds, target, deck, gap_s)
    return tuple(sorted(strikes))


def _deal(rng: Random, workers: Sequence[str], pace: Pace) -> dict[str, tuple[Kind, ...]]:
    """Deal the workers' deck out: what is rare happens to one of them before it does to another."""
    deck = [kind for kind in WORKER_DECK if kind not in pace.left_out]
    rare = [kind for kind in deck if kind is not Kind.KILL]
    rng.shuffle(rare)
    hands: dict[str, tuple[Kind, ...]] = {}
    for number, worker in enumerate(workers):
        first = [*rare[number :: len(workers)], Kind.KILL]
        rest = list(deck)
        for kind in first:
            rest.remove(kind)
        rng.shuffle(first)
        rng.shuffle(rest)
        hands[worker] = (*first, *rest)
    return hands


def _lane(
    seed: int, seconds: float, target: str, deck: Sequence[Kind], gap_s: tuple[float, float]
) -> list[Strike]:
    """Fill one target's time: the deck as it lies, then shuffled again and again."""
    rng = Random(f"{seed}/{target}")  # noqa: S311 - as above
    left: list[Kind] = list(deck)
    found: list[Strike] = []
    at_s = rng.uniform(*gap_s) / 2
    while at_s < seconds:
        if not left:
            left = rng.sample(deck, len(deck))
        kind = left.pop(0)
        length_s = SECONDS.get(kind, 0.0)
        if at_s + length_s < seconds:
            found.append(Strike(round(at_s, 1), target, kind, length_s))
        at_s += length_s + rng.uniform(*gap_s)
    return found
