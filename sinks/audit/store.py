"""What an auditor has to know of a store: its buckets, how one is read back, how one is repaired.

Owns: the Protocol, satisfied by each store's own `audited.py`.
Never: knows Kafka.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from schemas.messages.decisions import Decision
from schemas.messages.recon import AttestationBody, RepairBegun, RepairEnded, RepairOrdered
from schemas.messages.vocabulary import Store


@dataclass(frozen=True, slots=True)
class Held:
    """What was read back of one bucket: what to attest of it, and how many rows that took."""

    body: AttestationBody
    rows: int


class Audited(Protocol):
    """One store."""

    @property
    def store(self) -> Store:
        """Return which one."""
        ...

    def sequence(self, partition: int) -> int:
        """Return the last sequence the store took of a partition; 0 for none."""
        ...

    def buckets(self, sequence: int) -> int:
        """Return how many buckets a partition has whose store stands at a sequence."""
        ...

    def tail(self, sequence: int) -> int | None:
        """Return the bucket to which rows are being added, if there is one such."""
        ...

    def read(self, partition: int, bucket: int) -> Held | None:
        """Read a bucket back, all of one moment; None when the store has nothing of the kind."""
        ...

    def range(self, order: RepairOrdered) -> tuple[int, int] | None:
        """Return the sequences that a repair needs from the log; None when the order says all."""
        ...

    def wants(self, order: RepairOrdered, decision: Decision) -> bool:
        """Say whether a repair needs a Decision of these sequences."""
        ...

    def bucket(self, order: RepairOrdered) -> int:
        """Return the bucket that an order is about."""
        ...

    def before(self, partition: int, order: RepairOrdered) -> RepairBegun:
        """Read what a bucket holds that is to be repaired."""
        ...

    def repair(
        self, partition: int, order: RepairOrdered, decisions: Sequence[Decision]
    ) -> RepairEnded:
        """Make a bucket what these Decisions say, or nothing at all."""
        ...

    def close(self) -> None:
        """Let go of every connection."""
        ...


class LogEnd(Protocol):
    """How far the log goes."""

    def end(self, partition: int) -> int:
        """Return the offset after the last record, markers of transactions among them."""
        ...

    def is_empty_from(self, partition: int, offset: int) -> bool:
        """Say whether no record at all lies behind an offset."""
        ...
