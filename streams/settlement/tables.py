"""The tables of the settlement job.

Owns: one `TableSpec` a table, with its prefix byte, and `Books`, which binds them to an overlay.
Never: reads or writes anything itself.
"""

from __future__ import annotations

from functools import partial
from typing import Final, final

from schemas.codec import decode, encode
from schemas.messages.policy import Policy
from schemas.messages.settlement import OrderedRow, PlanRow, TallyRow
from streams.runtime.tables import Overlay, TableSpec, two_ids, two_ids_of

CutKey = tuple[int, str]  # due, wallet id
ONE: Final = ""  # key of a table of one row


def _cut(key: CutKey) -> bytes:
    return key[0].to_bytes(8, "big") + key[1].encode()


def _cut_of(data: bytes) -> CutKey:
    return int.from_bytes(data[:8], "big"), data[8:].decode()


PLANS: Final = TableSpec("plans", b"a", str.encode, encode, partial(decode, PlanRow), bytes.decode)
TALLIES: Final = TableSpec("tallies", b"b", two_ids, encode, partial(decode, TallyRow), two_ids_of)
ORDERED: Final = TableSpec(
    "ordered", b"c", two_ids, encode, partial(decode, OrderedRow), two_ids_of
)
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
