"""FR22: how many wallets one of this wallet's cards topped up."""

import pytest

from tests.support.builders import DAY
from tests.support.given import accepted, pay, waited
from tests.unit.ledger.fraud.told import CARD, after, told
from tests.unit.ledger.fraud.watched import BLOCKED, by_card, saw

FEATURE = "instrument_parties"


@pytest.mark.parametrize(("value", "verdict"), [(2, accepted()), (3, BLOCKED), (32, BLOCKED)])
def test_value_against_band(value, verdict):
    start = after(FEATURE, 3, by_card("alice", 5, "visa"), told(value, "visa", CARD))
    start.when(pay("alice", "bob", 1)).then(verdict, saw(value))


def test_the_card_that_is_shared_most_counts():
    start = after(FEATURE, 9, *[told(each, f"card{each}", CARD) for each in (2, 5, 3)])
    start.when(pay("alice", "bob", 1)).then(saw(5))


def test_a_device_is_no_card():
    after(FEATURE, 3, told(5)).when(pay("alice", "bob", 1)).then(accepted(), saw(0))


@pytest.mark.parametrize(("later", "value"), [(7 * DAY - 1, None), (7 * DAY, 0)])
def test_missing_where_a_card_was_used_and_nobody_told_anything(later, value):
    start = after(FEATURE, 3, by_card("alice", 5, "visa"), waited(later))
    start.when(pay("alice", "bob", 1)).then(accepted(), saw(value))


@pytest.mark.parametrize(("later", "value"), [(DAY - 1, 4), (DAY, None)])
def test_what_is_over_is_missing(later, value):
    card = by_card("alice", 5, "visa")
    start = after(FEATURE, 9, card, told(4, "visa", CARD, lasts=DAY), waited(later))
    start.when(pay("alice", "bob", 1)).then(saw(value))
