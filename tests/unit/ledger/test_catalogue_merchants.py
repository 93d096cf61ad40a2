"""The merchants' rows of the posting catalogue, by the real step, command by command."""

from schemas.messages.commands import (
    CaptureHold,
    ChangeWalletStatus,
    FreezePayout,
    IncrementHold,
    OpenDispute,
    PlaceHold,
    ResolveDispute,
    ReturnPayout,
    SetMerchantTerms,
    SubmitPayout,
)
from schemas.messages.policy import FeeRule
from schemas.messages.vocabulary import Authority, FeeBack, FeeFlow, StatusAction
from tests.support.looking import system_balance
from tests.unit.ledger.catalogue_rows import DISPUTES, PAYOUTS, SALES, posted_in, row_lines
from tests.unit.ledger.merchants import DAY_S, PAYER, Market

OWNERS = {"s": PAYER, "m": "mart-1", "S": "0", "M": "1", "d": "mart-1/d1", "sct": "sct"}


def is_row(flow, decision, rows=SALES, flows=()):
    assert posted_in(decision, *flows) == row_lines(rows[flow], OWNERS), flow


def nothing_between(market):
    there = system_balance(market.payer_rig.view, "IB", "1")
    assert there + system_balance(market.rig.view, "IB", "0") == 0
    market.check()


def test_a_sale_and_its_refunds():
    market = Market()
    is_row("F6.1", market.pay())
    is_row("F6.2", market.last("F6.2"))
    market.mature()
    is_row("F6.3", market.last("F6.3"))
    is_row("F8.1", market.refund(4_000))
    is_row("F8.2", market.last("F8.2"))
    is_row("F8.3", market.refund(6_000))
    is_row("F8.4", market.last("F8.2"))
    nothing_between(market)
    assert system_balance(market.payer_rig.view, "IB", "1") == 0


def test_a_refund_that_waited_for_its_payer():
    market = Market()
    market.pay()
    freeze = ChangeWalletStatus(StatusAction.FREEZE_CREDIT, Authority.COURT)
    market.payer_rig.command(PAYER, freeze)
    market.refund(4_000)
    unfreeze = ChangeWalletStatus(StatusAction.UNFREEZE, Authority.COURT)
    is_row("F8.2f", market.payer_rig.command(PAYER, unfreeze))
    nothing_between(market)


def test_a_reserve_is_released():
    market = Market(reserve_for_s=30 * DAY_S)
    market.pay()
    market.mature()
    market.later(28 * DAY_S)
    is_row("F6.4r", market.last("F6.4r"))
    assert market.has("M.RSV", "M.PAY") == (0, 9_710)
    nothing_between(market)


def test_authorise_and_capture():
    market = Market()
    is_row("F7.1", market.payer_rig.command(PAYER, PlaceHold("mart-1", "EUR", 12_000), "hold"))
    is_row("F7.2", market.payer_rig.command(PAYER, IncrementHold("hold", 1_000)))
    is_row("F7.3", market.payer_rig.command(PAYER, CaptureHold("hold", 6_000, True)))
    market.carry()
    is_row("F7.4", market.last("F7.4"))
    is_row("F7.5", market.payer_rig.command(PAYER, CaptureHold("hold", 4_000, False)))
    market.carry()
    is_row("F7.6", market.last("F7.4"))
    nothing_between(market)


def test_a_refund_of_a_merchant_who_is_short():
    market = Market(reserve_bp=0, fee_back=FeeBack.NONE)
    market.pay()
    is_row("F8c.1", market.refund(10_000))
    is_row("F8c.2", market.last("F8.2"))
    is_row("F8c.4", market.pay(command_id="next"))
    is_row("F8c.3", market.last("F6.2"))
    market.mature()
    is_row("F8d.1", market.last("F6.3"))
    nothing_between(market)


def test_a_dispute():
    market = Market(fees=(FeeRule(FeeFlow.DISPUTE, 0, 1_500),))
    market.pay()
    market.mature()
    opened = market.order(OpenDispute("sam/p", 6_000, "file"), "d1")
    is_row("F9.1", opened, DISPUTES)
    resolved = market.order(ResolveDispute("d1", 4_000))
    is_row("F9.2", resolved, DISPUTES, ("F9.2",))
    is_row("F9.4", resolved, DISPUTES, ("F9.4",))
    is_row("F9.3", market.last("F9.3"), DISPUTES)
    assert system_balance(market.rig.view, "DSP", "mart-1/d1") == 0
    nothing_between(market)


def test_a_payout_that_comes_back():
    market = Market(fees=(FeeRule(FeeFlow.PAYOUT, 0, 25),))
    market.order(SetMerchantTerms(0, 0, 0, 60, FeeBack.NONE))
    market.pay(18_470)
    market.mature()
    is_row("F16.1", market.order(FreezePayout("EUR"), "out"), PAYOUTS)
    is_row("F16.2", market.order(SubmitPayout("out", "sct", "ref")), PAYOUTS)
    is_row("F16b.2", market.order(ReturnPayout("out", "AC04")), PAYOUTS)
    assert system_balance(market.rig.view, "RAIL.PAY", "sct") == 0
    nothing_between(market)
