"""A record of BAI2, and record 16, a transaction.

Owns: fields of a record, funds types, which type codes are credits and which are debits.
Never: reads a decimal point: amounts are whole minor units.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from typing import Final

from streams.reconciliation.external.canonical import Line
from streams.reconciliation.external.errors import Unreadable
from streams.reconciliation.external.readers.fields import raw_hash, short_day, within

_AMOUNT: Final = re.compile(r"([+-]?)([0-9]{1,30})")
_TYPE: Final = re.compile(r"[0-9]{3}")
# (first code, last code) -> what it does to the account.
SIGNS: Final = (
    ((100, 399), 1),
    ((400, 699), -1),
    ((920, 959), 1),
    ((960, 999), -1),
)
NOT_MONETARY: Final = 890
# Codes that take back an earlier entry, by the words of the code list.
REVERSALS: Final = frozenset({"252", "255", "257", "258", "552", "555", "557", "558"})
BEFORE_TEXT: Final = 3  # type, amount, funds type
MAX_DISTRIBUTED: Final = 366


@dataclass(frozen=True, slots=True)
class Record:
    """A record with its continuations."""

    code: str
    line: int
    text: str

    def fields(self, least: int) -> list[str]:
        """Return the fields, at least so many; a slash ends the record."""
        found = [each.strip() for each in self.text.removesuffix("/").split(",")]
        return found + [""] * (least - len(found))

    def text_from(self, at: int) -> str:
        """Return all that stands from a field on: text may have commas of its own."""
        return ",".join(self.text.removesuffix("/").split(",")[at:]).strip(" ,")


def signed_amount(text: str, line: int) -> int:
    """Read whole minor units."""
    found = _AMOUNT.fullmatch(text)
    if found is None:
        raise Unreadable(line, f"{text[:40]!r} is no amount of BAI2")
    return within(int(found[2]) * (-1 if found[1] == "-" else 1), line)


def skip_funds(fields: list[str], at: int, line: int) -> int:
    """Return where the fields go on after a funds type at a place."""
    funds = fields[at] if at < len(fields) else ""
    if funds == "S":
        return at + 4
    if funds == "V":
        return at + 3
    if funds != "D":
        return at + 1
    count = fields[at + 1] if at + 1 < len(fields) else ""
    if re.fullmatch(r"[0-9]{1,3}", count) is None or int(count) > MAX_DISTRIBUTED:
        raise Unreadable(line, f"{count[:20]!r} is no number of distributed amounts")
    return at + 2 + 2 * int(count)


def read_entry(
    record: Record, head: tuple[str, str, str], currency: str, at: tuple[date, int]
) -> tuple[int, Line]:
    """Read a transaction: the amount as it is written, which control totals add, and the line."""
    fields = record.fields(BEFORE_TEXT)
    day, seq = at
    written = signed_amount(fields[1] or "0", record.line)
    text_at = skip_funds(fields, 2, record.line)
    value = short_day(fields[3], record.line) if fields[2] == "V" and _has(fields, 3) else day
    rest = [*fields[text_at:], "", ""]
    source, account, statement_id = head
    return written, Line(
        source=source,
        account=account,
        statement_id=statement_id,
        seq=seq,
        booking_date=day,
        value_date=value,
        amount=written * _sign(fields[0], written, record.line),
        currency=currency,
        rail_ref=rest[0],
        end_to_end_id=rest[1],
        remittance=record.text_from(text_at + 2),
        bank_tx_code=fields[0],
        reversal=fields[0] in REVERSALS,
        raw_hash=raw_hash(record.text),
    )


def _has(fields: list[str], at: int) -> bool:
    return at < len(fields) and bool(fields[at])


def _sign(code: str, written: int, line: int) -> int:
    """Say what a type code does; one without direction may only carry nothing."""
    if _TYPE.fullmatch(code) is None:
        raise Unreadable(line, f"{code[:20]!r} is no type code")
    for (first, last), sign in SIGNS:
        if first <= int(code) <= last:
            return sign
    if written and int(code) != NOT_MONETARY:
        raise Unreadable(line, f"type code {code} is neither credit nor debit")
    return 0
