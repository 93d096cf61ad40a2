"""Checks of statements: each finds what it is for, and nothing else."""

from dataclasses import replace
from datetime import date

import pytest

from streams.reconciliation.external.canonical import Balance, BankFile, Kind, Statement
from streams.reconciliation.external.checks import (
    ArithmeticBreak,
    BalanceAbsent,
    Before,
    CurrencyBreak,
    DuplicateFile,
    DuplicateStatement,
    OpeningBreak,
    SequenceGap,
    findings_of,
)
from tests.support.bank_files import BAI2, CAMT, MT940, PAGES, read_named
from tests.support.reconciling import line

FIRST = Statement(
    source="bank",
    account="A",
    statement_id="s1",
    kind=Kind.STATEMENT,
    currency="EUR",
    sequence=7,
    opening=Balance("OPBD", 100, "EUR", date(2025, 12, 30)),
    closing=Balance("CLBD", 150, "EUR", date(2025, 12, 30)),
    lines=(line(1, 70), line(2, -20)),
)
SECOND = replace(
    FIRST,
    statement_id="s2",
    sequence=8,
    opening=Balance("OPBD", 150, "EUR", date(2025, 12, 31)),
    closing=Balance("CLBD", 150, "EUR", date(2025, 12, 31)),
    lines=(),
)


def found(*statements, **before):
    return list(findings_of(BankFile("f1", "camt", statements), Before(**before)))


def test_a_whole_file_has_no_findings():
    assert found(FIRST, SECOND) == []
    assert found(SECOND, latest=(FIRST,), fingerprints=["f0"]) == []


def test_the_same_file_is_asked_nothing_else():
    broken = replace(FIRST, lines=())
    assert found(broken, fingerprints={"f1"}) == [DuplicateFile("f1")]


def test_the_same_statement_here_or_before():
    assert found(FIRST, statements={("A", "s1", None)}) == [DuplicateStatement("A", "s1", None)]
    assert DuplicateStatement("A", "s1", None) in found(FIRST, FIRST)
    assert found(replace(FIRST, page=1), statements={("A", "s1", None)}) == []


@pytest.mark.parametrize("off", [1, -1])
def test_arithmetic(off):
    closing = replace(FIRST.closing, amount=150 + off)
    assert found(replace(FIRST, closing=closing)) == [ArithmeticBreak("A", "s1", 150, 150 + off)]


def test_absent_balances_are_named():
    bare = replace(FIRST, opening=None, closing=None)
    assert found(bare) == [BalanceAbsent("A", "s1", "opening"), BalanceAbsent("A", "s1", "closing")]
    assert found(replace(bare, kind=Kind.ADVICE)) == []
    wrong = replace(FIRST, kind=Kind.INTERIM, lines=())
    assert found(wrong) == []  # not binding


def test_what_opens_is_what_closed():
    opened = replace(SECOND, opening=replace(SECOND.opening, amount=149), lines=(line(1, 1),))
    assert found(FIRST, opened) == [OpeningBreak("A", "s2", 150, 149)]
    assert found(replace(opened, account="B"), latest=(FIRST,)) == []
    assert found(replace(FIRST, closing=None), opened) == [BalanceAbsent("A", "s1", "closing")]


@pytest.mark.parametrize(
    ("before", "after", "gap"),
    [
        ({}, {}, None),
        ({}, {"sequence": 9}, ((8, 1), (9, 1))),
        ({}, {"sequence": 7}, ((8, 1), (7, 1))),
        ({}, {"sequence": 1}, ((8, 1), (1, 1))),
        ({}, {"sequence": None}, None),
        ({"last_page": False, "page": 1}, {"sequence": 7, "page": 2}, None),
        ({"last_page": False, "page": 1}, {"sequence": 7, "page": 3}, ((7, 2), (7, 3))),
        ({"last_page": False, "page": 1}, {"sequence": 8, "page": 1}, ((7, 2), (8, 1))),
    ],
)
def test_numbers_follow_each_other(before, after, gap):
    findings = found(replace(FIRST, **before), replace(SECOND, **after))
    assert findings == ([SequenceGap("A", "s2", *gap)] if gap else [])


def test_a_new_year_numbers_from_1():
    january = replace(SECOND.closing, day=date(2026, 1, 2))
    assert found(FIRST, replace(SECOND, sequence=1, closing=january)) == []
    assert found(FIRST, replace(SECOND, sequence=2, closing=january)) != []


def test_foreign_currencies():
    dollars = replace(FIRST, lines=(line(1, 50, currency="USD"),))
    assert found(dollars) == [CurrencyBreak("A", "s1", "EUR", "USD")]
    yen = (Balance("CLAV", 5, "JPY", None),)
    assert found(replace(FIRST, other_balances=yen)) == [CurrencyBreak("A", "s1", "EUR", "JPY")]


def test_the_files_of_the_tests_are_whole_but_for_their_null_balances():
    assert findings_of(read_named(CAMT)) == ()
    assert findings_of(read_named(PAGES)) == ()
    assert [type(each) for each in findings_of(read_named(MT940))] == [BalanceAbsent]
    assert [type(each) for each in findings_of(read_named(BAI2))] == [BalanceAbsent]
    (broken,) = findings_of(read_named(CAMT, ("59.50", "59.51")))
    assert (type(broken), broken.found - broken.expected) == (ArithmeticBreak, 1)
