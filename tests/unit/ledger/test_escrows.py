"""Escrows: funded, and released in milestones; on two partitions and at home."""

import pytest

from schemas.messages.vocabulary import (
    LegKind,
    Outcome,
    Purpose,
    RejectionReason,
    Stage,
    StatusAction,
    Tier,
    TransactionState,
    WalletKind,
)
from tests.support.builders import GENEROUS, INT64_MAX, Rig, policy
from tests.support.given import (
    accepted,
    duplicate,
    given,
    happened,
    has,
    opened,
    pay,
    rejected,
    set_status,
    set_tier,
    topped_up,
)
from tests.support.looking import balance, rows_of, system_balance
from tests.unit.ledger.escrow_words import (
    escrow_is,
    fund,
    home,
    refund,
    release,
    row_of,
    two,
)
from tests.unit.ledger.rigs import REVIEW_NEW, carried


def test_funding_moves_money_out_of_the_wallet_and_takes_of_its_limits():
    home().when(fund(seller="bob", ttl_s=60)).then(
        accepted(),
        happened("OutflowConsumed", "EntryPosted", "TransactionMoved"),
        has("alice", 800),
        escrow_is(TransactionState.PENDING, held=200),
    )


def test_the_limits_are_used_until_they_are_given_back():
    example = home(fund(seller="bob"))
    example.when(pay("alice", "bob", 101)).then(rejected(RejectionReason.LIMIT_WINDOW))
    example.when(refund()).then(accepted())
    example.when(pay("alice", "bob", 300)).then(accepted())


@pytest.mark.parametrize(
    ("step", "reason", "detail"),
    [
        (fund(seller="?"), RejectionReason.MALFORMED_FIELD, "seller_wallet_id"),
        (fund(ttl_s=-1), RejectionReason.MALFORMED_FIELD, "ttl_s"),
        (fund(ttl_s=366 * 86_400 + 1), RejectionReason.MALFORMED_FIELD, "ttl_s"),
        (fund(currency="XXX"), RejectionReason.UNKNOWN_CURRENCY, "XXX"),
        (fund(0), RejectionReason.AMOUNT_NOT_POSITIVE, "amount"),
        (fund(seller="alice"), RejectionReason.SELF_TRANSFER, "seller_wallet_id"),
        (fund(currency="USD"), RejectionReason.CURRENCY_NOT_HELD, "USD"),
        (release(5, escrow_id="?"), RejectionReason.MALFORMED_FIELD, "escrow_id"),
        (release(0), RejectionReason.AMOUNT_NOT_POSITIVE, "amount"),
        (release(3), RejectionReason.AMOUNT_NOT_POSITIVE, "amount after fee"),
        (release(5), RejectionReason.INVALID_TRANSITION, "transaction_id"),
        (refund("?"), RejectionReason.MALFORMED_FIELD, "escrow_id"),
        (refund(), RejectionReason.INVALID_TRANSITION, "transaction_id"),
    ],
)
def test_refused_before_the_attempt(step, reason, detail):
    home().when(step).then(rejected(reason, detail, attempted=False), has("alice", 1_000))


def test_funding_is_an_attempt_to_pay():
    home().when(fund(1_001)).then(rejected(RejectionReason.LIMIT_WINDOW, attempted=True))
    generous = Rig(policy_=policy(limits={"day_out": GENEROUS}))
    given(opened("alice"), topped_up("alice", 50), rig=generous).when(fund(51)).then(
        rejected(RejectionReason.INSUFFICIENT_FUNDS, attempted=True)
    )
    strict = Rig(ruleset_=REVIEW_NEW)
    given(opened("alice"), topped_up("alice", 50), rig=strict).when(fund(5)).then(
        rejected(RejectionReason.RISK_REVIEW, attempted=True)
    )


def test_a_frozen_wallet_funds_nothing_but_may_release():
    frozen = set_status("alice", StatusAction.FREEZE_DEBIT)
    home(frozen).when(fund()).then(rejected(RejectionReason.DEBIT_BLOCKED))
    home(fund(seller="bob"), frozen).when(release(100)).then(accepted(), has("bob", 97))
    both = set_status("alice", StatusAction.FREEZE_BOTH)
    example = home(fund(seller="bob"), both)
    example.when(release(100)).then(rejected(RejectionReason.DEBIT_BLOCKED))
    example.when(refund()).then(accepted(), has("alice", 1_000))


@pytest.mark.parametrize(
    ("kind", "account"), [(WalletKind.CUSTOMER, "W.AVL"), (WalletKind.MERCHANT, "M.PAY")]
)
def test_at_home_a_milestone_arrives_at_once(kind, account):
    example = home(fund(seller="bob"), seller_kind=kind)
    example.when(release(150)).then(
        accepted(),
        escrow_is(TransactionState.PENDING, done=150, fee=4, held=50),
    )
    view = example.rig.view
    assert balance(view, "bob", account) == 146
    assert (system_balance(view, "REV.ESC"), system_balance(view, "IB", "0")) == (-4, 0)
    example.when(release(50, "last")).then(
        accepted(), escrow_is(TransactionState.COMPLETED, done=200, fee=7)
    )
    example.when(release(5, "late")).then(rejected(RejectionReason.INVALID_TRANSITION, "COMPLETED"))
    example.when(refund()).then(rejected(RejectionReason.INVALID_TRANSITION, "COMPLETED"))


def test_more_than_is_left_is_not_released():
    example = home(fund(seller="bob"), release(150))
    example.when(release(51, "more")).then(rejected(RejectionReason.HOLD_EXCEEDED, "amount"))


def test_at_home_a_refusal_changes_nothing():
    example = home(fund(seller="bob"), set_status("bob", StatusAction.FREEZE_CREDIT))
    example.when(release(100)).then(
        rejected(RejectionReason.RECIPIENT_REFUSED, "CREDIT_BLOCKED", attempted=False),
        escrow_is(TransactionState.PENDING, held=200),
    )


@pytest.mark.parametrize(
    ("kind", "account"), [(WalletKind.CUSTOMER, "W.AVL"), (WalletKind.MERCHANT, "M.PAY")]
)
def test_a_milestone_crosses_and_is_answered(kind, account):
    here, there = two(fund(), kind=kind)
    given(rig=here).when(release(150)).then(
        accepted(Stage.PENDING),
        happened("EntryPosted", "TransactionMoved", "TransferDebited", "LegSent"),
        escrow_is(TransactionState.PROCESSING, held=50, under_way=150),
    )
    leg = here.legs[0]
    assert (leg.purpose, leg.transfer_id, leg.about) == (Purpose.ESCROW, "rel", "e1")
    given(rig=here).when(release(50, "more")).then(
        rejected(RejectionReason.INVALID_TRANSITION, "PROCESSING")
    )
    given(rig=here).when(refund()).then(rejected(RejectionReason.INVALID_TRANSITION, "PROCESSING"))
    credited = carried(here, there)
    assert credited.outcome is Outcome.ACCEPTED
    assert balance(there.view, "bob-1", account) == 146
    assert there.legs[0].about == "e1"
    given(rig=here).when(lambda rig: carried(there, rig)).then(
        happened("LegReceived", "TransferSettled", "TransactionMoved"),
        escrow_is(TransactionState.PENDING, done=150, fee=4, held=50),
    )
    again = release(150)(here)
    assert (again.outcome, again.stage) == (Outcome.DUPLICATE, Stage.FINAL)
    release(50, "last")(here)
    carried(here, there)
    carried(there, here)
    assert row_of(here).state is TransactionState.COMPLETED
    assert here.view.wallets.get("alice").open_movements == 0


def test_refused_the_money_and_its_fee_are_in_escrow_again():
    here, there = two(fund())
    set_status("bob-1", StatusAction.FREEZE_CREDIT)(there)
    release(150)(here)
    carried(here, there)
    assert there.legs[0].kind is LegKind.NACK
    given(rig=here).when(lambda rig: carried(there, rig)).then(
        happened("LegReceived", "TransferCompensated", "EntryPosted", "TransactionMoved"),
        escrow_is(TransactionState.PENDING, held=200),
        has("alice", 800),
    )
    assert system_balance(here.view, "REV.ESC") == system_balance(here.view, "IB", "1") == 0
    again = release(150)(here)
    assert (again.reason, again.detail) == (RejectionReason.RECIPIENT_REFUSED, "CREDIT_BLOCKED")
    given(rig=here).when(release(200, "whole")).then(accepted(Stage.PENDING))


def test_the_question_names_the_escrow_as_the_money_did():
    here, there = two(fund())
    release(150)(here)
    here.fire()
    assert [(each.kind, each.about) for each in here.legs] == [
        (LegKind.CREDIT, "e1"),
        (LegKind.CANCEL, "e1"),
    ]
    carried(here, there)
    assert [(each.kind, each.about) for each in there.legs] == [(LegKind.ACK, "e1")] * 2
    carried(there, here)
    assert (row_of(here).state, row_of(here).done) == (TransactionState.PENDING, 150)


def test_a_seller_who_is_nobody_refuses():
    here, there = two(fund(seller="nobody-1"))
    release(150)(here)
    assert carried(here, there).reason is RejectionReason.UNKNOWN_WALLET
    carried(there, here)
    given(rig=here).when(refund()).then(accepted(), has("alice", 1_000))


def test_a_repeat_is_answered_as_before():
    example = home(fund(seller="bob"))
    example.when(fund(seller="bob")).then(duplicate(of=4))


@pytest.mark.parametrize("step", [fund(seller="bob"), release(10, "e1")])
def test_an_id_names_one_escrow_for_ever(step):
    rig = home(fund(seller="bob")).rig
    rig.view.identities.rows.clear()  # as after 35 days
    assert step(rig).reason is RejectionReason.INVALID_TRANSITION
    assert rig.log[-1][0].detail == "command_id"


def test_a_wallet_with_an_escrow_is_not_closed():
    example = home(fund(seller="bob"))
    example.when(set_status("alice", StatusAction.CLOSE)).then(
        rejected(RejectionReason.INVALID_TRANSITION, "movements")
    )


def test_revenue_without_room_refuses_a_release():
    example = home(fund(seller="bob"))
    from_rows = rows_of(example.rig.view)["accounts"]
    key = ("REV.ESC", "", "EUR")
    assert key not in from_rows
    filled = type(next(iter(from_rows.values())))(-INT64_MAX - 1)
    example.rig.view.accounts.put(key, filled)
    decision = release(150)(example.rig)
    assert (decision.reason, decision.detail) == (RejectionReason.AMOUNT_OVERFLOW, "REV.ESC")


def test_an_unverified_wallet_funds_nothing():
    home(set_tier("alice", Tier.UNVERIFIED)).when(fund()).then(
        rejected(RejectionReason.WALLET_NOT_ACTIVE)
    )
