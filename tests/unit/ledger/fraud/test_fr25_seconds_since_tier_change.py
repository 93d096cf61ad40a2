"""FR25: seconds since the tier was changed."""

import pytest

from schemas.messages.vocabulary import Tier
from tests.support.builders import DAY
from tests.support.given import accepted, given, opened, pay, set_tier, topped_up, waited
from tests.unit.ledger.fraud.watched import BLOCKED, saw, watching

FEATURE = "seconds_since_tier_change"


def after(*steps):
    people = (opened("alice", "bob", "carl"), topped_up("alice", 1_000), pay("alice", "bob", 1))
    return given(*people, *steps, rig=watching(FEATURE, 0, 86_400))


@pytest.mark.parametrize(
    ("pause", "value", "verdict"),
    [
        (0, 0, BLOCKED),
        (DAY - 1, 86_399, BLOCKED),
        (DAY, 86_400, accepted()),
        (DAY + 1, 86_400, accepted()),
    ],
)
def test_pause_against_band(pause, value, verdict):
    start = after(set_tier("alice", Tier.ENHANCED), waited(pause))
    start.when(pay("alice", "carl", 1)).then(verdict, saw(value))


def test_a_wallet_whose_tier_never_changed_has_no_value():
    after().when(pay("alice", "carl", 1)).then(accepted(), saw(None))


def test_a_known_payee():
    start = after(set_tier("alice", Tier.ENHANCED))
    start.when(pay("alice", "bob", 1)).then(BLOCKED, saw(0))


def test_the_latest_change_counts():
    start = after(set_tier("alice", Tier.ENHANCED), waited(DAY), set_tier("alice", Tier.BASIC))
    start.when(pay("alice", "carl", 1)).then(BLOCKED, saw(0))
