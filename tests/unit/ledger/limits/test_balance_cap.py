"""What a wallet may hold in all, over all its currencies and accounts."""

import pytest

from schemas.messages.vocabulary import RejectionReason, Tier
from tests.support.builders import Rig, fees, policy
from tests.support.given import (
    accepted,
    given,
    opened,
    pay,
    place_hold,
    rejected,
    set_tier,
    topped_up,
)

REFUSED = rejected(RejectionReason.LIMIT_BALANCE_CAP, "balance_cap", attempted=False)
BOTH = ("EUR", "USD")


def holding(amount, *steps, **changed):
    rig = Rig(policy_=policy(limits={"balance_cap": 100}, **changed))
    return given(
        opened("alice", "bob", currencies=BOTH), topped_up("alice", amount), *steps, rig=rig
    )


@pytest.mark.parametrize(("amount", "verdict"), [(39, accepted()), (40, accepted()), (41, REFUSED)])
def test_balance_after_against_ceiling(amount, verdict):
    holding(60).when(topped_up("alice", amount)).then(verdict)


@pytest.mark.parametrize(("amount", "verdict"), [(44, accepted()), (45, REFUSED)])
def test_all_currencies_count_in_base_currency(amount, verdict):
    """0.9 EUR a dollar: 44 cents are 39.6, rounded up 40; 45 are 40.5, rounded up 41."""
    holding(60).when(topped_up("alice", amount, "USD")).then(verdict)


def test_reserved_money_is_still_held():
    holding(60, place_hold("alice", "bob", 60)).when(topped_up("alice", 41)).then(REFUSED)


def test_spent_money_is_not():
    holding(60, pay("alice", "bob", 60)).when(topped_up("alice", 100)).then(accepted())


def test_only_what_arrives_counts_not_the_fee():
    start = holding(100, fees=fees(1_000))
    start.when(topped_up("alice", 11)).then(accepted())
    start.when(topped_up("alice", 1)).then(REFUSED)


def test_a_downgrade_refuses_credits_and_allows_debits():
    start = given(
        opened("alice", "bob", tier=Tier.PREMIUM),
        topped_up("alice", 500),
        set_tier("alice", Tier.BASIC),
        rig=Rig(policy_=policy(limits={"balance_cap": 100})),
    )
    start.when(topped_up("alice", 1)).then(REFUSED)
    start.when(pay("alice", "bob", 450)).then(accepted())


def test_the_recipient_of_a_transfer_has_it_too():
    start = holding(60)
    start.when(pay("alice", "bob", 60)).then(accepted())
    start.when(topped_up("alice", 41)).then(accepted())
    refused = rejected(RejectionReason.RECIPIENT_REFUSED, "LIMIT_BALANCE_CAP", attempted=True)
    start.when(pay("alice", "bob", 41)).then(refused)
