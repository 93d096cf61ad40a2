"""Money of a payment goes back: out of which accounts, with which part of the fee, and to whom."""

import pytest

from schemas.messages.commands import (
    ChangeWalletStatus,
    RefundPayment,
    SetMerchantTerms,
    Transfer,
)
from schemas.messages.rows import AccountRow
from schemas.messages.vocabulary import (
    Authority,
    FeeBack,
    Outcome,
    RejectionReason,
    Stage,
    StatusAction,
    TransactionKind,
    TransactionState,
)
from tests.support.builders import DAY, INT64_MAX, NOON
from tests.support.looking import system_balance
from tests.unit.ledger.merchants import DAY_S, PAYER, Market

CLOSE = ChangeWalletStatus(StatusAction.CLOSE, Authority.OPERATOR)


def sold(home=1, *, matured=False, **changed):
    market = Market(home, **changed)
    market.pay()
    if matured:
        market.mature()
    return market


def refused(decision, reason, detail):
    assert (decision.outcome, decision.reason, decision.detail) == (
        Outcome.REJECTED,
        reason,
        detail,
    )


@pytest.mark.parametrize("home", [0, 1])
@pytest.mark.parametrize("matured", [False, True])
def test_a_refund_in_parts_ends_reversed(home, matured):
    market = sold(home, matured=matured)
    stage = Stage.FINAL if home == 0 else Stage.PENDING
    assert market.refund(4_000, command_id="r1").stage is stage
    assert market.payer_has("W.AVL") == (44_000,)
    row = market.payment()
    assert (row.refunded, row.fee_refunded, row.state) == (4_000, 116, TransactionState.COMPLETED)
    market.refund(6_000, command_id="r2")
    row = market.payment()
    assert (row.refunded, row.fee_refunded, row.state) == (10_000, 290, TransactionState.REVERSED)
    assert market.has("M.PEND", "M.PAY", "M.RSV") == (0, 0, 0)
    assert (market.debt(), market.payer_has("W.AVL")) == (0, (50_000,))
    assert system_balance(market.rig.view, "REV.MDR") == 0
    assert market.rig.view.timers.rows == {}
    refused(market.refund(1), RejectionReason.INVALID_TRANSITION, "REVERSED")
    market.check()


def test_a_refund_is_a_transaction_of_its_own():
    market = sold()
    market.refund(4_000, command_id="r1")
    row = market.thing("r1")
    assert (row.kind, row.state, row.amount, row.fee) == (
        TransactionKind.REFUND,
        TransactionState.COMPLETED,
        4_000,
        116,
    )
    assert (row.counterparty, row.reference) == (PAYER, "sam/p")
    for rig in (market.payer_rig, market.rig):
        rig.at = NOON + 36 * DAY
    refused(market.refund(1, command_id="r1"), RejectionReason.INVALID_TRANSITION, "command_id")


def test_fees_go_back_by_cumulative_rounding():
    market = Market(reserve_bp=0)
    market.order(SetMerchantTerms(0, 100, 0, 2 * DAY_S, FeeBack.PRO_RATA))
    market.pay(300)
    parts = []
    for _ in range(7):
        market.refund(40)
        parts.append(market.payment().fee_refunded)
    assert parts == [13, 27, 40, 53, 67, 80, 93]
    market.refund(20)
    assert market.payment().fee_refunded == 100
    market.check()


def test_without_a_fee_back_the_merchant_bears_it():
    market = sold(fee_back=FeeBack.NONE, reserve_bp=0)
    market.refund(10_000)
    assert market.has("M.PEND", "M.PAY") == (0, 0)
    assert (market.debt(), market.payment().fee_refunded) == (290, 0)
    assert system_balance(market.rig.view, "REV.MDR") == -290
    market.check()


def test_a_change_of_terms_gives_no_more_back_than_the_refund_is():
    market = Market(reserve_bp=0)
    market.order(SetMerchantTerms(5_000, 0, 0, 2 * DAY_S, FeeBack.NONE))
    market.pay(100)
    market.refund(99)
    market.order(SetMerchantTerms(5_000, 0, 0, 2 * DAY_S, FeeBack.PRO_RATA))
    market.refund(1)
    assert (market.payment().fee_refunded, market.debt()) == (1, 49)
    market.check()


def test_own_pending_money_then_payable_then_reserve_then_debt():
    market = sold(fee_back=FeeBack.NONE)
    market.pay(1_000, "other")
    market.refund(9_000)
    assert market.has("M.PEND", "M.RSV") == (210 + 921, 550)
    assert market.payment().due == NOON + 2 * DAY
    market.mature()
    assert market.has("M.PEND", "M.PAY", "M.RSV") == (0, 1_131, 550)
    market.refund(1_000)
    assert (market.has("M.PAY", "M.RSV"), market.debt()) == ((131, 550), 0)
    market.refund(1_000, "other")
    assert (market.has("M.PAY", "M.RSV"), market.debt()) == ((0, 500), 819)
    market.check()


def test_a_debt_keeps_the_wallet_open_and_is_paid_by_the_next_sale():
    market = sold(fee_back=FeeBack.NONE, reserve_bp=0)
    market.refund(10_000)
    refused(market.order(CLOSE), RejectionReason.INVALID_TRANSITION, "debt")
    frozen = market.order(ChangeWalletStatus(StatusAction.FREEZE_CREDIT, Authority.COURT))
    assert frozen.outcome is Outcome.ACCEPTED
    market.order(ChangeWalletStatus(StatusAction.UNFREEZE, Authority.COURT))
    market.pay(command_id="next")
    assert (market.has("M.PEND"), market.debt()) == ((9_420,), 0)
    assert (market.payment("next").done, market.payment("next").fee) == (580, 290)
    market.check()


@pytest.mark.parametrize("home", [0, 1])
@pytest.mark.parametrize(
    ("action", "account"),
    [(StatusAction.FREEZE_CREDIT, "W.LIEN"), (StatusAction.FREEZE_BOTH, "W.LIEN")],
)
def test_a_blocked_payer_finds_the_money_in_lien(home, action, account):
    market = sold(home)
    market.payer_rig.command(PAYER, ChangeWalletStatus(action, Authority.COURT))
    market.refund(4_000)
    assert market.payer_has("W.AVL", account) == (40_000, 4_000)
    market.check()


@pytest.mark.parametrize("home", [0, 1])
def test_the_money_of_a_closed_payer_is_unclaimed(home):
    market = sold(home)
    market.payer_rig.open("heir")
    market.payer_rig.command(PAYER, Transfer("heir", "EUR", 40_000))
    assert market.payer_rig.command(PAYER, CLOSE).outcome is Outcome.ACCEPTED
    assert market.refund(4_000).outcome is Outcome.ACCEPTED
    assert system_balance(market.payer_rig.view, "UNCLAIMED") == -4_000
    assert market.payer_rig.view.sagas.rows == market.rig.view.sagas.rows == {}
    market.check()


def test_a_refund_to_nobody_is_unclaimed():
    market = sold()
    market.rig.command(market.merchant, RefundPayment("sam/p", 4_000), "r")
    (leg,) = market.rig.legs
    values = {name: getattr(leg, name) for name in leg.__match_args__}
    market.payer_rig.leg(type(leg)(**{**values, "to_wallet_id": "nobody"}))
    assert system_balance(market.payer_rig.view, "UNCLAIMED") == -4_000


@pytest.mark.parametrize(
    ("payment", "amount", "reason", "detail"),
    [
        ("sam/p", 10_001, RejectionReason.REFUND_EXCEEDED, "amount"),
        ("sam/p", 0, RejectionReason.AMOUNT_NOT_POSITIVE, "amount"),
        ("sam/q", 1, RejectionReason.INVALID_TRANSITION, "payment_id"),
        ("bob/p", 1, RejectionReason.INVALID_TRANSITION, "payment_id"),
        ("sam", 1, RejectionReason.MALFORMED_FIELD, "payment_id"),
        ("/p", 1, RejectionReason.MALFORMED_FIELD, "payment_id"),
        ("sam/", 1, RejectionReason.MALFORMED_FIELD, "payment_id"),
        ("sam/p/q", 1, RejectionReason.MALFORMED_FIELD, "payment_id"),
    ],
)
def test_what_is_refused(payment, amount, reason, detail):
    market = sold()
    refused(market.order(RefundPayment(payment, amount)), reason, detail)
    assert market.payment().refunded == 0


def test_no_more_than_is_left():
    market = sold()
    market.refund(4_000)
    refused(market.refund(6_001), RejectionReason.REFUND_EXCEEDED, "amount")
    assert market.refund(6_000).outcome is Outcome.ACCEPTED


def test_a_refund_cannot_be_refunded():
    market = sold()
    market.refund(4_000, command_id="r")
    row = market.thing("r")
    market.rig.view.transactions.put((market.merchant, "sam/odd"), row)
    refused(market.refund(1, "odd"), RejectionReason.INVALID_TRANSITION, "payment_id")


def test_a_frozen_merchant_gives_nothing_back():
    market = sold()
    market.order(ChangeWalletStatus(StatusAction.FREEZE_DEBIT, Authority.COURT))
    refused(market.refund(1), RejectionReason.DEBIT_BLOCKED, "")


def test_a_closed_merchant_gives_nothing_back():
    market = Market(reserve_bp=0)
    market.order(SetMerchantTerms(10_000, 0, 0, 60, FeeBack.NONE))
    market.pay()
    assert market.order(CLOSE).outcome is Outcome.ACCEPTED
    refused(market.refund(1), RejectionReason.WALLET_NOT_ACTIVE, "CLOSED")


def test_an_account_between_partitions_without_room_refuses():
    market = sold()
    market.rig.view.accounts.put(("IB", "0", "EUR"), AccountRow(-INT64_MAX))
    refused(market.refund(2), RejectionReason.AMOUNT_OVERFLOW, "IB")
    assert market.payment().refunded == 0


def test_a_refund_again_is_told_its_first_answer():
    market = sold()
    market.refund(4_000, command_id="r")
    again = market.refund(4_000, command_id="r")
    assert (again.outcome, again.stage) == (Outcome.DUPLICATE, Stage.FINAL)
    assert market.payment().refunded == 4_000
