"""The tables of the settlement job.

Owns: one `TableSpec` a table, with its prefix byte, and `Books`, which binds them to an overlay.
Never: reads or writes anything itself.
"""

from __future__ import annotations

from functools import partial
from typing import Final, final

from ledger.view import WalletKey
from schemas.codec import decode, encode
from schemas.messages.policy import Policy
from schemas.messages.settlement import OrderedRow, PlanRow, TallyRow
from streams.runtime.tables import Overlay, TableSpec

CutKey = tuple[int, str]  # due, wallet id
ONE: Final = ""  # key of a table of one row


def _two(key: WalletKey) -> bytes:
    return f"{key[0]}\0{key[1]}".encode()


def _two_of(data: bytes) -> WalletKey:
    first, second = data.decode().split("\0")
    return first, second


def _cut(key: CutKey) -> bytes:
    return key[0].to_bytes(8, "big") + key[1].encode()


def _cut_of(data: bytes) -> CutKey:
    return int.from_bytes(data[:8], "big"), data[8:].decode()


PLANS: Final = TableSpec("plans", b"a", str.encode, encode, partial(decode, PlanRow), bytes.decode)
TALLIES: Final = TableSpec("tallies", b"b", _two, encode, partial(decode, TallyRow), _two_of)
ORDERED: Final = TableSpec("ordered", b"c", _two, encode, partial(decode, OrderedRow), _two_of)
CUTS: Final = TableSpec("cuts", b"d", _cut, bytes, bytes, _cut_of)
POLICY: Final = TableSpec("policy", b"e", str.encode, encode, partial(decode, Policy), bytes.decode)
TABLES: Final = (PLANS, TALLIES, ORDERED, CUTS, POLICY)


@final
class Books:
    """What the job knows of one partition."""

    def __init__(self, overlay: Overlay) -> None:
        self.plans: Final = overlay.table(PLANS)  # wallet id -> how it is paid out
        self.tallies: Final = overlay.table(TALLIES)  # (wallet id, currency) -> what is payable
        self.ordered: Final = overlay.table(ORDERED)  # (wallet id, payout id) -> under way
        self.cuts: Final = overlay.table(CUTS)  # (due, wallet id), in order of time
        self.policy: Final = overlay.table(POLICY)
