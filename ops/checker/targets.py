"""Targets: where the ledger to be checked lies, and what people were told about it.

Owns: the arguments of `check_everything`.
Never: opens anything.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from schemas.access.cassandra import Place
from schemas.access.kafka import Servers
from schemas.messages.policy import Policy, Ruleset
from schemas.messages.results import Result

LEDGER_ID: Final = "main"
Coordinates = tuple[str, int, int]  # topic, partition, offset


@dataclass(frozen=True, slots=True, kw_only=True)
class Targets:
    """Addresses; a store that is None is not checked, and its checks say so in a note.

    state: partition -> folder of its owner's RocksDB; the owner must have stopped or be at rest.
    ledger_id: as the workers are told it.
    genesis: policy and ruleset before the first ACTIVATE; None = the committed ones.
    holds_may_stay: open holds and reviews are itemised as notes, not as differences.
    settle_s: how long the last stable offset may take to reach the high watermark.
    """

    kafka: Servers
    postgres: str | None = None
    cassandra: Place | None = None
    redis: str | None = None
    state: Mapping[int, Path] | None = None
    ledger_id: str = LEDGER_ID
    genesis: tuple[Policy, Ruleset] | None = None
    holds_may_stay: bool = True
    settle_s: float = 30.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What clients were told, and what the keeper of the run saw; empty where nobody looked.

    delivered: coordinates of every acknowledged input record -> SHA-256 of its value.
    results: results as clients received them, in order.
    poison: coordinates of the bytes that were put on a topic to be refused; None = not counted.
    recoveries_s: seconds from each kill to the first new commit of the orphaned partitions.
    recovery_bound_s: the longest of these that is still good.
    restarts: process -> how often it was started again.
    ended: process -> how often it was killed or stopped on purpose.
    exits: process -> the exit codes of all its ends; a signal's are negative.
    """

    delivered: Mapping[Coordinates, bytes] = field(default_factory=dict)
    results: Sequence[Result] = ()
    poison: Collection[Coordinates] | None = None
    recoveries_s: Sequence[float] = ()
    recovery_bound_s: float = float("inf")
    restarts: Mapping[str, int] = field(default_factory=dict)
    ended: Mapping[str, int] = field(default_factory=dict)
    exits: Mapping[str, Sequence[int]] = field(default_factory=dict)


NOTHING_TOLD: Final = Told()
