"""The tables of the stores job.

Owns: one `TableSpec` a table, with its prefix byte, and `Books`, which binds them to an overlay.
Never: reads or writes anything itself.
"""

from __future__ import annotations

from functools import partial
from typing import Final, final

from schemas.codec import decode, encode
from schemas.messages.recon import (
    Attestation,
    BucketRow,
    MembersRow,
    MonthRow,
    NumberRow,
    StoreBreakRow,
    UnitRow,
)
from streams.runtime.tables import Overlay, TableSpec

WaitingKey = tuple[int, int]  # the sequence it waits for, a number
ONE: Final = ""  # key of a table of one row
WORD: Final = 8  # bytes of a number


def _number(number: int) -> bytes:
    return number.to_bytes(WORD, "big")


def _number_of(data: bytes) -> int:
    return int.from_bytes(data, "big")


def _numbers(key: tuple[int, ...]) -> bytes:
    return b"".join([_number(each) for each in key])


def _waiting(key: WaitingKey) -> bytes:
    return _number(key[0]) + _number(key[1])


def _waiting_of(data: bytes) -> WaitingKey:
    return _number_of(data[:WORD]), _number_of(data[WORD:])


BUCKETS: Final = TableSpec("buckets", b"a", _number, encode, partial(decode, BucketRow))
BLOCKS: Final[TableSpec[int, bytes]] = TableSpec("blocks", b"b", _number, bytes, bytes)
POINTS: Final = TableSpec("points", b"c", _number, encode, partial(decode, BucketRow), _number_of)
WAITING: Final = TableSpec(
    "waiting", b"d", _waiting, encode, partial(decode, Attestation), _waiting_of
)
HEAD: Final = TableSpec("head", b"e", str.encode, encode, partial(decode, NumberRow))
BREAKS: Final = TableSpec("breaks", b"f", str.encode, encode, partial(decode, StoreBreakRow))
UNITS: Final = TableSpec("units", b"g", str.encode, encode, partial(decode, UnitRow))
MEMBERS: Final = TableSpec("members", b"h", _numbers, encode, partial(decode, MembersRow))
JOINED: Final = TableSpec("joined", b"i", _numbers, encode, partial(decode, NumberRow))
MONTHS: Final = TableSpec("months", b"j", str.encode, encode, partial(decode, MonthRow))
TABLES: Final = (
    *(BUCKETS, BLOCKS, POINTS, WAITING, HEAD, BREAKS),
    *(UNITS, MEMBERS, JOINED, MONTHS),
)


@final
class Books:
    """What the job knows of one ledger partition and its rows in the stores."""

    def __init__(self, overlay: Overlay) -> None:
        self.buckets: Final = overlay.table(BUCKETS)  # bucket -> as far as the log was followed
        self.blocks: Final = overlay.table(BLOCKS)  # block -> its digest
        self.points: Final = overlay.table(POINTS)  # sealed sequence -> its bucket, up to there
        self.waiting: Final = overlay.table(WAITING)  # attestations of what was not followed yet
        self.head: Final = overlay.table(HEAD)  # the last sealed sequence
        self.breaks: Final = overlay.table(BREAKS)  # store and bucket -> its breaks
        self.units: Final = overlay.table(UNITS)  # wallet or system account -> its balances
        self.months: Final = overlay.table(MONTHS)  # month and wallet -> what its rows come to
        self.members: Final = overlay.table(MEMBERS)  # kind, bucket, number -> some of its units
        self.joined: Final = overlay.table(JOINED)  # kind, bucket, 0 -> how many joined it
