"""An entry of NACHA with its addenda.

Owns: positions inside records, the direction of transaction codes, kinds of returns.
Never: adds up.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import date
from typing import Final

from streams.reconciliation.external.canonical import Line
from streams.reconciliation.external.errors import Unreadable
from streams.reconciliation.external.readers.fields import raw_hash

RETURN: Final = "99"
CHANGE: Final = "98"
# The bank that originated refuses a return (dishonours it), the other insists (contests that).
DISHONOURED: Final = frozenset({"R61", "R62", "R67", "R68", "R69", "R70"})
# Transaction codes: the last digit from 5 on debits; 1 and 6 are returns and notices.
FIRST_DEBIT: Final = 5
RETURN_DIGITS: Final = "16"
_CODE: Final = re.compile(r"[2345][0-9]")


@dataclass(frozen=True, slots=True)
class Row:
    """A record of 94 characters."""

    line: int
    record: str

    @property
    def kind(self) -> str:
        """Return the record's type."""
        return self.record[0]

    def text(self, start: int, end: int) -> str:
        """Return a field without blanks, by Python's places."""
        return self.record[start:end].strip()

    def number(self, start: int, end: int) -> int:
        """Return a field of digits; blanks are nothing."""
        said = self.record[start:end].strip()
        if re.fullmatch(r"[0-9]*", said) is None:
            raise Unreadable(self.line, f"{said!r} at {start + 1}-{end} is no number")
        return int(said or "0")


@dataclass(slots=True)
class Entry:
    """A record 6 and the addenda after it."""

    row: Row
    addenda: list[Row] = field(default_factory=list)

    @property
    def code(self) -> str:
        """Return the transaction code."""
        code = self.row.text(1, 3)
        if _CODE.fullmatch(code) is None:
            raise Unreadable(self.row.line, f"{code!r} is no transaction code")
        return code

    @property
    def is_debit(self) -> bool:
        """Say in which total the entry is counted."""
        return int(self.code[1]) >= FIRST_DEBIT

    @property
    def amount(self) -> int:
        """Return the unsigned amount in cents."""
        return self.row.number(29, 39)

    def addendum(self, *types: str) -> Row | None:
        """Return the first addenda record of one of the types."""
        return next((each for each in self.addenda if each.text(1, 3) in types), None)


def read_line(
    entry: Entry, head: tuple[str, str, str], seq: int, batch: tuple[date, str, str]
) -> Line:
    """Read an entry; a return or a notice bears the trace number of what it is about."""
    source, account, statement_id = head
    day, batch_id, entry_class = batch
    back = entry.addendum(RETURN, CHANGE)
    reason = back.text(3, 6) if back is not None else ""
    is_return = back is not None and back.text(1, 3) == RETURN
    return Line(
        source=source,
        account=account,
        statement_id=statement_id,
        seq=seq,
        booking_date=day,
        value_date=day,
        amount=_sign(entry, reason) * entry.amount,
        currency="USD",
        rail_ref=back.text(6, 21) if back is not None else entry.row.text(79, 94),
        end_to_end_id=entry.row.text(39, 54),
        batch_id=batch_id,
        counterparty=entry.row.text(54, 76),
        remittance=_remittance(entry, back),
        bank_tx_code="/".join(filter(None, (entry_class, entry.code))),
        reversal=is_return,
        raw_hash=raw_hash("\n".join(each.record for each in (entry.row, *entry.addenda))),
        return_reason=reason,
    )


def _sign(entry: Entry, reason: str) -> int:
    """Say what an entry does to us: a debit of somebody else is money for us."""
    sign = 1 if entry.is_debit else -1
    if entry.code[1] in RETURN_DIGITS:
        sign = -sign
    return -sign if reason in DISHONOURED else sign


def _remittance(entry: Entry, back: Row | None) -> str:
    if back is not None and back.text(1, 3) == CHANGE:
        return back.text(35, 64)
    if back is not None:
        return back.text(35, 79)
    return " ".join(filter(None, (each.text(3, 83) for each in entry.addenda)))
