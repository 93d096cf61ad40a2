"""What is kept back of a sale is released when its time has come, or by hand, and once."""

import pytest

from schemas.messages.commands import (
    OpenDispute,
    ReleaseReserve,
    ResolveDispute,
    WithdrawDispute,
)
from schemas.messages.rows import AccountRow
from schemas.messages.vocabulary import (
    TransactionState,
)
from tests.support.builders import DAY, NOON
from tests.unit.ledger.merchants import DAY_S, Market, terms_of

RELEASE = ReleaseReserve("sam/p")
KEPT = 10 * DAY_S


def sold(**changed):
    market = Market(reserve_for_s=KEPT, **changed)
    market.pay()
    return market


def matured(**changed):
    market = sold(**changed)
    market.mature()
    return market


def flows(market):
    return [entry.flow for decision, _ in market.rig.log for entry in decision.entries]


# --- by its time


@pytest.mark.parametrize("home", [0, 1])
def test_the_reserve_follows_its_sale_when_its_own_time_has_come(home):
    market = Market(home, reserve_for_s=KEPT)
    market.pay()
    row = market.payment()
    assert (row.due, row.reserve_due) == (NOON + 2 * DAY, NOON + 10 * DAY)
    market.mature()
    assert market.payment().due == NOON + 10 * DAY
    market.later(KEPT - 2 * DAY_S - 1)
    assert market.has("M.RSV", "M.PAY") == (500, 9_210)
    market.later(1)
    assert market.has("M.RSV", "M.PAY") == (0, 9_710)
    row = market.payment()
    assert (row.reserve, row.due, row.state) == (0, 0, TransactionState.COMPLETED)
    assert market.rig.view.timers.rows == {}
    market.check()


def test_without_a_time_the_reserve_is_kept():
    market = Market()
    market.pay()
    market.later(365 * DAY_S)
    assert market.has("M.RSV", "M.PAY") == (500, 9_210)
    assert market.rig.view.timers.rows == {}


def test_the_policy_says_how_long_without_terms():
    market = Market(merchant_reserve_bp=500, merchant_reserve_for_s=KEPT)
    market.rig.view.merchant_terms.delete(market.merchant)
    market.pay()
    assert market.payment().reserve_due == NOON + 10 * DAY


def test_both_times_may_be_the_same():
    market = Market(reserve_for_s=2 * DAY_S)
    market.pay()
    market.mature()
    assert market.has("M.PEND", "M.RSV", "M.PAY") == (0, 0, 9_710)
    assert flows(market) == ["F6.2", "F6.3", "F6.4r"]
    assert market.rig.view.timers.rows == {}
    market.check()


def test_a_reserve_without_pending_money_has_the_only_timer():
    market = Market(reserve_for_s=KEPT)
    market.rig.view.accounts.put(("RCV.MERCH", market.merchant, "EUR"), AccountRow(20_000))
    market.pay()
    assert market.payment().due == NOON + 10 * DAY
    market.rig.view.accounts.put(("RCV.MERCH", market.merchant, "EUR"), AccountRow(0))
    market.later(KEPT)
    assert market.has("M.RSV", "M.PAY") == (0, 500)


def test_terms_agreed_later_change_nothing_of_a_sale():
    market = sold()
    market.order(terms_of(500, 3 * DAY_S))
    market.later(3 * DAY_S)
    assert market.has("M.RSV") == (500,)


def test_a_debt_is_paid_with_the_reserve_first():
    market = matured()
    market.rig.view.accounts.put(("RCV.MERCH", market.merchant, "EUR"), AccountRow(200))
    market.order(RELEASE)
    assert (market.has("M.RSV", "M.PAY"), market.debt()) == ((0, 9_510), 0)


def test_a_debt_may_take_all_of_the_reserve():
    market = matured()
    market.rig.view.accounts.put(("RCV.MERCH", market.merchant, "EUR"), AccountRow(700))
    market.order(RELEASE)
    assert (market.has("M.RSV", "M.PAY"), market.debt()) == ((0, 9_210), 200)


# --- refunds and disputes


def test_a_refund_leaves_less_to_release():
    market = matured()
    market.pay(command_id="q")
    market.refund(9_700)  # 9 419 after the fee: all that is payable, then 209 of the reserve
    left = market.payment().reserve
    assert 0 < left < 500
    market.later(KEPT)
    assert market.payment().reserve == 0
    assert market.has("M.RSV", "M.PAY") == (0, left + 9_210 + 500)
    market.check()


def test_what_a_refund_took_whole_is_not_released():
    market = matured()
    market.refund(10_000)
    assert market.payment().due == 0
    assert market.rig.view.timers.rows == {}
    market.later(KEPT)
    assert "F6.4r" not in flows(market)


def test_a_reserve_that_a_full_refund_left_is_released_all_the_same():
    market = sold()
    market.pay(command_id="q")
    market.mature()
    market.refund(10_000)
    assert market.payment().state is TransactionState.REVERSED
    assert market.payment().reserve == 500
    market.later(KEPT)
    assert market.payment().reserve == 0
    assert market.payment().state is TransactionState.REVERSED
    assert market.has("M.RSV") == (0,)
    market.check()


def test_a_disputed_sale_is_not_released_until_the_dispute_ends():
    market = matured()
    market.order(OpenDispute("sam/p", 1_000, "file"), "d")
    assert market.payment().due == 0
    market.later(20 * DAY_S)
    assert market.has("M.RSV") == (500,)
    market.order(WithdrawDispute("d"))
    assert market.payment().due == NOON + 10 * DAY
    market.later(0)
    assert market.has("M.RSV", "M.PAY") == (0, 9_710)
    market.check()


def test_a_dispute_that_ends_early_leaves_the_time_as_it_was():
    market = matured()
    market.order(OpenDispute("sam/p", 1_000, "file"), "d")
    market.order(ResolveDispute("d", 400))
    market.later(KEPT - 2 * DAY_S - 1)
    assert market.has("M.RSV") == (500,)
    market.later(1)
    assert market.has("M.RSV") == (0,)
    market.check()


def test_a_dispute_of_money_that_is_still_pending():
    """It matures as it would have; its reserve waits for the end of the dispute."""
    market = sold()
    market.order(OpenDispute("sam/p", 1_000, "file"), "d")
    market.later(11 * DAY_S)
    assert market.has("M.PEND", "M.RSV") == (0, 500)
    market.order(ResolveDispute("d", None))
    market.later(0)
    assert market.has("M.RSV") == (0,)
    market.check()


def test_a_dispute_that_takes_the_pending_money_lets_the_timer_sleep():
    market = sold()
    market.order(OpenDispute("sam/p", 9_300, "file"), "d")
    row = market.payment()
    assert (row.done, row.reserve, row.due) == (10_000, 410, 0)
    market.refund(100)
    row = market.payment()
    assert (row.reserve, row.due) == (313, 0)
    market.order(ResolveDispute("d", 9_300))
    assert market.payment().due == NOON + 10 * DAY
    market.later(KEPT)
    assert market.has("M.RSV") == (0,)
    market.check()


def test_a_dispute_that_took_the_reserve_leaves_none():
    market = matured()
    market.order(OpenDispute("sam/p", 10_000, "file"), "d")
    market.order(ResolveDispute("d", 10_000))
    assert market.payment().due == 0
    market.later(KEPT)
    assert "F6.4r" not in flows(market)
