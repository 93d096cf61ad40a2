"""Chargebacks of top-ups by card: a lien at once, then won or lost."""

import pytest

from schemas.messages.commands import AdviseChargeback, ResolveChargeback
from schemas.messages.rows import AccountRow
from schemas.messages.vocabulary import RejectionReason, StatusAction, TransactionState
from tests.support.bank import charged_back, holds, posted, resolved, stands, submitted, system
from tests.support.builders import DAY, INT64_MAX, Rig
from tests.support.given import (
    accepted,
    command,
    duplicate,
    given,
    happened,
    opened,
    pay,
    rejected,
    set_status,
    topped_up,
    waited,
)

INVALID = RejectionReason.INVALID_TRANSITION
S = TransactionState
WON, LOST = resolved("alice", won=True), resolved("alice", won=False)
CLOSE = set_status("alice", StatusAction.CLOSE)


def with_top_up(*steps, rig=None):
    """Alice has 100 by card."""
    return given(opened("alice", "bob"), topped_up("alice", 100, ext_ref="card1"), *steps, rig=rig)


def test_the_advice_puts_a_lien_on():
    start = with_top_up()
    start.when(charged_back("alice", 100)).then(
        accepted(),
        happened("TransactionMoved", "TopUpChargedBack", "EntryPosted"),
        posted(("F10.1", ("W.AVL", "alice", 100), ("W.LIEN", "alice", -100))),
        stands("alice", "back", S.PENDING, reserve=100, rail="card", reference="card1"),
    )
    assert start.rig.view.external_refs.get(("card", "card1")).charged_back == 100
    start.when(charged_back("alice", 100)).then(duplicate(4))


def test_a_lost_one_goes_to_the_scheme():
    start = with_top_up(charged_back("alice", 100))
    start.when(LOST).then(
        accepted(),
        happened("TransactionMoved", "TransactionMoved", "EntryPosted"),
        posted(("F10.5", ("W.LIEN", "alice", 100), ("RAIL.CHB", "card", -100))),
        stands("alice", "back", S.COMPLETED, done=100, reserve=0),
        holds("alice", AVL=0, LIEN=0),
    )
    start.when(LOST).then(rejected(INVALID, "COMPLETED"))
    exceeded = rejected(RejectionReason.REFUND_EXCEEDED, "amount")
    start.when(charged_back("alice", 1, "next")).then(exceeded)


def test_a_won_one_comes_free_and_may_come_again():
    start = with_top_up(charged_back("alice", 100))
    start.when(WON).then(
        accepted(),
        happened("TransactionMoved", "TransactionMoved", "TopUpChargedBack", "EntryPosted"),
        posted(("F10b.4", ("W.LIEN", "alice", 100), ("W.AVL", "alice", -100))),
        stands("alice", "back", S.REVERSED, refunded=100, reserve=0),
        holds("alice", AVL=100, LIEN=0),
    )
    start.when(WON).then(rejected(INVALID, "REVERSED"))
    start.when(charged_back("alice", 100, "next")).then(accepted())


def test_several_together_never_exceed_the_top_up():
    start = with_top_up(charged_back("alice", 60))
    exceeded = rejected(RejectionReason.REFUND_EXCEEDED, "amount")
    start.when(charged_back("alice", 41, "next")).then(exceeded)
    start.when(charged_back("alice", 40, "third")).then(accepted(), holds("alice", LIEN=100))


def test_what_was_spent_is_owed_only_once_it_is_lost():
    start = with_top_up(pay("alice", "bob", 70))
    start.when(charged_back("alice", 100)).then(
        posted(("F10.1", ("W.AVL", "alice", 30), ("W.LIEN", "alice", -30))),
        stands("alice", "back", S.PENDING, reserve=30),
        system("RCV.CUST", 0, "alice"),
    )
    start.when(topped_up("alice", 20)).then(holds("alice", AVL=20, LIEN=30))
    start.when(LOST).then(
        posted(
            (
                "F10.5",
                ("W.LIEN", "alice", 30),
                ("W.AVL", "alice", 20),
                ("RCV.CUST", "alice", 50),
                ("RAIL.CHB", "card", -100),
            )
        ),
    )
    start.when(topped_up("alice", 60)).then(holds("alice", AVL=10), system("RCV.CUST", 0, "alice"))


@pytest.mark.parametrize("outcome", [WON, LOST])
def test_one_without_a_lien_posts_nothing_until_it_is_lost(outcome):
    start = with_top_up(pay("alice", "bob", 100))
    start.when(charged_back("alice", 100)).then(
        happened("TransactionMoved", "TopUpChargedBack"), posted()
    )
    lost = ("F10.5", ("RCV.CUST", "alice", 100), ("RAIL.CHB", "card", -100))
    start.when(outcome).then(accepted(), posted(*([lost] if outcome is LOST else [])))


@pytest.mark.parametrize(
    ("body", "reason", "detail"),
    [
        (AdviseChargeback("", "card1", 1), RejectionReason.MALFORMED_FIELD, "rail"),
        (AdviseChargeback("card", "", 1), RejectionReason.MALFORMED_FIELD, "ext_ref"),
        (AdviseChargeback("card", "card1", 0), RejectionReason.AMOUNT_NOT_POSITIVE, "amount"),
        (ResolveChargeback("", True), RejectionReason.MALFORMED_FIELD, "chargeback_id"),
        (AdviseChargeback("ach", "in", 1), RejectionReason.UNKNOWN_ACCOUNT, "ach"),
        (AdviseChargeback("card", "unknown", 1), INVALID, "ext_ref"),
        (AdviseChargeback("card", "bobs", 1), INVALID, "ext_ref"),
        (AdviseChargeback("card", "card1", 101), RejectionReason.REFUND_EXCEEDED, "amount"),
        (ResolveChargeback("unknown", True), INVALID, "chargeback_id"),
        (ResolveChargeback("top", True), INVALID, "chargeback_id"),
    ],
)
def test_what_is_refused_at_once(body, reason, detail):
    start = with_top_up(topped_up("bob", 5, ext_ref="bobs"), submitted("alice", 5))
    start.when(command("alice", body)).then(rejected(reason, detail))


def test_an_id_names_one_transaction_for_ever():
    start = with_top_up(charged_back("alice", 10), waited(36 * DAY))
    start.when(charged_back("alice", 10)).then(rejected(INVALID, "command_id"))


def test_no_status_stops_a_chargeback():
    start = with_top_up(set_status("alice", StatusAction.FREEZE_BOTH))
    start.when(charged_back("alice", 100)).then(accepted())
    start.when(LOST).then(accepted())


def test_an_open_one_keeps_a_wallet_open_and_a_closed_one_may_come_to_owe():
    start = with_top_up(pay("alice", "bob", 100), charged_back("alice", 60))
    start.when(CLOSE).then(rejected(INVALID, "movements"))
    start.when(WON).then(accepted())
    start.when(CLOSE).then(accepted())
    start.when(charged_back("alice", 100, "late")).then(accepted())
    lost = resolved("alice", won=False, chargeback_id="late")
    start.when(lost).then(accepted(), system("RCV.CUST", 100, "alice"))


def test_a_debt_stays_inside_64_bits():
    rig = Rig()
    with_top_up(pay("alice", "bob", 100), charged_back("alice", 100), rig=rig)
    rig.view.accounts.put(("RCV.CUST", "alice", "EUR"), AccountRow(INT64_MAX))
    decision = LOST(rig)
    assert (decision.reason, decision.detail) == (RejectionReason.AMOUNT_OVERFLOW, "RCV.CUST")
