"""FR15: round amounts among the last 20, in percent."""

import pytest

from schemas.messages.commands import TopUp
from tests.support.given import accepted, given, opened, pay, topped_up
from tests.unit.ledger.fraud.watched import BLOCKED, saw, watching

FEATURE = "round_amounts"
NEVER = 101  # history is made without being blocked
ROUND, ODD = 5_000, 5_001


def after(*amounts):
    people = (opened("alice", "bob", currencies=("EUR", "JPY")), topped_up("alice", 1_000_000))
    steps = [pay("alice", "bob", each) for each in amounts]
    start = given(*people, *steps, rig=watching(FEATURE, NEVER))
    start.rig.genesis = watching(FEATURE, 71).genesis
    return start


@pytest.mark.parametrize(
    ("rounds", "value", "verdict"), [(13, 65, accepted()), (14, 70, accepted()), (15, 75, BLOCKED)]
)
def test_value_against_band(rounds, value, verdict):
    start = after(*[ODD] * (20 - rounds), *[ROUND] * (rounds - 1))
    start.when(pay("alice", "bob", ROUND)).then(verdict, saw(value))


def test_this_one_counts():
    start = after(*[ROUND] * 7, ODD, ODD)
    start.when(pay("alice", "bob", ROUND)).then(BLOCKED, saw(80))
    start.when(pay("alice", "bob", ODD)).then(accepted(), saw(70))


@pytest.mark.parametrize(("before", "value"), [(8, None), (9, 0)])
def test_fewer_than_ten_have_no_value(before, value):
    after(*[ODD] * before).when(pay("alice", "bob", ODD)).then(accepted(), saw(value))


@pytest.mark.parametrize(
    ("amount", "currency", "value"),
    [
        *((4_999, "EUR", 0), (5_000, "EUR", 10), (5_001, "EUR", 0), (10_000, "EUR", 10)),
        *((49, "JPY", 0), (50, "JPY", 10), (75, "JPY", 0), (100, "JPY", 10)),
    ],
)
def test_round_is_a_multiple_of_fifty_units(amount, currency, value):
    start = after(*[ODD] * 9)
    start.rig.command("alice", TopUp("JPY", 1_000, "card", "yen"))
    start.when(pay("alice", "bob", amount, currency=currency)).then(accepted(), saw(value))


def test_only_the_last_twenty_count():
    start = after(*[ROUND] * 5, *[ODD] * 19)
    start.when(pay("alice", "bob", ODD)).then(accepted(), saw(0))
