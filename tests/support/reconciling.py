"""Lines and expectations of a made-up account, with defaults."""

from datetime import date

from streams.reconciliation.external.canonical import Line
from streams.reconciliation.external.matching.expectations import Expectation

DAY = date(2026, 3, 2)  # a Monday
ACCOUNT = "DE02120300000000202051"


def line(seq, amount, **said):
    defaults = {
        "source": "bank",
        "account": ACCOUNT,
        "statement_id": "S",
        "seq": seq,
        "booking_date": DAY,
        "value_date": said.get("value_date", DAY),
        "amount": amount,
        "currency": "EUR",
    }
    return Line(**(defaults | said))


def expectation(name, amount, **said):
    defaults = {
        "expectation_id": name,
        "account": ACCOUNT,
        "amount": amount,
        "currency": "EUR",
        "rail": "sct",
        "expected_on": DAY,
    }
    return Expectation(**(defaults | said))


def told(outcome):
    """Matches as (pass, line numbers, expectations)."""
    return [
        (
            each.by,
            [int(name.rsplit("/", 1)[1]) for name in each.line_ids],
            list(each.expectation_ids),
        )
        for each in outcome.matches
    ]
