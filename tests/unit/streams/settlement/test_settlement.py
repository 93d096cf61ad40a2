"""Merchants are paid out at their cut-offs, by a job that only asks and only believes the log."""

import pytest

from schemas.messages.commands import (
    CancelPayout,
    ChangeWalletStatus,
    FreezePayout,
    OpenWallet,
    RefundPayment,
    ReturnPayout,
    SubmitPayout,
)
from schemas.messages.settlement import (
    PayoutInstruction,
    PayoutStatement,
    StatementLine,
    TallyRow,
)
from schemas.messages.vocabulary import (
    Authority,
    Outcome,
    PayoutPlan,
    RejectionReason,
    StatusAction,
    Tier,
    TransactionState,
    WalletKind,
)
from streams.settlement.orders import reference_of
from tests.unit.streams.settlement.town import DAY_US, FEE, Town

MIDNIGHT = 1_750_024_800_000_000  # in the programme's zone, two hours ahead of UTC
PAYOUT = f"settle-{MIDNIGHT}-EUR"
FREEZE = (PAYOUT, FreezePayout("EUR"))


def day_by_day(*sales, **changed):
    """A merchant that is paid every day and has sold so much before its first cut-off."""
    town = Town(**changed)
    town.agree()
    for number, amount in enumerate(sales):
        town.sell(amount, f"p{number}")
    return town


def submit(payout, reference):
    return (f"{payout}-submit", SubmitPayout(payout, "sct", reference))


def test_at_the_cut_off_all_that_is_payable_is_frozen_and_handed_over():
    town = day_by_day(6_000, 4_000)
    assert (town.ordered(), town.papers) == ([], [])
    town.wait(DAY_US)
    (statement,), (instruction,) = town.said(PayoutStatement), town.said(PayoutInstruction)
    assert town.ordered() == [FREEZE, submit(PAYOUT, instruction.ext_ref)]
    assert (statement.payout_id, statement.cut_at, statement.amount) == (PAYOUT, MIDNIGHT, 10_000)
    assert (instruction.payout_id, instruction.amount) == (PAYOUT, 10_000 - FEE)
    assert instruction.batch_id == "2025-06-15T22:00:00Z-sct-EUR-0"
    assert (town.has("M.PAY"), town.has("M.OUT")) == (0, 0)


def test_a_statement_says_what_a_payout_is_made_of():
    town = day_by_day(6_000, 4_000)
    town.command(RefundPayment("sam/p0", 1_000), "back")
    town.wait(DAY_US)
    (statement,) = town.said(PayoutStatement)
    assert statement.lines == (
        StatementLine("F6.2", "M.PEND", 2, 10_000),
        StatementLine("F6.3", "M.PEND", 2, -10_000),
        StatementLine("F6.3", "M.PAY", 2, 10_000),
        StatementLine("F8.1", "M.PAY", 1, -1_000),
    )
    assert statement.amount == 9_000
    assert statement.since < statement.cut_at < statement.until


def test_a_reserve_that_is_released_is_on_the_next_statement():
    town = Town()
    town.agree(kept=(500, 3 * DAY_US // 1_000_000))
    town.sell(6_000, "p0")
    town.wait(DAY_US)
    town.wait(3 * DAY_US)
    before, after = town.said(PayoutStatement)
    assert StatementLine("F6.2", "M.RSV", 1, 300) in before.lines
    assert (before.amount, after.amount) == (5_700, 300)
    assert after.lines == (
        StatementLine("F6.4r", "M.RSV", 1, -300),
        StatementLine("F6.4r", "M.PAY", 1, 300),
    )


def test_the_next_statement_begins_anew():
    town = day_by_day(6_000)
    town.wait(DAY_US)
    town.sell(500, "p1")
    town.wait(DAY_US)
    assert [each.amount for each in town.said(PayoutStatement)] == [6_000, 500]
    assert [each.count for each in town.said(PayoutStatement)[1].lines] == [1, 1, 1]


def test_nothing_is_asked_for_when_nothing_is_payable():
    town = day_by_day()
    town.wait(3 * DAY_US)
    assert town.ordered() == []


def test_what_has_not_matured_waits_for_the_next_cut_off():
    town = day_by_day()
    town.writer.at = MIDNIGHT - 30_000_000
    town.sell(500, "late")
    assert town.ordered() == []  # the cut-off has passed, and the sale matured after it
    town.wait(DAY_US)
    assert [each for each, _ in town.ordered()][:1] == [f"settle-{MIDNIGHT + DAY_US}-EUR"]


@pytest.mark.parametrize("number", [0, 1])
def test_an_order_sent_twice_does_nothing(number):
    town = day_by_day(6_000)
    town.wait(DAY_US)
    papers = list(town.papers)
    assert town.again(number).outcome is Outcome.DUPLICATE
    assert (town.papers, len(town.orders)) == (papers, 2)


def test_who_is_paid_by_hand_is_left_alone_but_gets_a_statement():
    town = Town()
    town.agree(PayoutPlan.BY_HAND, "")
    town.sell(6_000, "p0")
    town.wait(3 * DAY_US)
    assert town.ordered() == []
    town.command(FreezePayout("EUR"), "mine")
    (statement,) = town.said(PayoutStatement)
    assert (statement.payout_id, statement.cut_at, statement.amount) == ("mine", 0, 6_000)
    town.command(SubmitPayout("mine", "sct", "my own ref"), "sent")
    assert town.said(PayoutInstruction) == []


def test_terms_agreed_anew_replace_the_plan():
    town = day_by_day(6_000)
    town.agree(PayoutPlan.BY_HAND, "", "by-hand")
    town.wait(3 * DAY_US)
    assert town.ordered() == []
    town.agree(PayoutPlan.WEEKLY, "pix", "weekly")
    town.wait(8 * DAY_US)
    assert [each.rail for each in town.said(PayoutInstruction)] == ["pix"]
    assert town.books.cuts.first(9) == [((town.books.plans.get("mart").due, "mart"), b"")]


def test_a_payout_below_its_fee_is_called_off_and_tried_again_with_more():
    town = day_by_day(FEE)
    town.wait(DAY_US)
    assert [body for _, body in town.ordered()][2:] == [CancelPayout(PAYOUT)]
    assert (town.has("M.PAY"), town.has("M.OUT")) == (FEE, 0)
    town.sell(100, "p1")
    town.wait(DAY_US)
    assert [each.amount for each in town.said(PayoutInstruction)] == [100]
    last = town.said(PayoutStatement)[-1]
    assert StatementLine("F16.1r", "M.PAY", 1, FEE) in last.lines


def test_a_blocked_merchant_is_asked_again_at_the_next_cut_off():
    town = day_by_day(6_000)
    block = ChangeWalletStatus(StatusAction.FREEZE_DEBIT, Authority.COMPLIANCE)
    town.command(block, "block")
    town.wait(DAY_US)
    assert [each for each, _ in town.ordered()] == [PAYOUT]
    assert town.writer.decisions[-1].reason is RejectionReason.DEBIT_BLOCKED
    assert town.books.ordered.get(("mart", PAYOUT)) is None
    town.command(ChangeWalletStatus(StatusAction.UNFREEZE, Authority.COMPLIANCE), "unblock")
    town.wait(DAY_US)
    assert [each.amount for each in town.said(PayoutInstruction)] == [6_000 - FEE]


def test_a_hand_over_that_can_never_be_right_is_called_off_and_stops_the_plan():
    town = day_by_day(6_000)
    # Somebody has used the reference before.
    reference = reference_of("mart", PAYOUT)
    town.command(OpenWallet(WalletKind.MERCHANT, Tier.PREMIUM, ("EUR",)), "open", "shop")
    town.sell(100, "p9", "shop")
    town.command(FreezePayout("EUR"), "out", "shop")
    town.command(SubmitPayout("out", "sct", reference), "sent", "shop")
    town.wait(DAY_US)
    assert [body for _, body in town.ordered()][2:] == [CancelPayout(PAYOUT)]
    plan = town.books.plans.get("mart")
    assert plan.due == 0
    assert plan.stopped == f"{PAYOUT} was not handed over: DUPLICATE_EXTERNAL_REF ext_ref"
    assert town.has("M.PAY") == 6_000
    town.wait(3 * DAY_US)
    assert len(town.ordered()) == 3


def test_what_somebody_else_is_refused_is_none_of_its_business():
    town = day_by_day(6_000)
    town.wait(DAY_US)
    refused = town.writer.command("mart", CancelPayout(PAYOUT), f"{PAYOUT}-submit")
    assert refused.reason is RejectionReason.IDEMPOTENCY_MISMATCH
    town.live()
    assert len(town.ordered()) == 2
    assert town.books.plans.get("mart").stopped == ""


def test_a_payout_that_came_back_stops_the_plan_until_new_terms():
    town = day_by_day(6_000)
    town.wait(DAY_US)
    town.command(ReturnPayout(PAYOUT, "AC04"), "back")
    assert town.writer.job.view.transactions.get(("mart", PAYOUT)).state is TransactionState.FAILED
    assert town.books.plans.get("mart").stopped == f"{PAYOUT} came back: AC04"
    assert town.books.ordered.get(("mart", PAYOUT)) is None
    town.wait(3 * DAY_US)
    assert len(town.ordered()) == 2
    town.agree(rail="pix", command_id="another-account")
    town.wait(DAY_US)
    assert [each.amount for each in town.said(PayoutInstruction)] == [6_000 - FEE, 6_000 - 2 * FEE]


def test_sub_accounts_of_one_merchant_are_paid_apart_and_named_together():
    town = Town()
    for shard in ("mall#0", "mall#1"):
        town.command(OpenWallet(WalletKind.MERCHANT, Tier.PREMIUM, ("EUR",)), "open", shard)
        town.agree(wallet_id=shard)
        town.sell(1_000, f"to-{shard}", shard)
    town.wait(DAY_US)
    instructions = town.said(PayoutInstruction)
    assert {each.merchant for each in instructions} == {"mall"}
    assert [each.wallet_id for each in instructions] == ["mall#0", "mall#1"]
    assert len({each.ext_ref for each in instructions}) == 2
    assert len({each.batch_id for each in instructions}) == 1


def test_a_payout_that_is_not_the_sum_of_its_lines_halts():
    town = day_by_day(6_000)
    key = "mart", "EUR"
    row = town.books.tallies.get(key)
    forged = tuple(
        StatementLine(each.flow, each.account, each.count, each.minor + 1) for each in row.lines
    )
    town.books.tallies.put(key, TallyRow(row.since, forged))
    with pytest.raises(AssertionError, match="its lines add up to 6001"):
        town.wait(DAY_US)
