"""Decisions: the log in whole transactions, for whoever follows everything that happens.

Owns: batches of sealed Decisions, and the position that belongs to each.
Never: hands out half a transaction, or one that its writer decided again (a void one).

The chain of hashes is checked on the way: a record that was changed, dropped or moved raises
`LogDamagedError`, which names its partition and offset.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, NamedTuple, final

from typing_extensions import override

from ingress.sdk.closing import Closing
from ingress.sdk.errors import LogDamagedError
from ingress.sdk.following import Followed, TopicFollower
from ledger.sealing import CHAIN_HEADER, CHAIN_START, LogError, SealReader
from schemas.access.kafka import Servers
from schemas.codec import decode
from schemas.messages.decisions import Decision
from topics.catalog import EVENTS

POLL_S: Final = 0.1


class LogPosition(NamedTuple):
    """Where a reader stands in a partition: keep it with what you wrote, and go on from it."""

    next_offset: int
    sequence: int
    chain: bytes


class SealedBatch(NamedTuple):
    """The Decisions of one transaction, in order, and where the next one begins."""

    partition: int
    decisions: tuple[Decision, ...]
    position: LogPosition


BEGINNING: Final = LogPosition(0, 0, CHAIN_START)


@final
class Batches:
    """Makes batches of records, one partition at a time; no I/O."""

    def __init__(self, positions: Mapping[int, LogPosition]) -> None:
        self._positions: Final = dict(positions)
        self._readers: Final[dict[int, SealReader]] = {}

    def take(self, record: Followed) -> SealedBatch | None:
        """Take the next record; return its batch when it seals one. Raises `LogDamagedError`."""
        number = record.partition
        reader = self._readers.get(number)
        if reader is None:
            at = self._positions.get(number, BEGINNING)
            reader = SealReader(number, _decision, at.sequence, at.chain)
            self._readers[number] = reader
        try:
            group = reader.take(record.offset, record.value, record.headers.get(CHAIN_HEADER))
        except LogError as error:
            raise LogDamagedError(str(error)) from error
        if group is None:
            return None
        position = LogPosition(group.next_offset, group.last_sequence, group.chain)
        self._positions[number] = position
        return SealedBatch(number, tuple(group.decisions), position)

    def positions(self) -> dict[int, LogPosition]:
        """Return where each partition stands that has had a batch."""
        return dict(self._positions)


@final
class DecisionReader(Closing):
    """Reads `ledger.events.v1`. For one thread; close it, or use `with`."""

    def __init__(
        self, address: Servers, positions: Mapping[int, LogPosition] | None = None
    ) -> None:
        """Start at `positions`; other partitions start at their beginning."""
        known = positions or {}
        starts = {number: at.next_offset for number, at in known.items()}
        self._follower: Final = TopicFollower(address, EVENTS.name, starts)
        self._batches: Final = Batches(known)

    def poll(self, timeout_s: float = POLL_S) -> list[SealedBatch]:
        """Return the batches that have become whole, waiting at most `timeout_s` for a record."""
        taken = map(self._batches.take, self._follower.poll(timeout_s))
        return [batch for batch in taken if batch is not None]

    def positions(self) -> dict[int, LogPosition]:
        """Return where each partition stands, for a later reader."""
        return self._batches.positions()

    @override
    def close(self) -> None:
        """Stop reading."""
        self._follower.close()


def _decision(value: bytes) -> Decision:
    return decode(Decision, value)
