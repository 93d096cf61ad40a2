"""A made-up week outside of the ledger: what is expected, what the bank says, and disturbances.

Owns: a world in which everything agrees, and one function for each way in which it does not.
"""

from dataclasses import replace
from datetime import timedelta

from streams.reconciliation.external.canonical import Balance, Kind, Statement
from streams.reconciliation.external.expecting import Rail, RailBook
from streams.reconciliation.external.judged import judged
from streams.reconciliation.external.matching.expectations import Tolerance
from streams.reconciliation.external.run import run_of
from tests.support.reconciling import ACCOUNT, DAY, expectation, line

PAYOUTS = "payouts"
RAIL = Rail(ACCOUNT, 3, 2, Tolerance(), 1, PAYOUTS, 25, 140)
BOOK = RailBook({"sct": RAIL})
ITEMS = 40


class World:
    """Expectations of one day, the bank's statement of that day, a processor's report."""

    def __init__(self, items=ITEMS):
        self.expected = [
            expectation(f"w-{n}/t", 10_00 + 37 * n, rail_ref=f"REF-{n:06}") for n in range(items)
        ]
        self.lines = [line(n + 1, 10_00 + 37 * n, rail_ref=f"REF-{n:06}") for n in range(items)]
        self.reported = [
            line(n + 1, 50_00, account=PAYOUTS, fee=25 + 70, rail_ref=f"PAY-{n:06}")
            for n in range(items)
        ]
        self.last_day = DAY
        self.today = DAY + timedelta(days=1)
        self.cases = {}

    def statements(self):
        """What was taken in."""
        closing = Balance("CLBD", 0, "EUR", self.last_day)
        booked = _statement(ACCOUNT, Kind.STATEMENT, self.lines)
        return [
            replace(booked, closing=closing),
            _statement(PAYOUTS, Kind.ADVICE, self.reported),
        ]

    def judged(self):
        """A run over it."""
        run = run_of(self.expected, self.statements(), BOOK, self.today)
        return judged(run, self.cases)

    def later(self, days, statement=True):
        """Days later; with a statement that brings nothing."""
        self.today = self.today + timedelta(days=days)
        if statement:
            self.last_day = self.today - timedelta(days=1)


def _statement(account, kind, lines):
    return Statement(
        source="bank",
        account=account,
        statement_id="S",
        kind=kind,
        currency="EUR",
        lines=tuple(lines),
    )
