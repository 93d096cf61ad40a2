"""Tally: what a bucket of the journal comes to, whether its rows come from the log or from a store.

Owns: buckets and blocks of sequences, and the digest: per sequence the SHA-256 of its rows of all
tables, added up modulo 2^256. So the order in which rows are read does not matter, and sums of
parts can be added.
Never: I/O; knows where rows came from.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from hashlib import sha256
from typing import Final, final

from ledger.facts import (
    HOLD_EVENTS,
    EntryFact,
    OutcomeFact,
    PostingFact,
    TransactionStepFact,
    entries_of,
    hold_of,
    moved_by,
    outcome_of,
    postings_of,
    transaction_steps_of,
)
from schemas.messages.decisions import Decision
from schemas.messages.events import HoldPlaced
from schemas.messages.recon import ClassSum, JournalSum

BUCKET: Final = 10_000  # sequences: what is attested, and repaired, at once
BLOCK: Final = 100  # sequences: how closely a difference is placed
BLOCKS: Final = BUCKET // BLOCK
MODULUS: Final = 2**256
DIGEST_BYTES: Final = 32
NOTHING: Final = JournalSum(0, 0, 0, 0, 0, (), ())

# partition, sequence, step, wallet, hold, authorized, captured, released
HoldStepFact = tuple[int, int, int, str, str, int, int, int]
_text_of: Final = json.JSONEncoder(separators=(",", ":")).encode


@final
class Rows:
    """The canonical rows of one sequence, in the tables to which rows are only ever added."""

    __slots__ = ("entries", "hold_steps", "outcomes", "postings", "transaction_steps")

    def __init__(self) -> None:
        self.outcomes: list[OutcomeFact] = []
        self.entries: list[EntryFact] = []
        self.postings: list[PostingFact] = []
        self.hold_steps: list[HoldStepFact] = []
        self.transaction_steps: list[TransactionStepFact] = []

    def digest(self) -> int:
        """Return the number that stands for exactly these rows."""
        tables = (
            sorted(self.outcomes),
            sorted(self.entries),
            sorted(self.postings),
            sorted(self.hold_steps),
            sorted(self.transaction_steps),
        )
        return int.from_bytes(sha256(_text_of(tables).encode()).digest(), "big")


@final
class Tally:
    """Adds up the sequences of one bucket."""

    def __init__(self, bucket: int, begun: JournalSum = NOTHING) -> None:
        self.bucket: Final = bucket
        self._counts = _counts(begun)
        self._sums = {(each.account, each.currency): each.minor for each in begun.sums}
        self._blocks: dict[int, int] = {}

    def resume(self, block: int, digest: bytes) -> None:
        """Go on with a block that was begun before."""
        self._blocks[block] = int.from_bytes(digest, "big")

    def add(self, sequence: int, rows: Rows) -> None:
        """Add all rows of one sequence; one that lies outside counts to the nearest block."""
        outcomes, entries, postings, hold_steps, transaction_steps = self._counts
        self._counts = (
            outcomes + len(rows.outcomes),
            entries + len(rows.entries),
            postings + len(rows.postings),
            hold_steps + len(rows.hold_steps),
            transaction_steps + len(rows.transaction_steps),
        )
        for posting in rows.postings:
            key = posting[4], posting[6]
            self._sums[key] = self._sums.get(key, 0) + posting[7]
        block = min(max(block_of(sequence), self.bucket * BLOCKS), (self.bucket + 1) * BLOCKS - 1)
        self._blocks[block] = (self._blocks.get(block, 0) + rows.digest()) % MODULUS

    @property
    def blocks(self) -> Mapping[int, bytes]:
        """Return the digest of every block that was begun, by its number."""
        return {number: _bytes(total) for number, total in self._blocks.items()}

    def result(self, before: Sequence[bytes] = ()) -> JournalSum:
        """Return what was added; `before` are digests of the bucket's blocks from its first on."""
        blocks = list(before)
        for number, digest in sorted(self.blocks.items()):
            at = number - self.bucket * BLOCKS
            blocks += [_bytes(0)] * (at + 1 - len(blocks))
            blocks[at] = digest
        return JournalSum(*self._counts, self._sorted(), tuple(blocks))

    def head(self, block: int) -> JournalSum:
        """Return what was added so far, with the digest of one block only."""
        digest = _bytes(self._blocks.get(block, 0))
        return JournalSum(*self._counts, self._sorted(), (digest,))

    def _sorted(self) -> tuple[ClassSum, ...]:
        return tuple(
            [ClassSum(*key, minor) for key, minor in sorted(self._sums.items()) if minor != 0]
        )


def rows_of(decision: Decision) -> Rows:
    """Return the rows that a Decision leaves in the journal."""
    rows = Rows()
    rows.outcomes.append(outcome_of(decision))
    rows.entries = entries_of(decision)
    rows.postings = postings_of(decision)
    rows.hold_steps = _hold_steps_of(decision)
    rows.transaction_steps = transaction_steps_of(decision)
    return rows


def bucket_of(sequence: int) -> int:
    """Return the bucket of a sequence; sequences begin at 1."""
    return (sequence - 1) // BUCKET


def block_of(sequence: int) -> int:
    """Return the block of a sequence; blocks are numbered through all buckets."""
    return (sequence - 1) // BLOCK


def sequences_of(bucket: int) -> tuple[int, int]:
    """Return the first and the last sequence of a bucket."""
    return bucket * BUCKET + 1, (bucket + 1) * BUCKET


def row_digest(row: tuple[object, ...]) -> int:
    """Return the number that stands for one row of any kind."""
    return int.from_bytes(sha256(_text_of(row).encode()).digest(), "big")


def digest_of(journal: JournalSum) -> bytes:
    """Return the digest of all blocks together."""
    return digest_of_all([int.from_bytes(each, "big") for each in journal.blocks])


def digest_of_all(digests: Iterable[int]) -> bytes:
    """Return the digest of some sequences together, each given by the number of its rows."""
    return _bytes(sum(digests) % MODULUS)


def _hold_steps_of(decision: Decision) -> list[HoldStepFact]:
    found: list[HoldStepFact] = []
    for step, event in enumerate(decision.events):
        if not isinstance(event, HOLD_EVENTS) or isinstance(event, HoldPlaced):
            continue
        key, moved = hold_of(event), moved_by(event)
        if key is not None and moved is not None:
            found.append((decision.partition, decision.sequence, step, *key, *moved))
    return found


def _counts(journal: JournalSum) -> tuple[int, int, int, int, int]:
    return (
        journal.outcomes,
        journal.entries,
        journal.postings,
        journal.hold_steps,
        journal.transaction_steps,
    )


def _bytes(total: int) -> bytes:
    return total.to_bytes(DIGEST_BYTES, "big")
