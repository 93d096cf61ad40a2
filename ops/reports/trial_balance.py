"""Trial balance: every account of the chart with its balances and what moved between them.

Owns: that report. Its proof: debits = credits, of movements and of closing balances.
Never: leaves an account out because its balance is zero: what moved is shown.
"""

from __future__ import annotations

from ops.reports.books import Books, Line, currencies_of
from ops.reports.paper import Amount, Column, Kind, Proof, Row, Section, equal, or_nothing

COLUMNS = (
    Column("account"),
    Column("currency"),
    Column("opening", Kind.MONEY),
    Column("debits", Kind.MONEY),
    Column("credits", Kind.MONEY),
    Column("closing debit", Kind.MONEY),
    Column("closing credit", Kind.MONEY),
)


def trial_balance(books: Books) -> tuple[tuple[Section, ...], tuple[Proof, ...]]:
    """Return the report."""
    sums = books.by_code()
    rows = tuple(_row(code, currency, line) for (code, currency), line in sums.items())
    totals: list[Row] = []
    proofs: list[Proof] = []
    for currency in currencies_of(sums):
        lines = [line for (_, each), line in sums.items() if each == currency]
        debit, credit = sum(each.debit for each in lines), sum(each.credit for each in lines)
        owed = sum(max(0, each.closing) for each in lines)
        due = sum(max(0, -each.closing) for each in lines)
        opening = sum(each.opening for each in lines)
        money = (Amount(each, currency) for each in (opening, debit, credit, owed, due))
        totals.append(("all accounts", currency, *money))
        proofs.append(equal("debits = credits", debit, credit, currency))
        proofs.append(equal("closing debits = closing credits", owed, due, currency))
    return (Section("Accounts", COLUMNS, rows, tuple(totals)),), or_nothing(proofs)


def _row(code: str, currency: str, line: Line) -> Row:
    closing = line.closing
    return (
        code,
        currency,
        Amount(line.opening, currency),
        Amount(line.debit, currency),
        Amount(line.credit, currency),
        Amount(closing, currency) if closing > 0 else None,
        Amount(-closing, currency) if closing < 0 else None,
    )
