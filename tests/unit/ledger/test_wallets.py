"""Opening, status, tier and top-ups."""

import pytest

from schemas.messages.commands import OpenWallet, TopUp
from schemas.messages.rows import AccountRow
from schemas.messages.vocabulary import (
    RejectionReason,
    StatusAction,
    Tier,
    WalletKind,
    WalletStatus,
)
from tests.support.builders import INT64_MAX, Rig, fees, policy, tier
from tests.support.given import (
    accepted,
    capture,
    command,
    given,
    happened,
    has,
    opened,
    pay,
    place_hold,
    rejected,
    set_status,
    set_tier,
    topped_up,
)
from tests.support.looking import system_balance

FREEZE_DEBIT = set_status("alice", StatusAction.FREEZE_DEBIT)
FREEZE_CREDIT = set_status("alice", StatusAction.FREEZE_CREDIT)
FREEZE_BOTH = set_status("alice", StatusAction.FREEZE_BOTH)
UNFREEZE = set_status("alice", StatusAction.UNFREEZE)
CLOSE = set_status("alice", StatusAction.CLOSE)
INVALID = RejectionReason.INVALID_TRANSITION


def wallet(then):
    return then.rig.view.wallets.get("alice")


def is_now(status, *, debit_blocked=False, credit_blocked=False):
    def check(then):
        row = wallet(then)
        assert row.status is status
        assert (row.debit_blocked, row.credit_blocked) == (debit_blocked, credit_blocked)

    return check


@pytest.mark.parametrize(
    ("tier_", "status"),
    [(Tier.UNVERIFIED, WalletStatus.PENDING_KYC), (Tier.BASIC, WalletStatus.ACTIVE)],
)
def test_opening(tier_, status):
    given().when(opened("alice", tier=tier_)).then(accepted(), is_now(status))


def test_a_wallet_is_opened_once():
    body = OpenWallet(WalletKind.MERCHANT, Tier.BASIC, ("EUR",))
    refused = rejected(RejectionReason.WALLET_EXISTS, "alice")
    given(opened("alice")).when(command("alice", body)).then(refused)


def test_everything_else_needs_a_wallet():
    given().when(topped_up("alice", 1)).then(rejected(RejectionReason.UNKNOWN_WALLET, "alice"))


def test_a_top_up_is_credited_less_its_fee():
    start = given(opened("alice"), rig=Rig(policy_=policy(fees=fees(100))))
    decision = start.when(topped_up("alice", 10_000)).then(
        accepted(), happened("InflowConsumed", "ToppedUp"), has("alice", 9_900)
    )
    view = start.rig.view
    assert system_balance(view, "RAIL.RCV", "card") == 10_000
    assert system_balance(view, "REV.TOPUP") == -100
    assert [entry.flow for entry in decision.entries] == ["F1.1"]


def test_an_external_reference_is_used_once_over_all_wallets():
    start = given(opened("alice", "bob"), topped_up("alice", 10, ext_ref="ref"))
    refused = rejected(RejectionReason.DUPLICATE_EXTERNAL_REF, "ext_ref")
    start.when(topped_up("bob", 20, ext_ref="ref")).then(refused)


def test_a_rail_needs_an_account():
    body = TopUp("EUR", 10, "cash", "ref")
    refused = rejected(RejectionReason.UNKNOWN_ACCOUNT, "cash")
    given(opened("alice")).when(command("alice", body)).then(refused)


def test_a_refused_top_up_does_not_take_its_reference():
    start = given(opened("alice"), FREEZE_CREDIT)
    start.when(topped_up("alice", 10, ext_ref="ref")).then(rejected(RejectionReason.CREDIT_BLOCKED))
    start.when(UNFREEZE).then(accepted())
    start.when(topped_up("alice", 10, ext_ref="ref")).then(accepted())


HUGE = {"per_tx_in": INT64_MAX, "day_in": INT64_MAX, "month_in": INT64_MAX}


def test_balances_stay_inside_64_bits():
    """Yen are cheap in base currency: the wallet's total meets 64 bits before the cap does."""
    limits = {**HUGE, "balance_cap": INT64_MAX}
    rig = Rig(policy_=policy(limits=limits))
    start = given(opened("alice", currencies=("JPY",)), rig=rig)
    start.when(topped_up("alice", 2**62, "JPY")).then(accepted())
    start.when(topped_up("alice", 2**62, "JPY")).then(
        rejected(RejectionReason.AMOUNT_OVERFLOW, "balance")
    )


def test_system_accounts_stay_inside_64_bits():
    rig = Rig()
    given(opened("alice"), rig=rig)
    rig.view.accounts.put(("RAIL.RCV", "card", "EUR"), AccountRow(INT64_MAX - 5))
    decision = rig.command("alice", TopUp("EUR", 6, "card", "ref"))
    assert (decision.reason, decision.detail) == (RejectionReason.AMOUNT_OVERFLOW, "RAIL.RCV")
    assert rig.command("alice", TopUp("EUR", 5, "card", "ref")).reason is None


def test_a_currency_not_held_is_refused():
    start = given(opened("alice"))
    refused = rejected(RejectionReason.CURRENCY_NOT_HELD, "USD")
    start.when(topped_up("alice", 1, "USD")).then(refused)
    start.when(pay("alice", "bob", 1, currency="USD")).then(refused)


@pytest.mark.parametrize(
    ("steps", "debit_blocked", "credit_blocked"),
    [
        ([FREEZE_DEBIT], True, False),
        ([FREEZE_CREDIT], False, True),
        ([FREEZE_BOTH], True, True),
        ([FREEZE_DEBIT, FREEZE_CREDIT], True, True),
        ([FREEZE_DEBIT, FREEZE_DEBIT], True, False),
    ],
)
def test_freezing_adds_up_and_unfreezing_lifts_all(steps, debit_blocked, credit_blocked):
    start = given(opened("alice"), *steps[:-1])
    frozen = is_now(WalletStatus.FROZEN, debit_blocked=debit_blocked, credit_blocked=credit_blocked)
    start.when(steps[-1]).then(accepted(), frozen)
    start.when(UNFREEZE).then(accepted(), is_now(WalletStatus.ACTIVE))


def test_unfreezing_an_unverified_wallet_makes_it_pending_again():
    start = given(opened("alice", tier=Tier.UNVERIFIED), FREEZE_BOTH)
    start.when(UNFREEZE).then(is_now(WalletStatus.PENDING_KYC))


@pytest.mark.parametrize(
    ("steps", "step", "detail"),
    [
        ([], UNFREEZE, "ACTIVE"),
        ([CLOSE], CLOSE, "CLOSED"),
        ([CLOSE], FREEZE_BOTH, "CLOSED"),
        ([FREEZE_DEBIT], CLOSE, "debit_blocked"),
        ([topped_up("alice", 1)], CLOSE, "balance"),
        ([topped_up("alice", 1), place_hold("alice", "bob", 1)], CLOSE, "holds"),
        ([topped_up("alice", 1), pay("alice", "bob-1", 1)], CLOSE, "movements"),
    ],
)
def test_transitions_that_are_not_in_the_table(steps, step, detail):
    given(opened("alice", "bob"), *steps).when(step).then(rejected(INVALID, detail))


def test_a_credit_frozen_wallet_may_be_closed():
    given(opened("alice"), FREEZE_CREDIT).when(CLOSE).then(
        accepted(), is_now(WalletStatus.CLOSED, credit_blocked=True)
    )


@pytest.mark.parametrize(
    "step",
    [topped_up("alice", 1), pay("alice", "bob", 1), set_tier("alice", Tier.PREMIUM)],
)
def test_a_closed_wallet_is_terminal(step):
    refused = rejected(RejectionReason.WALLET_NOT_ACTIVE, "CLOSED")
    given(opened("alice", "bob"), CLOSE).when(step).then(refused)


@pytest.mark.parametrize(
    ("before", "after", "status"),
    [
        (Tier.UNVERIFIED, Tier.BASIC, WalletStatus.ACTIVE),
        (Tier.BASIC, Tier.UNVERIFIED, WalletStatus.PENDING_KYC),
        (Tier.BASIC, Tier.PREMIUM, WalletStatus.ACTIVE),
        (Tier.BASIC, Tier.BASIC, WalletStatus.ACTIVE),
    ],
)
def test_a_tier_sets_ceilings_and_status(before, after, status):
    start = given(opened("alice", tier=before))
    start.when(set_tier("alice", after)).then(accepted(), is_now(status))
    assert start.rig.view.wallets.get("alice").tier is after


def test_a_tier_does_not_lift_a_freeze():
    start = given(opened("alice", tier=Tier.UNVERIFIED), FREEZE_DEBIT)
    frozen = is_now(WalletStatus.FROZEN, debit_blocked=True)
    start.when(set_tier("alice", Tier.BASIC)).then(accepted(), frozen)


@pytest.mark.parametrize(
    ("freeze", "debit", "credit", "captured"),
    [
        (FREEZE_DEBIT, RejectionReason.DEBIT_BLOCKED, None, None),
        (FREEZE_CREDIT, None, RejectionReason.CREDIT_BLOCKED, None),
        (
            FREEZE_BOTH,
            RejectionReason.DEBIT_BLOCKED,
            RejectionReason.CREDIT_BLOCKED,
            RejectionReason.DEBIT_BLOCKED,
        ),
    ],
)
def test_what_a_frozen_wallet_may_do(freeze, debit, credit, captured):
    start = given(
        opened("alice", "bob"), topped_up("alice", 100), place_hold("alice", "bob", 10), freeze
    )
    assert start.when(pay("alice", "bob", 1)).then().reason is debit
    assert start.when(place_hold("alice", "bob", 1, "other")).then().reason is debit
    assert start.when(topped_up("alice", 1)).then().reason is credit
    assert start.when(capture("alice", 10)).then().reason is captured


def test_a_pending_wallet_may_be_paid_but_not_pay():
    start = given(opened("alice", tier=Tier.UNVERIFIED), opened("bob"))
    start.when(topped_up("alice", 10)).then(accepted())
    refused = rejected(RejectionReason.WALLET_NOT_ACTIVE, "PENDING_KYC", attempted=False)
    start.when(pay("alice", "bob", 1)).then(refused)


def test_a_freeze_of_credits_lets_a_pending_wallet_pay_no_more_than_before():
    tiers = (tier(Tier.UNVERIFIED), *policy().tiers[1:])
    rig = Rig(policy_=policy(tiers=tiers))
    start = given(opened("alice", tier=Tier.UNVERIFIED), opened("bob"), rig=rig)
    start.when(topped_up("alice", 10)).then(accepted())
    start.when(FREEZE_CREDIT).then(accepted())
    refused = rejected(RejectionReason.WALLET_NOT_ACTIVE, "PENDING_KYC", attempted=False)
    start.when(pay("alice", "bob", 1)).then(refused)
    start.when(place_hold("alice", "bob", 1)).then(refused)


def test_sums_persist_through_a_change_of_tier():
    tiers = (
        tier(Tier.UNVERIFIED),
        tier(Tier.BASIC, day_in=100),
        tier(Tier.ENHANCED, day_in=150),
        tier(Tier.PREMIUM),
    )
    start = given(
        opened("alice"),
        topped_up("alice", 100),
        set_tier("alice", Tier.ENHANCED),
        rig=Rig(policy_=policy(tiers=tiers)),
    )
    start.when(topped_up("alice", 51)).then(rejected(RejectionReason.LIMIT_WINDOW))
    start.when(topped_up("alice", 50)).then(accepted())
