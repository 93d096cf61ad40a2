"""A buyer complains: the money waits, somebody decides, or nobody answers in time."""

import pytest

from ledger.decider import decide
from ledger.errors import InvariantError
from ledger.inputs import TimerInput
from schemas.messages.commands import (
    ChangeWalletStatus,
    OpenDispute,
    ResolveDispute,
    SetMerchantTerms,
    WithdrawDispute,
)
from schemas.messages.policy import FeeRule
from schemas.messages.rows import AccountRow
from schemas.messages.vocabulary import (
    Authority,
    FeeBack,
    FeeFlow,
    Outcome,
    RejectionReason,
    Stage,
    StatusAction,
    TransactionKind,
    TransactionState,
)
from tests.support.builders import DAY, INT64_MAX, NOON
from tests.support.looking import system_balance
from tests.unit.ledger.merchants import PAYER, Market

CLOSE = ChangeWalletStatus(StatusAction.CLOSE, Authority.OPERATOR)


def disputed(home=1, amount=6_000, *, matured=True, fee=0, **changed):
    market = Market(home, fees=(FeeRule(FeeFlow.DISPUTE, 0, fee),), **changed)
    market.pay()
    if matured:
        market.mature()
    decision = market.order(OpenDispute("sam/p", amount, "file"), "d")
    assert decision.outcome is Outcome.ACCEPTED, (decision.reason, decision.detail)
    return market


def refused(decision, reason, detail):
    assert (decision.outcome, decision.reason, decision.detail) == (
        Outcome.REJECTED,
        reason,
        detail,
    )


def test_disputed_money_is_held():
    market = disputed()
    assert market.has("M.PAY", "M.RSV") == (3_210, 500)
    assert system_balance(market.rig.view, "DSP", "mart-1/d") == -6_000
    row, payment = market.thing("d"), market.payment()
    assert (row.kind, row.state, row.reference) == (
        TransactionKind.DISPUTE,
        TransactionState.PENDING,
        "sam/p",
    )
    assert row.due == NOON + 32 * DAY
    assert (payment.state, payment.disputed) == (TransactionState.DISPUTED, 6_000)
    reasons = [each.reason for each in market.rig.log[-1][0].events[1:-1]]
    assert reasons == ["d", "file"]
    market.check()


@pytest.mark.parametrize("home", [0, 1])
@pytest.mark.parametrize(
    ("to_buyer", "state", "payable", "reason"),
    [
        (None, TransactionState.FAILED, 9_210, "won by the merchant"),
        (0, TransactionState.FAILED, 9_210, "won by the merchant"),
        (2_000, TransactionState.COMPLETED, 7_195, "split"),
        (6_000, TransactionState.COMPLETED, 3_195, "won by the buyer"),
    ],
)
def test_a_dispute_is_decided(home, to_buyer, state, payable, reason):
    market = disputed(home, fee=15)
    decision = market.order(ResolveDispute("d", to_buyer))
    elsewhere = home == 1 and bool(to_buyer)
    assert decision.stage is (Stage.PENDING if elsewhere else Stage.FINAL)
    row, payment = market.thing("d"), market.payment()
    assert (row.state, row.due, row.refunded) == (state, 0, to_buyer or 0)
    assert (payment.state, payment.disputed) == (TransactionState.COMPLETED, to_buyer or 0)
    assert market.has("M.PAY") == (payable,)
    assert market.payer_has("W.AVL") == (40_000 + (to_buyer or 0),)
    assert system_balance(market.rig.view, "REV.DSP") == (-15 if to_buyer else 0)
    assert market.rig.view.timers.rows == {}
    assert reason in {getattr(each, "reason", "") for each in decision.events}
    market.check()


@pytest.mark.parametrize("home", [0, 1])
def test_a_dispute_is_withdrawn(home):
    market = disputed(home, fee=15)
    decision = market.order(WithdrawDispute("d"))
    assert (decision.outcome, decision.stage) == (Outcome.ACCEPTED, Stage.FINAL)
    assert market.thing("d").state is TransactionState.CANCELLED
    assert market.has("M.PAY") == (9_210,)
    assert (market.payment().state, market.payment().disputed) == (TransactionState.COMPLETED, 0)
    market.check()


@pytest.mark.parametrize("home", [0, 1])
def test_who_does_not_answer_in_time_has_lost(home):
    market = disputed(home, fee=15)
    market.rig.fire()
    market.carry()
    assert market.rig.at == NOON + 32 * DAY
    assert market.thing("d").state is TransactionState.COMPLETED
    assert market.payer_has("W.AVL") == (46_000,)
    assert market.has("M.PAY") == (3_195,)
    assert market.rig.view.sagas.rows == market.rig.view.timers.rows == {}
    refused(market.order(ResolveDispute("d", 0)), RejectionReason.INVALID_TRANSITION, "COMPLETED")
    market.check()


def test_a_deadline_that_cannot_be_kept_halts():
    market = disputed()
    market.rig.view.accounts.put(("IB", "0", "EUR"), AccountRow(-INT64_MAX))
    (timer,) = [row for _, row in market.rig.view.timers.first(9)]
    with pytest.raises(InvariantError, match="cannot end: IB"):
        decide(
            market.rig.view, TimerInput(timer), timer.due, market.rig.programme, market.rig.place
        )
    decision = market.order(ResolveDispute("d", 6_000))
    refused(decision, RejectionReason.AMOUNT_OVERFLOW, "IB")


def test_a_payment_that_was_lost_whole_is_reversed():
    market = disputed(amount=10_000, fee_back=FeeBack.NONE)
    assert (market.has("M.PAY", "M.RSV"), market.debt()) == ((0, 0), 290)
    market.order(ResolveDispute("d", 10_000))
    assert market.payment().state is TransactionState.REVERSED
    refused(
        market.order(OpenDispute("sam/p", 1, "file")),
        RejectionReason.INVALID_TRANSITION,
        "REVERSED",
    )
    market.check()


def test_what_a_merchant_keeps_pays_its_debt_first():
    market = disputed(amount=10_000)
    market.order(ResolveDispute("d", 0))
    assert (market.has("M.PAY"), market.debt()) == ((9_710,), 0)
    market.check()


def test_a_fee_that_cannot_be_paid_is_owed():
    market = disputed(amount=10_000, fee=15)
    market.order(ResolveDispute("d", 10_000))
    assert (market.has("M.PAY"), market.debt()) == ((0,), 290 + 15)
    market.check()


def test_pending_money_of_the_payment_is_held_first():
    market = disputed(matured=False)
    assert market.has("M.PEND", "M.PAY") == (3_210, 0)
    market.mature()
    assert market.has("M.PEND", "M.PAY") == (0, 3_210)
    assert market.payment().state is TransactionState.DISPUTED
    market.order(WithdrawDispute("d"))
    assert market.has("M.PAY") == (9_210,)
    market.check()


def test_the_rest_may_be_refunded_meanwhile():
    market = disputed()
    refused(market.refund(4_001), RejectionReason.REFUND_EXCEEDED, "amount")
    market.refund(4_000)
    assert market.payment().state is TransactionState.DISPUTED
    market.order(ResolveDispute("d", 6_000))
    payment = market.payment()
    assert (payment.state, payment.refunded, payment.fee_refunded, payment.disputed) == (
        TransactionState.REVERSED,
        4_000,
        116,
        6_000,
    )
    assert market.payer_has("W.AVL") == (50_000,)
    market.check()


def test_a_decided_payment_may_be_disputed_again():
    market = disputed()
    refused(
        market.order(OpenDispute("sam/p", 1, "file")),
        RejectionReason.INVALID_TRANSITION,
        "DISPUTED",
    )
    market.order(ResolveDispute("d", 2_000))
    refused(
        market.order(OpenDispute("sam/p", 8_001, "file")), RejectionReason.REFUND_EXCEEDED, "amount"
    )
    assert market.order(OpenDispute("sam/p", 8_000, "file")).outcome is Outcome.ACCEPTED


@pytest.mark.parametrize(("days", "outcome"), [(3, Outcome.ACCEPTED), (4, Outcome.REJECTED)])
def test_a_payment_may_be_disputed_for_so_many_days(days, outcome):
    market = Market(dispute_window_days=3)
    market.pay()
    market.rig.wait(days * DAY)
    decision = market.order(OpenDispute("sam/p", 1, "file"))
    assert decision.outcome is outcome
    assert decision.detail in {"", "dispute_window_days"}


@pytest.mark.parametrize(
    ("order", "reason", "detail"),
    [
        (OpenDispute("sam", 1, "f"), RejectionReason.MALFORMED_FIELD, "payment_id"),
        (OpenDispute("sam/p", 1, ""), RejectionReason.MALFORMED_FIELD, "evidence_ref"),
        (OpenDispute("sam/p", 0, "f"), RejectionReason.AMOUNT_NOT_POSITIVE, "amount"),
        (OpenDispute("sam/q", 1, "f"), RejectionReason.INVALID_TRANSITION, "payment_id"),
        (ResolveDispute("-", 1), RejectionReason.MALFORMED_FIELD, "dispute_id"),
        (ResolveDispute("-", -1), RejectionReason.MALFORMED_FIELD, "dispute_id"),
        (ResolveDispute("d", -1), RejectionReason.MALFORMED_FIELD, "to_buyer"),
        (ResolveDispute("d", 6_001), RejectionReason.REFUND_EXCEEDED, "to_buyer"),
        (ResolveDispute("e", 1), RejectionReason.INVALID_TRANSITION, "dispute_id"),
        (WithdrawDispute("-"), RejectionReason.MALFORMED_FIELD, "dispute_id"),
        (WithdrawDispute("e"), RejectionReason.INVALID_TRANSITION, "dispute_id"),
    ],
)
def test_what_is_refused(order, reason, detail):
    refused(disputed().order(order), reason, detail)


@pytest.mark.parametrize("order", [ResolveDispute("d", 1), WithdrawDispute("d")])
def test_a_dispute_ends_once(order):
    market = disputed()
    market.order(WithdrawDispute("d"))
    refused(market.order(order), RejectionReason.INVALID_TRANSITION, "CANCELLED")


def test_a_refund_is_no_dispute():
    market = disputed()
    market.refund(1, command_id="r")
    refused(market.order(WithdrawDispute("r")), RejectionReason.INVALID_TRANSITION, "dispute_id")


def test_ids_are_not_given_twice():
    market = disputed()
    again = market.order(OpenDispute("sam/p", 6_000, "file"), "d")
    assert (again.outcome, again.events) == (Outcome.DUPLICATE, ())
    market.rig.view.timers.rows.clear()
    market.rig.wait(36 * DAY)
    reopened = market.order(OpenDispute("sam/p", 1, "file"), "d")
    refused(reopened, RejectionReason.INVALID_TRANSITION, "command_id")


def test_a_verdict_does_not_take_the_id_of_its_dispute():
    market = disputed()
    market.rig.wait(36 * DAY)
    decision = market.order(ResolveDispute("d", 1), "d")
    refused(decision, RejectionReason.INVALID_TRANSITION, "command_id")


def test_two_merchants_may_have_a_dispute_of_one_id():
    one = disputed()
    assert system_balance(one.rig.view, "DSP", "mart-1/d") == -6_000
    assert system_balance(one.rig.view, "DSP", "d") == 0


def test_a_merchant_with_a_dispute_cannot_be_closed():
    market = disputed(amount=10_000)
    refused(market.order(CLOSE), RejectionReason.INVALID_TRANSITION, "movements")


def test_a_closed_merchant_is_not_disputed():
    market = Market()
    market.order(SetMerchantTerms(10_000, 0, 0, 60, FeeBack.NONE))
    market.pay()
    market.order(CLOSE)
    refused(
        market.order(OpenDispute("sam/p", 1, "file")), RejectionReason.WALLET_NOT_ACTIVE, "CLOSED"
    )


def test_a_frozen_merchant_is_disputed_all_the_same():
    market = Market()
    market.pay()
    market.order(ChangeWalletStatus(StatusAction.FREEZE_BOTH, Authority.COURT))
    assert market.order(OpenDispute("sam/p", 1, "file"), "d").outcome is Outcome.ACCEPTED
    assert market.order(ResolveDispute("d", 1)).outcome is Outcome.ACCEPTED


def test_a_blocked_buyer_finds_its_part_in_lien():
    market = disputed()
    freeze = ChangeWalletStatus(StatusAction.FREEZE_CREDIT, Authority.COURT)
    market.payer_rig.command(PAYER, freeze)
    market.order(ResolveDispute("d", 6_000))
    assert market.payer_has("W.AVL", "W.LIEN") == (40_000, 6_000)
    market.check()
