"""FR23: how many different cards topped this wallet up in the last 7 days."""

import pytest

from schemas.messages.vocabulary import RejectionReason
from tests.support.builders import DAY
from tests.support.given import accepted, given, opened, pay, topped_up, waited
from tests.unit.ledger.fraud.watched import BLOCKED, by_card, saw, watching

FEATURE = "instruments_7d"
BAND = 5
WINDOW = 7 * DAY


def after(*steps):
    people = (opened("alice", "bob"), topped_up("alice", 1_000))
    return given(*people, *steps, rig=watching(FEATURE, BAND))


@pytest.mark.parametrize(
    ("cards", "verdict"),
    [(0, accepted()), (BAND - 1, accepted()), (BAND, BLOCKED), (8, BLOCKED)],
)
def test_value_against_band(cards, verdict):
    start = after(*[by_card("alice", 9, f"tok{number}") for number in range(cards)])
    start.when(pay("alice", "bob", 1)).then(verdict, saw(cards))


def test_the_same_card_again_is_one_and_one_without_a_token_is_none():
    steps = (by_card("alice", 9, "tok1"), by_card("alice", 9, "tok1"), by_card("alice", 9, ""))
    after(*steps).when(pay("alice", "bob", 1)).then(saw(1))


@pytest.mark.parametrize(("later", "value"), [(WINDOW - 1, 2), (WINDOW, 1)])
def test_then_it_is_forgotten(later, value):
    start = after(by_card("alice", 9, "tok1"), waited(later), by_card("alice", 9, "tok2"))
    start.when(pay("alice", "bob", 1)).then(saw(value))


def test_no_more_than_eight_are_remembered():
    start = after(*[by_card("alice", 9, f"tok{number}") for number in range(12)])
    start.when(pay("alice", "bob", 1)).then(BLOCKED, saw(8))
    tokens = [each.instrument for each in start.rig.view.inflows.get("alice").instruments]
    assert tokens == [f"tok{number}" for number in range(4, 12)]


def test_a_refused_top_up_brought_nothing():
    start = after(by_card("alice", 9, "tok1"))
    refused = start.when(by_card("alice", 0, "tok2")).then()
    assert refused.reason is RejectionReason.AMOUNT_NOT_POSITIVE
    start.when(pay("alice", "bob", 1)).then(saw(1))
