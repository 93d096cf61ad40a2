"""A single incoming amount against the tier's ceiling, in base currency."""

import pytest

from schemas.messages.vocabulary import RejectionReason, Tier
from tests.support.builders import Rig, fees, policy
from tests.support.given import (
    accepted,
    given,
    opened,
    pay,
    rejected,
    set_tier,
    topped_up,
)

REFUSED = rejected(RejectionReason.LIMIT_PER_TX, "per_tx_in", attempted=False)
REFUSED_THERE = rejected(RejectionReason.RECIPIENT_REFUSED, "LIMIT_PER_TX", attempted=True)


def rig(**changed):
    return Rig(policy_=policy(limits={"per_tx_in": 100}, **changed))


@pytest.mark.parametrize(
    ("amount", "verdict"), [(99, accepted()), (100, accepted()), (101, REFUSED)]
)
def test_amount_against_ceiling(amount, verdict):
    given(opened("alice"), rig=rig()).when(topped_up("alice", amount)).then(verdict)


def test_the_basis_is_what_was_paid_fee_included():
    start = given(opened("alice"), rig=rig(fees=fees(1_000)))
    start.when(topped_up("alice", 101)).then(REFUSED)


@pytest.mark.parametrize(
    ("amount", "verdict"), [(99, accepted()), (100, accepted()), (101, REFUSED_THERE)]
)
def test_the_recipient_of_a_transfer_has_it_too(amount, verdict):
    start = given(
        opened("alice", "bob"),
        set_tier("alice", Tier.PREMIUM),
        topped_up("alice", 1_000),
        rig=rig(),
    )
    start.when(pay("alice", "bob", amount)).then(verdict)
