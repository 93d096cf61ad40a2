"""What is kept back of a sale is released by hand; and terms say how long it is kept."""

import pytest

from ledger.decider import decide
from ledger.errors import InvariantError
from ledger.inputs import TimerInput
from schemas.messages.commands import (
    ChangeWalletStatus,
    OpenDispute,
    RefundPayment,
    ReleaseReserve,
    SetMerchantTerms,
)
from schemas.messages.rows import TimerRow
from schemas.messages.vocabulary import (
    Authority,
    FeeBack,
    Outcome,
    PayoutPlan,
    RejectionReason,
    StatusAction,
    TimerKind,
)
from tests.support.builders import DAY, NOON
from tests.unit.ledger.merchants import DAY_S, Market, terms_of
from tests.unit.ledger.test_reserves import KEPT, RELEASE, flows, matured


@pytest.mark.parametrize("seconds", [0, KEPT])
def test_by_hand_before_its_time_or_without_one(seconds):
    market = Market(reserve_for_s=seconds)
    market.pay()
    assert market.order(RELEASE).outcome is Outcome.ACCEPTED
    assert market.has("M.PEND", "M.RSV", "M.PAY") == (9_210, 0, 500)
    assert market.payment().due == NOON + 2 * DAY
    market.later(365 * DAY_S)
    assert market.has("M.PEND", "M.RSV", "M.PAY") == (0, 0, 9_710)
    assert flows(market) == ["F6.2", "F6.4r", "F6.3"]
    market.check()


def test_by_hand_after_it_matured_its_timer_goes():
    market = matured()
    market.order(RELEASE)
    assert market.rig.view.timers.rows == {}


def refused(market, body, reason, detail):
    before = market.has("M.PEND", "M.RSV", "M.PAY")
    decision = market.order(body)
    assert (decision.reason, decision.detail) == (reason, detail)
    assert market.has("M.PEND", "M.RSV", "M.PAY") == before


@pytest.mark.parametrize(
    ("payment", "reason", "detail"),
    [
        ("p", RejectionReason.MALFORMED_FIELD, "payment_id"),
        ("sam/other", RejectionReason.INVALID_TRANSITION, "payment_id"),
        ("sam/p", RejectionReason.INVALID_TRANSITION, "reserve"),
    ],
)
def test_what_is_refused(payment, reason, detail):
    market = matured()
    market.order(RELEASE)
    refused(market, ReleaseReserve(payment), reason, detail)


def test_a_transaction_that_is_no_payment():
    market = matured()
    market.order(RefundPayment("sam/p", 1), "sam")
    row = market.thing("sam")
    market.rig.view.transactions.put((market.merchant, "sam/r"), row)
    refused(market, ReleaseReserve("sam/r"), RejectionReason.INVALID_TRANSITION, "payment_id")


def test_a_disputed_payment_is_refused_by_hand():
    market = matured()
    market.order(OpenDispute("sam/p", 1_000, "file"), "d")
    refused(market, RELEASE, RejectionReason.INVALID_TRANSITION, "DISPUTED")


def test_a_merchant_whose_money_must_stay():
    """Nobody loosens anything by hand; what was agreed goes on, and is not paid out."""
    market = matured()
    market.order(ChangeWalletStatus(StatusAction.FREEZE_DEBIT, Authority.COURT))
    refused(market, RELEASE, RejectionReason.DEBIT_BLOCKED, "")
    market.later(KEPT)
    assert market.has("M.RSV", "M.PAY") == (0, 9_710)


def test_nothing_is_released_by_a_stale_timer():
    market = matured()
    market.order(OpenDispute("sam/p", 1_000, "file"), "d")
    rig = market.rig
    row = TimerRow(TimerKind.TRANSACTION_DUE, 0, market.merchant, "sam/p")
    with pytest.raises(InvariantError, match="waits to be paid out"):
        decide(rig.view, TimerInput(row), rig.at, rig.programme, rig.place)


# --- terms


@pytest.mark.parametrize("seconds", [-1, 1, 2 * DAY_S - 1, 366 * DAY_S + 1])
def test_a_time_that_no_terms_may_have(seconds):
    market = Market()
    decision = market.order(terms_of(500, seconds))
    assert (decision.reason, decision.detail) == (RejectionReason.MALFORMED_FIELD, "reserve_for_s")


@pytest.mark.parametrize("seconds", [0, 2 * DAY_S, 366 * DAY_S])
def test_times_that_terms_may_have(seconds):
    market = Market()
    terms = SetMerchantTerms(0, 0, 500, 2 * DAY_S, FeeBack.NONE, PayoutPlan.BY_HAND, "", seconds)
    assert market.order(terms).outcome is Outcome.ACCEPTED
    assert market.rig.view.merchant_terms.get(market.merchant).reserve_for_s == seconds
