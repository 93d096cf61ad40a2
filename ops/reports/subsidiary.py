"""Subsidiary ledgers: each account of the chart owner by owner.

Owns: that report, of one code or of every code that has owners. Its proof: the owners together are
the control account of the trial balance.
Never: lists owners without balance and movement; how many there are is in no proof.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from itertools import groupby

from ledger.chart import CHART, Owner
from ops.reports.books import Books, Line
from ops.reports.errors import ReportError
from ops.reports.paper import Amount, Column, Kind, Proof, Row, Section, equal, or_nothing

COLUMNS = (
    Column("owner"),
    Column("currency"),
    Column("opening", Kind.MONEY),
    Column("debits", Kind.MONEY),
    Column("credits", Kind.MONEY),
    Column("closing", Kind.MONEY),
)


def subsidiary(code: str) -> Callable[[Books], tuple[tuple[Section, ...], tuple[Proof, ...]]]:
    """Return the report of a code; empty for all of them. Raises `ReportError`."""
    if code and code not in CHART:
        raise ReportError(f"--account: {code!r} is no account of the chart")

    def made(books: Books) -> tuple[tuple[Section, ...], tuple[Proof, ...]]:
        owned = _owned(books, code)
        control = books.by_code()
        sections: list[Section] = []
        proofs: list[Proof] = []
        for account, keys in groupby(sorted(owned), lambda key: key[0]):
            lines = [(key, owned[key]) for key in keys]
            sums: defaultdict[str, Line] = defaultdict(Line)
            for (_, _, currency), line in lines:
                sums[currency].merge(line)
            rows = tuple(_row(owner, unit, line) for (_, owner, unit), line in lines if _any(line))
            totals = tuple(_row("all owners", unit, line) for unit, line in sorted(sums.items()))
            sections.append(Section(f"{account}: {CHART[account].purpose}", COLUMNS, rows, totals))
            for unit, line in sorted(sums.items()):
                what = f"{account}: all owners = control account"
                proofs.append(equal(what, line.closing, control[account, unit].closing, unit))
        return tuple(sections), or_nothing(proofs)

    return made


def _owned(books: Books, code: str) -> dict[tuple[str, str, str], Line]:
    """Return (code, owner, currency) over all partitions: an outside owner lies in several."""
    found: defaultdict[tuple[str, str, str], Line] = defaultdict(Line)
    for each in books.accounts():
        wanted = each.code == code if code else CHART[each.code].owner is not Owner.NOBODY
        if wanted:
            found[each.code, each.owner, each.currency].merge(each.line)
    return dict(found)


def _any(line: Line) -> bool:
    return bool(line.opening or line.debit or line.credit)


def _row(owner: str, currency: str, line: Line) -> Row:
    figures = (line.opening, line.debit, line.credit, line.closing)
    return (owner, currency, *(Amount(each, currency) for each in figures))
