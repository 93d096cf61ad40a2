"""FR05: a new payee and an amount above the 95th percentile of the last 20."""

import pytest

from tests.support.given import accepted, given, opened, pay, topped_up
from tests.unit.ledger.fraud.watched import BLOCKED, saw, watching

FEATURE = "amount_over_p95"


def after(*amounts):
    people = (opened("alice", "bob", "carl"), topped_up("alice", 100_000))
    steps = [pay("alice", "bob", each) for each in amounts]
    return given(*people, *steps, rig=watching(FEATURE, 1))


@pytest.mark.parametrize(
    ("amount", "value", "verdict"),
    [(189, 0, accepted()), (190, 0, accepted()), (191, 1, BLOCKED), (201, 1, BLOCKED)],
)
def test_value_against_band(amount, value, verdict):
    """Of 10, 20 ... 200 the nearest rank of 95 % is the nineteenth: 190."""
    start = after(*range(10, 201, 10))
    start.when(pay("alice", "carl", amount)).then(verdict, saw(value))


@pytest.mark.parametrize(("count", "value"), [(19, None), (20, 0)])
def test_fewer_than_twenty_payments_have_no_value(count, value):
    after(*[10] * count).when(pay("alice", "carl", 10)).then(accepted(), saw(value))


def test_a_known_payee_has_nothing_to_do_with_it():
    after(10).when(pay("alice", "bob", 900)).then(accepted(), saw(0))
    after(*[10] * 20).when(pay("alice", "bob", 900)).then(accepted(), saw(0))


def test_only_the_last_twenty_count():
    start = after(900, 900, *[10] * 19)
    start.when(pay("alice", "carl", 11)).then(BLOCKED, saw(1))
    start = after(900, 900, *[10] * 18)
    start.when(pay("alice", "carl", 11)).then(accepted(), saw(0))
