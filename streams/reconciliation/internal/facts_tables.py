"""The tables of the facts job.

Owns: one `TableSpec` a table, with its prefix byte, and `Books`, which binds them to an overlay.
Never: reads or writes anything itself.
"""

from __future__ import annotations

from functools import partial
from typing import Final, final

from ledger.view import AccountKey
from schemas.codec import decode, encode
from schemas.messages.decisions import Decision
from schemas.messages.recon import (
    FactsHeadRow,
    HoldsRow,
    NumberRow,
    OpenBreakRow,
    OpenRow,
    OpenTotalRow,
    PairRow,
    WaitingRow,
)
from schemas.messages.rows import AccountRow
from streams.runtime.tables import Overlay, TableSpec, two_ids, two_ids_of

OpenKey = tuple[int, int]  # peer, pair_seq
DueKey = tuple[int, int, int]  # due, peer, pair_seq; number 0 is the pair itself
ONE: Final = ""  # key of a table of one row


@final
class Waiting:
    """A Decision whose seal has not come, with its place and the chain head after it."""

    __slots__ = ("chain", "decision", "offset", "value")

    def __init__(self, offset: int, chain: bytes, value: bytes, decision: Decision) -> None:
        self.offset: Final = offset
        self.chain: Final = chain
        self.value: Final = value
        self.decision: Final = decision


def _waiting(row: Waiting) -> bytes:
    return encode(WaitingRow(row.offset, row.chain, row.value))


def _waiting_of(data: bytes) -> Waiting:
    row = decode(WaitingRow, data)
    return Waiting(row.offset, row.chain, row.value, decode(Decision, row.value))


def _number(number: int) -> bytes:
    return number.to_bytes(8, "big")


def _numbers(key: tuple[int, ...]) -> bytes:
    return b"".join([_number(each) for each in key])


def _number_of(data: bytes) -> int:
    return int.from_bytes(data, "big")


def _open_of(data: bytes) -> OpenKey:
    return _number_of(data[:8]), _number_of(data[8:])


def _due_of(data: bytes) -> DueKey:
    return _number_of(data[:8]), _number_of(data[8:16]), _number_of(data[16:])


def _account(key: AccountKey) -> bytes:
    return "\0".join(key).encode()


def _account_of(data: bytes) -> AccountKey:
    account, owner, currency = data.decode().split("\0")
    return account, owner, currency


HEAD: Final = TableSpec(
    "head", b"a", str.encode, encode, partial(decode, FactsHeadRow), bytes.decode
)
WAITING: Final = TableSpec("waiting", b"b", _number, _waiting, _waiting_of, _number_of)
SUMS: Final = TableSpec("sums", b"c", two_ids, encode, partial(decode, AccountRow), two_ids_of)
ACCOUNTS: Final = TableSpec(
    "accounts", b"d", _account, encode, partial(decode, AccountRow), _account_of
)
PAIRS: Final = TableSpec("pairs", b"e", _number, encode, partial(decode, PairRow), _number_of)
OPEN: Final = TableSpec("open", b"f", _numbers, encode, partial(decode, OpenRow), _open_of)
OPEN_TOTAL: Final = TableSpec(
    "open_total", b"g", str.encode, encode, partial(decode, OpenTotalRow), bytes.decode
)
DUES: Final = TableSpec("dues", b"h", _numbers, bytes, bytes, _due_of)
HOLDS: Final = TableSpec("holds", b"i", str.encode, encode, partial(decode, HoldsRow), bytes.decode)
NUMBERS: Final = TableSpec("numbers", b"j", _number, encode, partial(decode, NumberRow), _number_of)
BREAKS: Final = TableSpec(
    "breaks", b"k", str.encode, encode, partial(decode, OpenBreakRow), bytes.decode
)
TABLES: Final = (
    HEAD,
    WAITING,
    SUMS,
    ACCOUNTS,
    PAIRS,
    OPEN,
    OPEN_TOTAL,
    DUES,
    HOLDS,
    NUMBERS,
    BREAKS,
)


@final
class Books:
    """What the job knows of one ledger partition."""

    def __init__(self, overlay: Overlay) -> None:
        self.head: Final = overlay.table(HEAD)
        self.waiting: Final = overlay.table(WAITING)  # sequence -> a Decision without its seal
        self.sums: Final = overlay.table(SUMS)  # (class, currency)
        self.accounts: Final = overlay.table(ACCOUNTS)  # (class, owner, currency), as stated
        self.pairs: Final = overlay.table(PAIRS)  # peer -> legs both ways
        self.open: Final = overlay.table(OPEN)  # (peer, pair_seq) -> CREDIT without an answer
        self.open_total: Final = overlay.table(OPEN_TOTAL)
        self.dues: Final = overlay.table(DUES)  # in order of time
        self.holds: Final = overlay.table(HOLDS)  # wallet id -> its active holds
        self.numbers: Final = overlay.table(NUMBERS)  # partition of the facts -> last number
        self.breaks: Final = overlay.table(BREAKS)  # what it is about -> the break that is open
