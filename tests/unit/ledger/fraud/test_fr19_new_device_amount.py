"""FR19: what is paid from a device that this wallet has used for less than 24 hours."""

import pytest

from schemas.messages.vocabulary import Authentication
from tests.support.builders import DAY
from tests.support.given import accepted, given, opened, pay, topped_up, waited
from tests.unit.ledger.fraud.watched import BLOCKED, pays, saw, watching

FEATURE = "new_device_amount"
STRONG = Authentication.STRONG


def after(*steps):
    people = (opened("alice", "bob"), topped_up("alice", 10_000))
    return given(*people, *steps, rig=watching(FEATURE, 100))


@pytest.mark.parametrize(("amount", "verdict"), [(99, accepted()), (100, BLOCKED), (101, BLOCKED)])
def test_value_against_band(amount, verdict):
    start = after(pays("alice", "bob", 1, device_id="phone"))
    new = pays("alice", "bob", amount, device_id="tablet")
    start.when(new).then(verdict, saw(amount))


@pytest.mark.parametrize(("later", "value"), [(DAY - 1, 100), (DAY, 0)])
def test_it_is_new_for_a_day_whoever_vouched_for_it(later, value):
    known = pays("alice", "bob", 1, device_id="phone")
    start = after(known, pays("alice", "bob", 1, device_id="tablet"), waited(later))
    again = pays("alice", "bob", 100, device_id="tablet", authentication=STRONG)
    start.when(again).then(saw(value))


def test_the_first_device_of_a_wallet_is_never_new():
    start = after()
    for _ in range(2):
        start.when(pays("alice", "bob", 500, device_id="phone")).then(accepted(), saw(0))


def test_nor_when_others_came_after_it():
    start = after(*[pays("alice", "bob", 1, device_id=each) for each in ("phone", "tablet")])
    start.when(pays("alice", "bob", 500, device_id="phone")).then(accepted(), saw(0))


def test_a_caller_who_does_not_say_it_gives_no_value():
    after().when(pay("alice", "bob", 1)).then(accepted(), saw(0))
    after(pays("alice", "bob", 1, device_id="p")).when(pay("alice", "bob", 500)).then(saw(None))
