"""Credit: a wallet's available balance may go below nothing, as far as its limit says."""

import pytest

from ledger.balances import available_of, limits_with, own_of
from ledger.effects import apply
from ledger.errors import InvariantError
from schemas.messages.commands import (
    AdviseChargeback,
    ApproveAdjustment,
    AvailableAtLeast,
    ChangeCreditLimit,
    IncrementHold,
    MoveToPot,
    OpenWallet,
    PayBill,
    ProposeAdjustment,
    SubmitBankTopUp,
    SweepResidual,
    Transfer,
    Withdraw,
)
from schemas.messages.events import EntryPosted
from schemas.messages.journal import Posting
from schemas.messages.rows import CreditLimit
from schemas.messages.vocabulary import (
    AdjustmentDirection,
    Authority,
    RejectionReason,
    StatusAction,
    Tier,
    WalletKind,
)
from tests.support.builders import INT64_MAX, Rig, fees, policy
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
    topped_up,
    void,
)
from tests.support.looking import balance, system_balance

NO_FUNDS = RejectionReason.INSUFFICIENT_FUNDS


def credit(limit, wallet_id="alice", currency="EUR"):
    return command(wallet_id, ChangeCreditLimit(currency, limit))


def on_credit(funds=10, limit=50, rig=None):
    """Alice has 10 EUR and may spend 50 more."""
    return given(opened("alice", "bob"), topped_up("alice", funds), credit(limit), rig=rig)


def test_a_limit_is_an_event_and_counts_in_the_wallet():
    start = given(opened("alice"))
    start.when(credit(50)).then(accepted(), happened("CreditLimitChanged"))
    row = start.rig.view.wallets.get("alice")
    assert (row.credit_limits, row.sequence) == ((CreditLimit("EUR", 50),), 2)


@pytest.mark.parametrize(
    ("body", "reason", "detail"),
    [
        (ChangeCreditLimit("XXX", 5), RejectionReason.UNKNOWN_CURRENCY, "XXX"),
        (ChangeCreditLimit("EUR", -1), RejectionReason.MALFORMED_FIELD, "limit"),
        (ChangeCreditLimit("USD", 5), RejectionReason.CURRENCY_NOT_HELD, "USD"),
    ],
)
def test_what_is_no_limit_of_the_wallet_is_refused(body, reason, detail):
    given(opened("alice")).when(command("alice", body)).then(rejected(reason, detail))


def test_a_closed_wallet_has_none_and_a_frozen_one_may():
    start = given(opened("alice"), set_status("alice", StatusAction.FREEZE_BOTH))
    start.when(credit(5)).then(accepted())
    start.when(set_status("alice", StatusAction.UNFREEZE)).then(accepted())
    start.when(set_status("alice", StatusAction.CLOSE)).then(accepted())
    start.when(credit(5)).then(rejected(RejectionReason.WALLET_NOT_ACTIVE, "CLOSED"))


def test_a_treasury_wallet_has_no_account_to_overdraw():
    opening = command("alice", OpenWallet(WalletKind.TREASURY, Tier.BASIC, ("EUR",)))
    start = given(opening)
    start.when(credit(5)).then(rejected(RejectionReason.UNKNOWN_ACCOUNT, "TREASURY"))


@pytest.mark.parametrize("amount", [10, 11, 59, 60])
def test_what_is_available_is_the_balance_and_the_limit(amount):
    on_credit().when(pay("alice", "bob", amount)).then(
        accepted(), has("alice", 10 - amount), has("bob", amount)
    )


def test_one_more_is_not_there():
    on_credit().when(pay("alice", "bob", 61)).then(rejected(NO_FUNDS, "EUR", attempted=True))


def test_credit_is_of_its_currency():
    start = given(opened("alice", "bob", currencies=("EUR", "USD")), credit(50))
    start.when(pay("alice", "bob", 1, currency="USD")).then(rejected(NO_FUNDS, "USD"))
    start.when(credit(7, currency="USD")).then(accepted())
    start.when(pay("alice", "bob", 7, currency="USD")).then(accepted())
    start.when(pay("alice", "bob", 50)).then(accepted())


@pytest.mark.parametrize(
    ("body", "accounts"),
    [
        (Withdraw("EUR", 60, "ach", "me"), (-50, 0, 60)),
        (PayBill("water", "EUR", 60, "b"), (-50, 0, 0)),
        (Transfer("bob-1", "EUR", 60), (-50, 0, 0)),
    ],
)
def test_every_attempt_to_pay_may_use_it(body, accounts):
    on_credit().when(command("alice", body)).then(lambda then: None, has("alice", *accounts))


def test_a_hold_reserves_on_credit_and_gives_it_back():
    start = on_credit()
    start.when(place_hold("alice", "bob", 40)).then(accepted(), has("alice", -30, 40))
    start.when(command("alice", IncrementHold("hold", 20))).then(accepted(), has("alice", -50, 60))
    start.when(command("alice", IncrementHold("hold", 1))).then(rejected(NO_FUNDS))
    start.when(capture("alice", 25, keep_open=True)).then(accepted(), has("alice", -50, 35))
    start.when(void("alice")).then(accepted(), has("alice", -15))


def test_a_fee_is_paid_on_credit_too():
    rig = Rig(policy_=policy(fees=fees(1_000)))
    start = given(opened("alice", "bob"), credit(50), rig=rig)
    start.when(pay("alice", "bob", 47)).then(rejected(NO_FUNDS))
    start.when(pay("alice", "bob", 46)).then(accepted(), has("alice", -50))


def test_what_comes_in_pays_the_credit_back():
    start = on_credit()
    start.when(pay("alice", "bob", 60)).then(accepted())
    start.when(topped_up("alice", 30)).then(accepted(), has("alice", -20))
    start.when(pay("bob", "alice", 25)).then(accepted(), has("alice", 5))


def test_a_limit_lowered_below_what_is_used_lets_nothing_out_until_enough_came_in():
    start = on_credit()
    start.when(pay("alice", "bob", 40)).then(accepted(), has("alice", -30))
    start.when(credit(20)).then(accepted(), has("alice", -30))
    start.when(pay("alice", "bob", 1)).then(rejected(NO_FUNDS))
    start.when(topped_up("alice", 5)).then(accepted(), has("alice", -25))
    start.when(pay("alice", "bob", 1)).then(rejected(NO_FUNDS))
    start.when(topped_up("alice", 6)).then(accepted(), has("alice", -19))
    start.when(pay("alice", "bob", 1)).then(accepted(), has("alice", -20))


def test_a_limit_of_0_takes_it_away():
    start = on_credit()
    start.when(credit(0)).then(accepted())
    assert start.rig.view.wallets.get("alice").credit_limits == ()
    start.when(pay("alice", "bob", 11)).then(rejected(NO_FUNDS))


def test_a_condition_counts_it():
    start = on_credit()
    body = Transfer("bob", "EUR", 5)
    least = (AvailableAtLeast("EUR", 61),)
    detail = "conditions[0]: available EUR is 60, not 61 or more"
    refused = rejected(RejectionReason.CONDITION_FAILED, detail)
    start.when(command("alice", body, conditions=least)).then(refused)
    start.when(command("alice", body, conditions=(AvailableAtLeast("EUR", 60),))).then(accepted())


@pytest.mark.parametrize("amount", [11, 60])
def test_a_pot_is_filled_from_the_wallets_own_money(amount):
    on_credit().when(command("alice", MoveToPot(1, "EUR", amount))).then(rejected(NO_FUNDS))


def test_an_overdrawn_wallet_has_nothing_to_sweep_and_is_not_closed():
    start = on_credit()
    start.when(pay("alice", "bob", 15)).then(accepted(), has("alice", -5))
    sweep = command("alice", SweepResidual("EUR", Authority.OPERATOR))
    start.when(sweep).then(rejected(NO_FUNDS))
    close = set_status("alice", StatusAction.CLOSE)
    start.when(close).then(rejected(RejectionReason.INVALID_TRANSITION, "balance"))


def test_an_adjustment_takes_no_credit():
    start = on_credit()
    proposed = ProposeAdjustment(
        "EXP.GOODWILL", "EUR", 11, AdjustmentDirection.DEBIT_WALLET, "why", "T", "ann", None
    )
    start.when(command("alice", proposed, "adj")).then()
    approved = command("alice", ApproveAdjustment("adj", "bea"))
    start.when(approved).then(rejected(NO_FUNDS, "W.AVL"))


def test_a_claim_of_a_scheme_takes_what_is_own_and_no_credit():
    start = given(
        opened("alice", "bob"), topped_up("alice", 100, ext_ref="ref"), credit(50),
        pay("alice", "bob", 110),
    )  # fmt: skip
    advice = command("alice", AdviseChargeback("card", "ref", 100))
    start.when(advice).then(accepted(), has("alice", -10))
    assert balance(start.rig.view, "alice", "W.LIEN") == 0
    assert system_balance(start.rig.view, "RCV.CUST", "alice") == 0


OUT = ("per_tx_out", "day_out", "month_out", "rolling_24h_out")
UNLIMITED = dict.fromkeys((*OUT, "per_tx_in", "day_in", "month_in", "balance_cap"), INT64_MAX)


def test_money_bought_on_credit_must_fit_the_wallet():
    rig = Rig(policy_=policy(limits=UNLIMITED))
    start = given(opened("alice", "bob"), credit(INT64_MAX), rig=rig)
    waiting = SubmitBankTopUp("EUR", INT64_MAX - 10, "ach", "ref")
    start.when(command("alice", waiting)).then(has("alice", 0))
    refused = rejected(RejectionReason.AMOUNT_OVERFLOW, "balance", attempted=True)
    start.when(place_hold("alice", "bob", 11)).then(refused)
    start.when(place_hold("alice", "bob", 10, "less")).then(accepted(), has("alice", -10, 10))


def test_what_is_overdrawn_makes_no_room_for_more():
    """Every account alone must fit 64 bits, also when another one is below nothing."""
    rig = Rig(policy_=policy(limits=UNLIMITED))
    start = given(opened("alice", "bob"), credit(1_000), rig=rig)
    start.when(place_hold("alice", "bob", 1_000)).then(accepted(), has("alice", -1_000, 1_000))
    start.when(topped_up("alice", INT64_MAX - 999)).then(rejected(RejectionReason.AMOUNT_OVERFLOW))
    start.when(topped_up("alice", INT64_MAX - 1_000)).then(accepted())


def test_no_event_may_overdraw_a_wallet_further_than_its_limit():
    start = on_credit()
    lines = (Posting("W.AVL", "alice", "EUR", 61), Posting("SUSP", "x", "EUR", -61))
    with pytest.raises(InvariantError, match="would go debit by 51"):
        apply(start.rig.view, (EntryPosted("alice", "x", "F0", lines),), 1, 9)


@pytest.mark.parametrize("account", ["W.RSV", "W.POUT", "W.LIEN", "M.PAY"])
def test_credit_is_for_the_available_balance_alone(account):
    start = on_credit()
    lines = (Posting(account, "alice", "EUR", 1), Posting("SUSP", "x", "EUR", -1))
    with pytest.raises(InvariantError, match="would go debit by 1"):
        apply(start.rig.view, (EntryPosted("alice", "x", "F0", lines),), 1, 9)


def test_limits_of_other_currencies_stay():
    start = given(opened("alice", currencies=("EUR", "USD")), credit(5), credit(7, currency="USD"))
    row = start.rig.view.wallets.get("alice")
    assert limits_with(row, "EUR", 9) == (CreditLimit("USD", 7), CreditLimit("EUR", 9))
    assert limits_with(row, "EUR", 0) == (CreditLimit("USD", 7),)
    assert (available_of(row, "USD"), available_of(row, "JPY"), own_of(row, "USD")) == (7, 0, 0)
    start.when(command("alice", ChangeCreditLimit("EUR", 0))).then(accepted())
