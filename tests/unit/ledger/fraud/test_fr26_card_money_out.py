"""FR26: how much of the last card top-up is gone, in percent, for an hour."""

import pytest

from tests.support.builders import HOUR, fees, policy
from tests.support.given import accepted, given, opened, pay, topped_up, waited
from tests.unit.ledger.fraud.watched import BLOCKED, saw, watching

FEATURE = "card_money_out"


def after(*steps):
    people = (opened("alice", "bob"), topped_up("alice", 1_000))
    return given(*people, *steps, rig=watching(FEATURE, 90))


@pytest.mark.parametrize(
    ("amount", "value", "verdict"),
    [(899, 89, accepted()), (900, 90, BLOCKED), (1_000, 100, BLOCKED)],
)
def test_value_against_band(amount, value, verdict):
    after().when(pay("alice", "bob", amount)).then(verdict, saw(value))


@pytest.mark.parametrize(("later", "value"), [(HOUR, 95), (HOUR + 1, 0)])
def test_an_hour_later_it_is_over(later, value):
    after(waited(later)).when(pay("alice", "bob", 950)).then(saw(value))


def test_older_money_is_spent_first():
    start = after(waited(2 * HOUR), topped_up("alice", 100))
    start.when(pay("alice", "bob", 1_000)).then(accepted(), saw(0))
    start.when(pay("alice", "bob", 89)).then(accepted(), saw(89))
    start.when(pay("alice", "bob", 1)).then(BLOCKED, saw(90))


def test_a_wallet_without_a_top_up():
    start = after(pay("alice", "bob", 500))
    start.when(pay("bob", "alice", 500)).then(accepted(), saw(0))


def test_the_fee_goes_too():
    rig = watching(FEATURE, 90)
    rig.genesis = (policy(fees=fees(1_000)), rig.genesis[1])
    start = given(opened("alice", "bob"), topped_up("alice", 1_000), rig=rig)
    start.when(pay("alice", "bob", 700)).then(accepted(), saw(87))
