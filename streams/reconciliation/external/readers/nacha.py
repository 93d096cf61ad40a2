"""NACHA: ACH entries, returns (addenda 99), notifications of change (98), as we originated them.

Owns: records of 94 characters, the totals of batches and of the file.
Never: reads IAT batches, whose entries are laid out in another way: they are refused by name.

Each batch is an advice without balances. Signs are ours, who originated: an entry that credits
somebody takes money from us, one that debits brings it, a return does the opposite.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Final

from streams.reconciliation.external.canonical import Kind, Line, Statement
from streams.reconciliation.external.errors import Unreadable
from streams.reconciliation.external.readers.fields import short_day
from streams.reconciliation.external.readers.nacha_entry import Entry, Row, read_line
from streams.reconciliation.external.readers.text import decoded, numbered

WIDTH: Final = 94
FILLER: Final = "9" * WIDTH
CURRENCY: Final = "USD"
FOREIGN: Final = "IAT"
_DATE: Final = re.compile(r"[0-9]{6}")


@dataclass(slots=True)
class Totals:
    """What control records count: entries with addenda, debits, credits."""

    count: int = 0
    debit: int = 0
    credit: int = 0

    def add(self, other: Totals) -> None:
        """Add a batch to its file."""
        self.count += other.count
        self.debit += other.debit
        self.credit += other.credit


@dataclass(slots=True)
class Batch:
    """A batch that is being read."""

    header: Row
    account: str
    statement_id: str
    batch_id: str
    day: date
    entry_class: str
    totals: Totals = field(default_factory=Totals)
    entries: list[Entry] = field(default_factory=list)


def read_nacha(data: bytes, source: str) -> tuple[Statement, ...]:
    """Read every batch of the file; the totals must agree, or the file was damaged."""
    rows = list(_rows(decoded(data)))
    if not rows or rows[0].kind != "1":
        raise Unreadable(1, "the file does not begin with a record 1")
    statements: list[Statement] = []
    whole = Totals()
    batch: Batch | None = None
    for row in rows[1:]:
        if row.kind == "5" and batch is None:
            batch = _batch(row, rows[0])
        elif row.kind in ("6", "7") and batch is not None:
            _add(batch, row)
        elif row.kind == "8" and batch is not None:
            _close(batch.totals, row, (4, 10), (20, 32))
            whole.add(batch.totals)
            statements.append(_statement(batch, source))
            batch = None
        elif row.kind == "9" and batch is None:
            _close(whole, row, (13, 21), (31, 43))
            return tuple(statements)
        else:
            raise Unreadable(row.line, f"record {row.kind} stands in a wrong place")
    raise Unreadable(rows[-1].line, "the file ends without its record 9")


def _rows(text: str) -> Iterator[Row]:
    """Yield records: a line each, or 94 characters each when there are no line ends."""
    lines = [(number, line) for number, line in numbered(text) if line.strip()]
    if len(lines) == 1 and len(lines[0][1]) > WIDTH:
        whole = lines[0][1]
        lines = [(at // WIDTH + 1, whole[at : at + WIDTH]) for at in range(0, len(whole), WIDTH)]
    for number, line in lines:
        record = line.rstrip().ljust(WIDTH)
        if len(record) > WIDTH:
            raise Unreadable(number, f"a record has {WIDTH} characters, not {len(record)}")
        if record != FILLER:
            yield Row(number, record)


def _batch(row: Row, header: Row) -> Batch:
    entry_class = row.text(50, 53)
    if entry_class == FOREIGN:
        raise Unreadable(row.line, "IAT batches are not read")
    created = header.text(23, 29)
    effective = row.text(69, 75)
    number = row.text(87, 94)
    return Batch(
        header=row,
        account=row.text(40, 50) or header.text(13, 23),
        statement_id=f"{header.text(13, 23)}-{created}{header.text(29, 33)}{header.text(33, 34)}"
        f"/{number}",
        batch_id=f"{row.text(40, 50)}/{row.text(69, 75)}/{number}",
        day=short_day(effective if _DATE.fullmatch(effective) else created, row.line),
        entry_class=entry_class,
    )


def _add(batch: Batch, row: Row) -> None:
    batch.totals.count += 1
    if row.kind == "7":
        if not batch.entries:
            raise Unreadable(row.line, "an addenda record stands before any entry")
        batch.entries[-1].addenda.append(row)
        return
    entry = Entry(row)
    batch.totals.debit += entry.amount if entry.is_debit else 0
    batch.totals.credit += 0 if entry.is_debit else entry.amount
    batch.entries.append(entry)


def _close(totals: Totals, row: Row, counted: tuple[int, int], money: tuple[int, int]) -> None:
    """Compare with a control record: the count, then debits and credits side by side."""
    debit_at, credit_at = money
    wanted = {
        "entries": (row.number(*counted), totals.count),
        "debits": (row.number(debit_at, credit_at), totals.debit),
        "credits": (row.number(credit_at, credit_at + credit_at - debit_at), totals.credit),
    }
    for name, (said, found) in wanted.items():
        if said != found:
            raise Unreadable(row.line, f"the control record says {said} {name}, there are {found}")


def _statement(batch: Batch, source: str) -> Statement:
    lines: list[Line] = [
        read_line(entry, (source, batch.account, batch.statement_id), at, batch_facts(batch))
        for at, entry in enumerate(batch.entries, start=1)
    ]
    return Statement(
        source=source,
        account=batch.account,
        statement_id=batch.statement_id,
        kind=Kind.ADVICE,
        currency=CURRENCY,
        lines=tuple(lines),
    )


def batch_facts(batch: Batch) -> tuple[date, str, str]:
    """Return what the lines of a batch take from it: the day, its id, its entry class."""
    return batch.day, batch.batch_id, batch.entry_class
