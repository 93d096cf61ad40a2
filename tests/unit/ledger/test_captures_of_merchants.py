"""What is captured for a merchant is a payment, on one partition or on two."""

import pytest

from schemas.messages.commands import CaptureHold, ChangeWalletStatus, PlaceHold, Transfer
from schemas.messages.vocabulary import Authority, RejectionReason, StatusAction
from tests.support.builders import DAY, NOON
from tests.unit.ledger.merchants import PAYER, Market


@pytest.mark.parametrize("home", [0, 1])
def test_a_capture_for_a_merchant_is_a_payment_without_reserve(home):
    market = Market(home)
    market.payer_rig.command(PAYER, PlaceHold(market.merchant, "EUR", 12_000), "hold")
    market.payer_rig.command(PAYER, CaptureHold("hold", 6_000, True), "cap")
    market.carry()
    assert market.has("M.PEND", "M.RSV", "W.AVL") == (5_826, 0, 0)
    assert market.payer_has("W.AVL", "W.RSV") == (38_000, 6_000)
    assert market.payment("cap").fee == 174
    assert market.rig.view.inflows.get(market.merchant).day_sum == 6_000
    market.mature()
    assert market.has("M.PAY") == (5_826,)
    market.check()


@pytest.mark.parametrize("home", [0, 1])
def test_a_capture_is_refused_as_any_credit_is(home):
    market = Market(home)
    market.payer_rig.command(PAYER, PlaceHold(market.merchant, "EUR", 12_000), "hold")
    market.order(ChangeWalletStatus(StatusAction.FREEZE_CREDIT, Authority.COURT))
    decision = market.payer_rig.command(PAYER, CaptureHold("hold", 6_000, True), "cap")
    if home == 0:
        assert (decision.reason, decision.detail) == (
            RejectionReason.RECIPIENT_REFUSED,
            "CREDIT_BLOCKED",
        )
    market.carry()
    assert sum(market.payer_has("W.AVL", "W.RSV")) == 50_000
    assert market.payment("cap") is None
    market.check()


@pytest.mark.parametrize("home", [0, 1])
def test_a_capture_whose_name_is_taken_is_refused(home):
    market = Market(home)
    market.pay(command_id="cap")
    market.payer_rig.command(PAYER, PlaceHold(market.merchant, "EUR", 12_000, 0), "hold")
    market.mature()
    for rig in (market.payer_rig, market.rig):
        rig.at = NOON + 36 * DAY
    decision = market.payer_rig.command(PAYER, CaptureHold("hold", 6_000, True), "cap")
    if home == 0:
        assert (decision.reason, decision.detail) == (
            RejectionReason.RECIPIENT_REFUSED,
            "INVALID_TRANSITION",
        )
    market.carry()
    assert sum(market.payer_has("W.AVL", "W.RSV")) == 40_000
    assert market.payment("cap").amount == 10_000
    market.check()


def test_a_transfer_to_a_merchant_stays_a_transfer():
    market = Market()
    market.payer_rig.command(PAYER, Transfer(market.merchant, "EUR", 500))
    market.carry()
    assert market.has("W.AVL", "M.PEND") == (500, 0)
