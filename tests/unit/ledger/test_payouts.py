"""What a merchant may be paid leaves by a rail, is called off, or comes back."""

import pytest

from ledger.decisions.transactions import moved
from schemas.messages.commands import (
    CancelPayout,
    ChangeTier,
    ChangeWalletStatus,
    FreezePayout,
    ReturnPayout,
    SetMerchantTerms,
    SubmitPayout,
    Transfer,
)
from schemas.messages.policy import FeeRule
from schemas.messages.vocabulary import (
    Authority,
    FeeBack,
    FeeFlow,
    Outcome,
    RejectionReason,
    StatusAction,
    Tier,
    TransactionKind,
    TransactionState,
)
from tests.support.builders import DAY
from tests.support.looking import system_balance
from tests.unit.ledger.merchants import PAYER, Market

FREEZE = FreezePayout("EUR")
SUBMIT = SubmitPayout("out", "sct", "ref")
CANCEL = CancelPayout("out")
RETURN = ReturnPayout("out", "AC04")
ORDERS = {"submit": SUBMIT, "cancel": CANCEL, "return": RETURN}


def payable(*orders, fee=25, amount=10_000):
    """A merchant with so much to be paid out, and what it did since."""
    market = Market(fees=(FeeRule(FeeFlow.PAYOUT, 0, fee),))
    market.order(SetMerchantTerms(0, 0, 0, 60, FeeBack.NONE))
    market.pay(amount)
    market.mature()
    for order in orders:
        decision = market.order(order, "out" if order is FREEZE else None)
        assert decision.outcome is Outcome.ACCEPTED, (decision.reason, decision.detail)
    return market


def refused(decision, reason, detail):
    assert (decision.outcome, decision.reason, decision.detail) == (
        Outcome.REJECTED,
        reason,
        detail,
    )


def settled(market):
    """Its rail's line was matched."""
    key = (market.merchant, "out")
    steps = (TransactionState.COMPLETED, TransactionState.SETTLED)
    *_, last = moved(key, market.thing("out"), *steps)
    market.rig.view.transactions.put(key, last.row)


def test_all_that_is_payable_is_frozen():
    market = payable(FREEZE)
    row = market.thing("out")
    assert (row.kind, row.state, row.amount) == (
        TransactionKind.MERCHANT_PAYOUT,
        TransactionState.PENDING,
        10_000,
    )
    assert market.has("M.PAY", "M.OUT") == (0, 10_000)
    refused(market.order(FREEZE), RejectionReason.INSUFFICIENT_FUNDS, "EUR")
    market.check()


def test_the_fee_comes_out_of_a_payout():
    market = payable(FREEZE, SUBMIT)
    row = market.thing("out")
    assert (row.state, row.fee, row.rail, row.reference) == (
        TransactionState.PROCESSING,
        25,
        "sct",
        "ref",
    )
    assert market.has("M.PAY", "M.OUT") == (0, 0)
    assert system_balance(market.rig.view, "RAIL.PAY", "sct") == -9_975
    assert system_balance(market.rig.view, "REV.PAYOUT") == -25
    market.check()


def test_a_payout_is_called_off_before_it_is_handed_over():
    market = payable(FREEZE, CANCEL)
    assert market.thing("out").state is TransactionState.CANCELLED
    assert market.has("M.PAY", "M.OUT") == (10_000, 0)
    assert market.order(FREEZE, "again").outcome is Outcome.ACCEPTED
    market.check()


def test_a_payout_that_its_rail_refused_has_failed():
    market = payable(FREEZE, SUBMIT, RETURN)
    row = market.thing("out")
    assert (row.state, row.refunded) == (TransactionState.FAILED, 9_975)
    assert market.has("M.PAY") == (9_975,)
    reasons = [each.reason for each in market.rig.log[-1][0].events[1:]]
    assert reasons == ["AC04"]
    market.check()


def test_a_settled_payout_that_comes_back_is_reversed():
    market = payable(FREEZE, SUBMIT)
    settled(market)
    assert market.order(RETURN).outcome is Outcome.ACCEPTED
    assert market.thing("out").state is TransactionState.REVERSED
    assert market.has("M.PAY") == (9_975,)


def test_what_comes_back_to_a_closed_merchant_is_unclaimed():
    market = payable(FREEZE, SUBMIT)
    close = ChangeWalletStatus(StatusAction.CLOSE, Authority.OPERATOR)
    refused(market.order(close), RejectionReason.INVALID_TRANSITION, "movements")
    settled(market)
    row = market.rig.view.wallets.get(market.merchant)
    values = {name: getattr(row, name) for name in row.__match_args__}
    idle = type(row)(**{**values, "open_movements": 0})
    market.rig.view.wallets.put(market.merchant, idle)
    assert market.order(close).outcome is Outcome.ACCEPTED
    assert market.order(RETURN).outcome is Outcome.ACCEPTED
    assert system_balance(market.rig.view, "UNCLAIMED") == -9_975


@pytest.mark.parametrize(
    ("orders", "order", "state"),
    [
        ((CANCEL,), "submit", "CANCELLED"),
        ((CANCEL,), "cancel", "CANCELLED"),
        ((CANCEL,), "return", "CANCELLED"),
        ((SUBMIT,), "submit", "PROCESSING"),
        ((SUBMIT,), "cancel", "PROCESSING"),
        ((), "return", "PENDING"),
        ((SUBMIT, RETURN), "submit", "FAILED"),
        ((SUBMIT, RETURN), "cancel", "FAILED"),
        ((SUBMIT, RETURN), "return", "FAILED"),
    ],
)
def test_what_the_life_of_a_payout_does_not_know(orders, order, state):
    market = payable(FREEZE, *orders)
    refused(market.order(ORDERS[order]), RejectionReason.INVALID_TRANSITION, state)


@pytest.mark.parametrize("order", ORDERS.values())
def test_an_unknown_payout(order):
    refused(payable().order(order), RejectionReason.INVALID_TRANSITION, "transaction_id")


@pytest.mark.parametrize(
    ("order", "reason", "detail"),
    [
        (FreezePayout("XXX"), RejectionReason.UNKNOWN_CURRENCY, "XXX"),
        (FreezePayout("JPY"), RejectionReason.CURRENCY_NOT_HELD, "JPY"),
        (FreezePayout("USD"), RejectionReason.INSUFFICIENT_FUNDS, "USD"),
        (SubmitPayout("-", "sct", "r"), RejectionReason.MALFORMED_FIELD, "transaction_id"),
        (SubmitPayout("out", "-", "r"), RejectionReason.MALFORMED_FIELD, "rail"),
        (SubmitPayout("out", "sct", ""), RejectionReason.MALFORMED_FIELD, "ext_ref"),
        (SubmitPayout("out", "card", "r"), RejectionReason.UNKNOWN_ACCOUNT, "card"),
        (CancelPayout("-"), RejectionReason.MALFORMED_FIELD, "transaction_id"),
        (ReturnPayout("out", ""), RejectionReason.MALFORMED_FIELD, "reason_code"),
    ],
)
def test_what_is_refused(order, reason, detail):
    refused(payable(FREEZE).order(order), reason, detail)


def test_a_reference_of_a_rail_names_one_payout():
    market = payable(FREEZE, SUBMIT)
    market.pay(500, "q")
    market.mature()
    market.order(FREEZE, "two")
    again = SubmitPayout("two", "sct", "ref")
    refused(market.order(again), RejectionReason.DUPLICATE_EXTERNAL_REF, "ext_ref")
    assert market.order(SubmitPayout("two", "ach", "ref")).outcome is Outcome.ACCEPTED


def test_a_payout_must_be_worth_its_fee():
    market = payable(FREEZE, fee=10_000)
    refused(market.order(SUBMIT), RejectionReason.AMOUNT_NOT_POSITIVE, "amount after fee")
    assert market.order(CANCEL).outcome is Outcome.ACCEPTED


def test_a_customer_is_not_paid_out():
    market = payable()
    decision = market.payer_rig.command(PAYER, FREEZE)
    refused(decision, RejectionReason.INVALID_TRANSITION, "kind")


def test_a_frozen_merchant_is_not_paid():
    market = payable(FREEZE)
    market.order(ChangeWalletStatus(StatusAction.FREEZE_DEBIT, Authority.COURT))
    refused(market.order(SUBMIT), RejectionReason.DEBIT_BLOCKED, "")
    assert market.order(CANCEL).outcome is Outcome.ACCEPTED
    refused(market.order(FREEZE), RejectionReason.DEBIT_BLOCKED, "")


def test_a_merchant_who_is_not_known_yet_is_not_paid():
    market = payable()
    market.order(ChangeTier(Tier.UNVERIFIED))
    refused(market.order(FREEZE), RejectionReason.WALLET_NOT_ACTIVE, "PENDING_KYC")


def test_ids_are_not_given_twice():
    market = payable(FREEZE)
    again = market.order(FREEZE, "out")
    assert (again.outcome, again.events) == (Outcome.DUPLICATE, ())
    market.rig.wait(36 * DAY)
    refused(market.order(FREEZE, "out"), RejectionReason.INVALID_TRANSITION, "command_id")


def test_frozen_money_is_not_refunded_from():
    market = payable(FREEZE)
    market.refund(1_000)
    assert (market.has("M.OUT"), market.debt()) == ((10_000,), 1_000)
    market.order(CANCEL)
    market.payer_rig.command(PAYER, Transfer(market.merchant, "EUR", 1))
    market.check()
