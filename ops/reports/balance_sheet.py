"""Balance sheet and P&L: what is owned and owed at the end, and what was earned on the way.

Owns: both reports. Proofs: assets = liabilities + equity, where equity holds the result; and the
result of a period = the change of everything else.
Never: adds currencies together: each is a sheet of its own, balanced by the position FX.POS.

Clearing accounts (money between partitions, currency positions, points) stand among assets or
liabilities, by the side on which they are.
"""

from __future__ import annotations

from ledger.chart import CHART, Nature
from ops.reports.books import Books, Line, currencies_of
from ops.reports.paper import Amount, Column, Kind, Proof, Row, Section, equal, or_nothing

Sums = dict[tuple[str, str], Line]
COLUMNS = (
    Column("account"),
    Column("what"),
    Column("currency"),
    Column("at the beginning", Kind.MONEY),
    Column("at the end", Kind.MONEY),
)
EARNED = (
    Column("account"),
    Column("what"),
    Column("currency"),
    Column("in the period", Kind.MONEY),
    Column("since the first record", Kind.MONEY),
)
RESULT = (Nature.REVENUE, Nature.EXPENSE)


def balance_sheet(books: Books) -> tuple[tuple[Section, ...], tuple[Proof, ...]]:
    """Return the balance sheet; assets positive, liabilities and equity positive too."""
    sums = books.by_code()
    assets = [key for key, line in sums.items() if _is_asset(key[0], line)]
    others = [Nature.LIABILITY, Nature.CLEARING]
    owed = [key for key in sums if key not in set(assets) and _nature(key[0]) in others]
    equity = [key for key in sums if _nature(key[0]) is Nature.EQUITY]
    currencies = currencies_of(sums)
    result = [_result(sums, each) for each in currencies]
    sections = (
        Section("Assets", COLUMNS, _rows(sums, assets, 1), _totals(sums, assets, 1)),
        Section("Liabilities", COLUMNS, _rows(sums, owed, -1), _totals(sums, owed, -1)),
        Section("Equity", COLUMNS, (*_rows(sums, equity, -1), *result)),
    )
    proofs = [_balanced(sums, (assets, owed, equity), each) for each in currencies]
    return sections, or_nothing(proofs)


def profit_and_loss(books: Books) -> tuple[tuple[Section, ...], tuple[Proof, ...]]:
    """Return revenues and expenses of the period, and the result."""
    sums = books.by_code()
    sections: list[Section] = []
    for title, nature, sign in (("Revenue", RESULT[0], -1), ("Expenses", RESULT[1], 1)):
        keys = [key for key in sums if _nature(key[0]) is nature]
        rows = tuple(
            (*_name(key), *_money((sign * sums[key].moved, sign * sums[key].closing), key[1]))
            for key in keys
        )
        sections.append(Section(title, EARNED, rows))
    results: list[Row] = []
    proofs: list[Proof] = []
    for currency in currencies_of(sums):
        moved, closing = _earned(sums, currency)
        results.append(
            ("", "result: revenue less expenses", currency, *_money((moved, closing), currency))
        )
        rest = sum(
            line.moved
            for (code, unit), line in sums.items()
            if unit == currency and _nature(code) not in RESULT
        )
        what = "result = change of assets less liabilities and equity"
        proofs.append(equal(what, moved, rest, currency))
    sections.append(Section("Result", EARNED, tuple(results)))
    return tuple(sections), or_nothing(proofs)


def _nature(code: str) -> Nature:
    return CHART[code].nature


def _is_asset(code: str, line: Line) -> bool:
    if _nature(code) is Nature.CLEARING:
        return line.closing > 0
    return _nature(code) is Nature.ASSET


def _earned(sums: Sums, currency: str) -> tuple[int, int]:
    """Return the result of the period and of all time."""
    lines = [
        line for (code, unit), line in sums.items() if unit == currency and _nature(code) in RESULT
    ]
    return -sum(each.moved for each in lines), -sum(each.closing for each in lines)


def _result(sums: Sums, currency: str) -> Row:
    moved, closing = _earned(sums, currency)
    return (
        "",
        "result not yet taken over",
        currency,
        *_money((closing - moved, closing), currency),
    )


def _balanced(sums: Sums, parts: tuple[list[tuple[str, str]], ...], currency: str) -> Proof:
    assets, owed, equity = (
        sum(sums[key].closing for key in keys if key[1] == currency) for keys in parts
    )
    right = -owed - equity + _earned(sums, currency)[1]
    return equal("assets = liabilities + equity", assets, right, currency)


def _rows(sums: Sums, keys: list[tuple[str, str]], sign: int) -> tuple[Row, ...]:
    return tuple(
        (*_name(key), *_money((sign * sums[key].opening, sign * sums[key].closing), key[1]))
        for key in keys
        if sums[key].opening or sums[key].closing
    )


def _totals(sums: Sums, keys: list[tuple[str, str]], sign: int) -> tuple[Row, ...]:
    rows: list[Row] = []
    for currency in sorted({key[1] for key in keys}):
        lines = [sums[key] for key in keys if key[1] == currency]
        figures = (
            sign * sum(each.opening for each in lines),
            sign * sum(each.closing for each in lines),
        )
        rows.append(("", "total", currency, *_money(figures, currency)))
    return tuple(rows)


def _name(key: tuple[str, str]) -> tuple[str, str, str]:
    return key[0], CHART[key[0]].purpose, key[1]


def _money(figures: tuple[int, int], currency: str) -> tuple[Amount, Amount]:
    return Amount(figures[0], currency), Amount(figures[1], currency)
