"""FR09: money of 24 hours of a wallet in its first week."""

import pytest

from tests.support.builders import DAY
from tests.support.given import accepted, given, opened, pay, topped_up, waited
from tests.unit.ledger.fraud.watched import BLOCKED, saw, watching

FEATURE = "out_24h_first_week"


def after(*steps, age=DAY):
    people = (opened("alice", "bob"), topped_up("alice", 10_000), waited(age))
    return given(*people, *steps, rig=watching(FEATURE, 1_000))


@pytest.mark.parametrize(("amount", "verdict"), [(399, accepted()), (400, BLOCKED), (401, BLOCKED)])
def test_value_against_band(amount, verdict):
    start = after(pay("alice", "bob", 600))
    start.when(pay("alice", "bob", amount)).then(verdict, saw(600 + amount))


@pytest.mark.parametrize(
    ("age", "value"),
    [(DAY - 1, 0), (DAY, 5_000), (7 * DAY - 1, 5_000), (7 * DAY, 0)],
)
def test_the_age_it_is_about(age, value):
    after(age=age).when(pay("alice", "bob", 5_000)).then(saw(value))


def test_refused_attempts_are_no_money():
    start = after()
    start.when(pay("alice", "bob", 1_000)).then(BLOCKED)
    start.when(pay("alice", "bob", 999)).then(accepted(), saw(999))
