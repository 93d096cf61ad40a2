"""Run: everything that is expected against everything that was taken in, until a day.

Owns: which lines are matched and which are witnesses; one run of all passes with its standing.
Never: opens or ends anything (`judged.py`).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from streams.reconciliation.external.canonical import Kind, Line, Statement
from streams.reconciliation.external.expecting import RailBook
from streams.reconciliation.external.matching.expectations import Expectation
from streams.reconciliation.external.matching.match import Outcome, match_all
from streams.reconciliation.external.matching.standing import Standing, standing_of


@dataclass(frozen=True, slots=True)
class Run:
    """What went in, and what all passes made of it."""

    today: date
    book: RailBook
    expectations: tuple[Expectation, ...]
    statements: tuple[Statement, ...]
    booked: tuple[Line, ...]
    outcome: Outcome
    standing: Standing


def run_of(
    expectations: Iterable[Expectation],
    statements: Iterable[Statement],
    book: RailBook,
    today: date,
) -> Run:
    """Match booked lines of the accounts; advices are witnesses, interim lines come again."""
    wanted, taken_in = tuple(expectations), tuple(statements)
    accounts = {each.account for each in book.rails.values()}
    booked = tuple(
        line
        for each in taken_in
        if each.kind is Kind.STATEMENT and each.account in accounts
        for line in each.lines
    )
    reports = [line for each in taken_in if each.kind is Kind.ADVICE for line in each.lines]
    outcome = match_all(booked, wanted, book.rules(), reports)
    standing = standing_of(outcome, booked, today, book.rules())
    return Run(today, book, wanted, taken_in, booked, outcome, standing)
