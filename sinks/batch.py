"""What crosses between the runner and a sink: where a store stands, and what it is to take next.

Owns: `Position`, `Batch` and the Protocol `Sink`, the only things a new store has to know.
Never: knows Kafka or any store.

The contract of a sink, checked for every store by one conformance suite:
- `write` takes whole sealed groups, in order, and leaves the store at `batch.after`;
- a batch that the store has already taken, alone or in other cuts, changes no row;
- the position is never ahead of the rows: it moves with them or after them;
- `StoreAway` means try the same batch again, `StoreMoved` means ask for the position again.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from ledger.sealing import CHAIN_START
from schemas.messages.decisions import Decision


@dataclass(frozen=True, slots=True)
class Position:
    """Where a store stands in one partition of the log."""

    next_offset: int  # the offset after the last applied seal
    sequence: int  # of the last applied Decision
    chain: bytes  # head of the hash chain after it
    topic_id: str  # of the topic it was read from

    @classmethod
    def start(cls, topic_id: str) -> Position:
        """Return the position of an empty store."""
        return cls(0, 0, CHAIN_START, topic_id)


@dataclass(frozen=True, slots=True)
class Batch:
    """Whole sealed groups of one partition. `before` is None while the store has no position."""

    partition: int
    decisions: Sequence[Decision]
    before: Position | None
    after: Position


class Sink(Protocol):
    """One store. Its methods are called from the thread of the partition they name."""

    def position(self, partition: int) -> Position | None:
        """Return where the store stands, or None when it never heard of the partition."""
        ...

    def write(self, batch: Batch) -> None:
        """Apply the batch and move the position from `before` to `after`."""
        ...

    def close(self) -> None:
        """Let go of every connection."""
        ...
