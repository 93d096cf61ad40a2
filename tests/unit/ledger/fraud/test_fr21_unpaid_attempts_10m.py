"""FR21: attempts of the last 10 minutes that paid nothing."""

import pytest

from schemas.messages.vocabulary import RejectionReason
from tests.support.builders import MINUTE
from tests.support.given import (
    accepted,
    given,
    opened,
    pay,
    place_hold,
    rejected,
    topped_up,
    void,
    waited,
)
from tests.unit.ledger.fraud.watched import BLOCKED, saw, watching

FEATURE = "unpaid_attempts_10m"


def after(*steps, refused=0):
    start = given(opened("alice", "bob"), topped_up("alice", 1_000), rig=watching(FEATURE, 5))
    for _ in range(refused):
        start.when(pay("alice", "bob", 2_000)).then(rejected(RejectionReason.INSUFFICIENT_FUNDS))
    for step in steps:
        step(start.rig)
    return start


@pytest.mark.parametrize(
    ("refused", "verdict"), [(0, accepted()), (4, accepted()), (5, BLOCKED), (6, BLOCKED)]
)
def test_value_against_band(refused, verdict):
    after(refused=refused).when(pay("alice", "bob", 1)).then(verdict, saw(refused))


def test_what_was_paid_does_not_count():
    after(*[pay("alice", "bob", 1)] * 6).when(pay("alice", "bob", 1)).then(accepted(), saw(0))


@pytest.mark.parametrize(("later", "value"), [(10 * MINUTE - 1, 2), (10 * MINUTE, 0)])
def test_edge_of_the_window(later, value):
    after(waited(later), refused=2).when(pay("alice", "bob", 1)).then(saw(value))


def test_a_hold_given_back_whole_paid_nothing():
    start = after(place_hold("alice", "bob", 100, "h"))
    start.when(pay("alice", "bob", 1)).then(saw(0))
    start.when(void("alice", "h")).then(accepted())
    start.when(pay("alice", "bob", 1)).then(saw(1))
