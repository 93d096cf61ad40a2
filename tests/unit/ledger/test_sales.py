"""A merchant is paid, directly or by captures; its money waits, then it may be paid out."""

import pytest

from ledger.case import Moment
from ledger.decider import decide
from ledger.decisions.sales import Split, due
from ledger.decisions.transactions import changed
from ledger.errors import InvariantError
from ledger.inputs import TimerInput
from schemas.messages.commands import (
    ChangeWalletStatus,
    Pay,
    SetMerchantTerms,
)
from schemas.messages.rows import AccountRow, MerchantTermsRow, TimerRow
from schemas.messages.vocabulary import (
    Authority,
    FeeBack,
    Outcome,
    RejectionReason,
    Stage,
    StatusAction,
    Tier,
    TimerKind,
    TransactionState,
    WalletKind,
)
from tests.support.builders import DAY, INT64_MAX, NOON, Rig, policy
from tests.support.given import accepted, command, given, has, opened, rejected, topped_up
from tests.support.looking import balance
from tests.unit.ledger.catalogue_rows import posted_in
from tests.unit.ledger.merchants import PAYER, Market
from tests.unit.ledger.rigs import REVIEW_NEW

MERCHANT = opened("mart", kind=WalletKind.MERCHANT)
TERMS = SetMerchantTerms(290, 0, 500, 172_800, FeeBack.PRO_RATA)


def terms(**changed):
    values = {name: getattr(TERMS, name) for name in TERMS.__match_args__}
    return command("mart", SetMerchantTerms(**{**values, **changed}))


def buy(amount=100, to="mart", command_id="p", currency="EUR", order_ref="order"):
    return command("alice", Pay(to, currency, amount, order_ref), command_id)


def shopping(*steps, **changed):
    return given(
        opened("alice"),
        MERCHANT,
        topped_up("alice", 1_000),
        *steps,
        rig=Rig(policy_=policy(**changed)),
    )


def pending(amount):
    def check(then):
        assert balance(then.rig.view, "mart", "M.PEND") == amount

    return check


def test_a_sale_on_one_partition_is_final_at_once():
    decision = shopping().when(buy()).then(accepted(), has("alice", 900), pending(98))
    assert [entry.flow for entry in decision.entries] == ["F6.1", "F6.2"]
    assert posted_in(decision) == {
        ("W.AVL", "alice"): 100,
        ("IB", "0"): 0,
        ("M.PEND", "mart"): -98,
        ("REV.MDR", ""): -2,
    }


@pytest.mark.parametrize("home", [0, 1])
def test_a_sale_is_parted_into_what_was_agreed(home):
    market = Market(home)
    stage = Stage.FINAL if home == 0 else Stage.PENDING
    assert market.pay().stage is stage
    assert market.has("M.PEND", "M.RSV", "W.AVL") == (9_210, 500, 0)
    row = market.payment()
    assert (row.amount, row.fee, row.reserve, row.done) == (10_000, 290, 500, 790)
    assert (row.counterparty, row.reference) == (PAYER, "order")
    assert row.state is TransactionState.COMPLETED
    assert row.due == NOON + 2 * DAY
    market.check()


def test_the_answer_of_a_sale_elsewhere_is_final_when_it_arrived():
    market = Market()
    market.pay()
    settled = market.payer_rig.log[-1][0]
    assert [type(each).__name__ for each in settled.events] == ["LegReceived", "TransferSettled"]
    assert market.payer_rig.view.sagas.rows == {}
    again = market.pay()
    assert (again.outcome, again.stage) == (Outcome.DUPLICATE, Stage.FINAL)


def test_a_sale_matures_once():
    market = Market()
    market.pay()
    market.mature()
    assert market.has("M.PEND", "M.PAY") == (0, 9_210)
    assert (market.payment().done, market.payment().due) == (10_000, 0)
    assert market.rig.view.timers.rows == {}
    market.check()


def test_nothing_matures_twice():
    market = Market()
    market.pay()
    market.mature()
    rig = market.rig
    moment = Moment(rig.view, rig.at, rig.programme, rig.place)
    with pytest.raises(InvariantError, match="waits to be paid out"):
        due(moment, (market.merchant, "sam/none"), changed(market.payment(), reserve=0))
    stale = TimerInput(TimerRow(TimerKind.TRANSACTION_DUE, NOON, market.merchant, "sam/p"))
    with pytest.raises(InvariantError, match="stale timer of transaction"):
        decide(market.rig.view, stale, market.rig.at, market.rig.programme, market.rig.place)


def test_a_merchant_without_terms_has_those_of_the_policy():
    changed = {"merchant_mdr_bp": 1_000, "merchant_mdr_fixed_minor": 3, "merchant_reserve_bp": 500}
    start = shopping(merchant_mature_after_s=60, **changed)
    start.when(buy()).then(accepted(), pending(100 - 13 - 5))
    assert start.rig.view.transactions.get(("mart", "alice/p")).due == NOON + 60_000_000


@pytest.mark.parametrize(
    ("amount", "fee", "reserve", "debt", "parts"),
    [
        (100, 3, 5, 0, (3, 5, 0, 92)),
        (100, 3, 5, 40, (3, 5, 40, 52)),
        (100, 3, 5, 93, (3, 5, 92, 0)),
        (2, 3, 5, 9, (2, 0, 0, 0)),
        (6, 3, 5, 9, (3, 3, 0, 0)),
    ],
)
def test_no_part_of_a_sale_exceeds_what_is_left(amount, fee, reserve, debt, parts):
    split = Split(amount, fee, reserve, debt)
    assert (split.fee, split.reserve, split.recovered, split.pending) == parts


def test_a_sale_of_which_nothing_is_left_has_no_timer():
    start = shopping(terms(mdr_bp=10_000))
    start.when(buy()).then(accepted(), pending(0))
    assert start.rig.view.timers.rows == {}


# --- refusals


@pytest.mark.parametrize(
    ("step", "verdict"),
    [
        (buy(to="-"), rejected(RejectionReason.MALFORMED_FIELD, "to_wallet_id")),
        (buy(order_ref=""), rejected(RejectionReason.MALFORMED_FIELD, "order_ref")),
        (buy(currency="XXX"), rejected(RejectionReason.UNKNOWN_CURRENCY, "XXX")),
        (buy(0), rejected(RejectionReason.AMOUNT_NOT_POSITIVE, "amount")),
        (buy(to="alice"), rejected(RejectionReason.SELF_TRANSFER, "to_wallet_id")),
        (buy(1_001), rejected(RejectionReason.INSUFFICIENT_FUNDS, "EUR", attempted=True)),
        (terms(mdr_bp=-1), rejected(RejectionReason.MALFORMED_FIELD, "mdr_bp")),
        (terms(mdr_bp=10_001), rejected(RejectionReason.MALFORMED_FIELD, "mdr_bp")),
        (terms(mdr_fixed_minor=-1), rejected(RejectionReason.MALFORMED_FIELD, "mdr_fixed_minor")),
        (terms(reserve_bp=10_001), rejected(RejectionReason.MALFORMED_FIELD, "reserve_bp")),
        (terms(mature_after_s=0), rejected(RejectionReason.MALFORMED_FIELD, "mature_after_s")),
        (command("alice", TERMS), rejected(RejectionReason.INVALID_TRANSITION, "kind")),
    ],
)
def test_what_is_refused(step, verdict):
    shopping().when(step).then(verdict, has("alice", 1_000))


def test_limits_and_status_of_the_payer():
    low = shopping(limits={"per_tx_out": 99})
    low.when(buy()).then(rejected(RejectionReason.LIMIT_PER_TX, "per_tx_out", attempted=True))
    freeze = command("alice", ChangeWalletStatus(StatusAction.FREEZE_DEBIT, Authority.COURT))
    shopping(freeze).when(buy()).then(rejected(RejectionReason.DEBIT_BLOCKED))


def test_a_payment_does_not_wait_for_a_reviewer():
    rig = Rig(ruleset_=REVIEW_NEW)
    start = given(opened("alice"), MERCHANT, topped_up("alice", 1_000), rig=rig)
    start.when(buy()).then(rejected(RejectionReason.RISK_REVIEW, attempted=True), pending(0))


def test_an_account_between_partitions_without_room_refuses():
    start = shopping()
    start.rig.view.accounts.put(("IB", "1", "EUR"), AccountRow(-INT64_MAX))
    decision = start.rig.command("alice", Pay("mart-1", "EUR", 2, "order"), "p")
    assert (decision.reason, decision.detail) == (RejectionReason.AMOUNT_OVERFLOW, "IB")


def test_an_id_whose_payment_is_under_way_is_not_given_again():
    start = shopping()
    start.when(buy(to="mart-1")).then(accepted(Stage.PENDING))
    start.rig.wait(36 * DAY)
    start.when(buy(to="mart-1")).then(rejected(RejectionReason.INVALID_TRANSITION, "command_id"))


def test_a_payment_again_is_told_its_first_answer():
    start = shopping(buy())
    assert (
        start.rig.command("alice", Pay("mart", "EUR", 100, "order"), "p").outcome
        is Outcome.DUPLICATE
    )
    other = start.rig.command("alice", Pay("mart", "EUR", 100, "another"), "p")
    assert (other.reason, other.detail) == (RejectionReason.IDEMPOTENCY_MISMATCH, "order_ref")


def test_terms_hold_from_the_next_sale_on():
    start = shopping(buy(), terms(mdr_bp=1_000, reserve_bp=0))
    agreed = start.rig.view.merchant_terms.get("mart")
    assert agreed == MerchantTermsRow(1_000, 0, 0, 172_800, FeeBack.PRO_RATA)
    start.when(buy(command_id="q")).then(accepted(), pending(98 + 90))


def test_a_closed_merchant_agrees_to_nothing():
    close = command("mart", ChangeWalletStatus(StatusAction.CLOSE, Authority.OPERATOR))
    shopping(close).when(terms()).then(rejected(RejectionReason.WALLET_NOT_ACTIVE, "CLOSED"))


def test_a_merchant_with_money_cannot_be_closed():
    close = command("mart", ChangeWalletStatus(StatusAction.CLOSE, Authority.OPERATOR))
    shopping(buy()).when(close).then(rejected(RejectionReason.INVALID_TRANSITION, "balance"))


def test_tiers_do_not_limit_what_a_merchant_is_paid():
    market = Market(limits={"per_tx_in": 50_000, "day_in": 50_000, "balance_cap": 50_000})
    market.order(SetMerchantTerms(0, 0, 0, 60, FeeBack.NONE))
    for number in range(3):
        market.payer_rig.open(f"p{number}", Tier.BASIC)
    market.pay(50_000)
    assert market.has("M.PEND") == (50_000,)
    assert market.rig.view.inflows.get(market.merchant) is None
