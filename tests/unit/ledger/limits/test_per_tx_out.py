"""A single outgoing amount against the tier's ceiling, in base currency."""

import pytest

from schemas.messages.vocabulary import RejectionReason
from tests.support.builders import Rig, fees, policy
from tests.support.given import accepted, given, opened, pay, place_hold, rejected, topped_up

REFUSED = rejected(RejectionReason.LIMIT_PER_TX, "per_tx_out", attempted=True)


def rig(**changed):
    return Rig(policy_=policy(limits={"per_tx_out": 100}, **changed))


@pytest.mark.parametrize(
    ("amount", "verdict"), [(99, accepted()), (100, accepted()), (101, REFUSED)]
)
def test_amount_against_ceiling(amount, verdict):
    start = given(opened("alice", "bob"), topped_up("alice", 1_000), rig=rig())
    start.when(pay("alice", "bob", amount)).then(verdict)


@pytest.mark.parametrize(
    ("amount", "verdict"), [(99, accepted()), (100, accepted()), (101, REFUSED)]
)
def test_holds_count_like_transfers(amount, verdict):
    start = given(opened("alice", "bob"), topped_up("alice", 1_000), rig=rig())
    start.when(place_hold("alice", "bob", amount)).then(verdict)


def test_the_fee_is_not_part_of_the_basis():
    start = given(opened("alice", "bob"), topped_up("alice", 1_000), rig=rig(fees=fees(1_000)))
    start.when(pay("alice", "bob", 100)).then(accepted())


@pytest.mark.parametrize(("amount", "verdict"), [(111, accepted()), (112, REFUSED)])
def test_other_currencies_are_counted_in_base_currency_rounded_up(amount, verdict):
    """0.9 EUR a dollar: 111 cents are 99.9, rounded up 100; 112 are 100.8, rounded up 101."""
    both = ("EUR", "USD")
    start = given(
        opened("alice", "bob", currencies=both), topped_up("alice", 1_000, "USD"), rig=rig()
    )
    start.when(pay("alice", "bob", amount, currency="USD")).then(verdict)
