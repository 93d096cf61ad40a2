"""A processor's report: a table with gross, fee and net, by a mapping of its columns.

Owns: rows as lines of one advice per account and currency; gross - fee = net, row by row.
Never: guesses a column.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Final

from streams.reconciliation.external.canonical import Kind, Line, Statement
from streams.reconciliation.external.errors import Unreadable
from streams.reconciliation.external.readers.fields import (
    day_of,
    exponent_of,
    full_year,
    is_absent,
    minor_units,
    raw_hash,
    within,
)
from streams.reconciliation.external.readers.mapping import Mapping
from streams.reconciliation.external.readers.text import decoded

_DAY: Final = re.compile(r"([0-9]{1,4})[-./ ]([0-9]{1,2})[-./ ]([0-9]{1,4})(?:$|[T ,].*)")
_DIGITS: Final = re.compile(r"[0-9]{1,30}")
ID_DIGITS: Final = 16  # of the fingerprint: enough to name a file's statements


@dataclass(frozen=True, slots=True)
class Row:
    """A row of the table and the line on which it ends."""

    line: int
    cells: dict[str, str]

    def cell(self, mapping: Mapping, name: str) -> str:
        """Return a field by its own name; nothing when no column is it."""
        text = self.cells.get(mapping.columns.get(name, ""), "").strip()
        return "" if is_absent(text) else text


def read_processor(data: bytes, mapping: Mapping, fingerprint: str) -> tuple[Statement, ...]:
    """Read the table; a statement for each account and currency, in order of appearance."""
    groups: dict[tuple[str, str], list[Line]] = {}
    for row in _rows(decoded(data, mapping.encoding), mapping):
        if row.cell(mapping, "type") in mapping.skipped_types:
            continue
        key = (
            row.cell(mapping, "account") or mapping.account,
            row.cell(mapping, "currency") or mapping.currency,
        )
        group = groups.setdefault(key, [])
        group.append(_line(row, mapping, key, (_statement_id(fingerprint, key), len(group) + 1)))
    return tuple(
        Statement(
            source=mapping.source,
            account=key[0],
            statement_id=_statement_id(fingerprint, key),
            kind=Kind.ADVICE,
            currency=key[1],
            lines=tuple(lines),
        )
        for key, lines in groups.items()
    )


def _statement_id(fingerprint: str, key: tuple[str, str]) -> str:
    return f"{fingerprint[:ID_DIGITS]}-{key[1]}"


def _rows(text: str, mapping: Mapping) -> Iterator[Row]:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=mapping.delimiter, strict=True)
    header: list[str] | None = None
    try:
        for cells in reader:
            if not any(cell.strip() for cell in cells):
                continue
            if header is None:
                header = [cell.strip() for cell in cells]
                _has_columns(header, mapping, reader.line_num)
            elif len(cells) != len(header):
                raise Unreadable(
                    reader.line_num, f"a row has {len(header)} cells, not {len(cells)}"
                )
            else:
                yield Row(reader.line_num, dict(zip(header, cells, strict=True)))
    except csv.Error as error:
        raise Unreadable(max(1, reader.line_num), f"no CSV: {error}") from None
    if header is None:
        raise Unreadable(1, "the table has no header")


def _has_columns(header: list[str], mapping: Mapping, line: int) -> None:
    for name, column in mapping.columns.items():
        if header.count(column) != 1:
            raise Unreadable(line, f"there is not one column {column!r} for {name}")


def _line(row: Row, mapping: Mapping, key: tuple[str, str], at: tuple[str, int]) -> Line:
    account, currency = key
    statement_id, seq = at
    if not account:
        raise Unreadable(row.line, "a row names no account")
    gross, fee = _amounts(row, mapping, currency)
    booked = _day(row.cell(mapping, "booked"), mapping, row.line)
    value = row.cell(mapping, "value")
    kind = row.cell(mapping, "type")
    return Line(
        source=mapping.source,
        account=account,
        statement_id=statement_id,
        seq=seq,
        booking_date=booked,
        value_date=_day(value, mapping, row.line) if value else booked,
        amount=gross,
        currency=currency,
        rail_ref=row.cell(mapping, "reference"),
        end_to_end_id=row.cell(mapping, "end_to_end"),
        batch_id=row.cell(mapping, "payout"),
        counterparty=row.cell(mapping, "counterparty"),
        remittance=row.cell(mapping, "remittance"),
        bank_tx_code=kind,
        reversal=kind in mapping.reversal_types,
        raw_hash=raw_hash("\x1f".join(f"{k}={v}" for k, v in row.cells.items())),
        fee=fee,
        return_reason=row.cell(mapping, "reason"),
    )


def _amounts(row: Row, mapping: Mapping, currency: str) -> tuple[int, int]:
    """Return gross and what was kept back; a net that is said must be their difference."""
    exponent_of(currency, row.line)
    gross = _signed(row.cell(mapping, "gross"), mapping, currency, row.line)
    if row.cell(mapping, "type") in mapping.negative_types:
        gross = -abs(gross)
    fee_text = row.cell(mapping, "fee")
    fee = _signed(fee_text, mapping, currency, row.line) if fee_text else 0
    fee = fee if mapping.fee_is == "deducted" else -fee
    net_text = row.cell(mapping, "net")
    if net_text:
        net = _signed(net_text, mapping, currency, row.line)
        if gross - fee != net:
            raise Unreadable(
                row.line, f"gross {gross} less fee {fee} is not net {net} (minor units)"
            )
    return gross, fee


def _signed(text: str, mapping: Mapping, currency: str, line: int) -> int:
    """Read a signed amount: -1.00, 1.00-, (1.00); the other mark of the two may group digits."""
    negative = text.startswith("-") or text.endswith("-")
    bare = text.strip("+- ")
    if bare.startswith("(") and bare.endswith(")"):
        negative, bare = True, bare[1:-1]
    if mapping.minor_units:
        if _DIGITS.fullmatch(bare) is None:
            raise Unreadable(line, f"{text[:40]!r} is no whole number of minor units")
        minor = within(int(bare), line)
    else:
        grouping = "," if mapping.decimal == "." else "."
        plain = _ungrouped(bare, grouping)
        minor = minor_units(plain, currency, line, mark=mapping.decimal)
    return -minor if negative else minor


def _ungrouped(text: str, grouping: str) -> str:
    """Take marks between groups of three digits away, and only those."""
    return re.sub(rf"(?<=[0-9]){re.escape(grouping)}(?=[0-9]{{3}}(?![0-9]))", "", text)


def _day(text: str, mapping: Mapping, line: int) -> date:
    found = _DAY.fullmatch(text.strip())
    if found is None:
        raise Unreadable(line, f"{text[:40]!r} is no date")
    parts = dict(
        zip(mapping.date_order, (int(found[1]), int(found[2]), int(found[3])), strict=True)
    )
    return day_of(full_year(parts["Y"]), parts["M"], parts["D"], line)
