"""Transfers that wait for a reviewer."""

import pytest

from ledger.decider import decide
from ledger.errors import InvariantError
from ledger.inputs import TimerInput
from schemas.messages.rows import TimerRow
from schemas.messages.vocabulary import (
    RejectionReason,
    ReviewVerdict,
    RiskAction,
    Stage,
    StatusAction,
    TimerKind,
)
from tests.support.builders import DAY, NOON, Rig, fees, policy
from tests.support.given import (
    accepted,
    given,
    happened,
    has,
    opened,
    pay,
    place_hold,
    rejected,
    resolve,
    set_status,
    timer,
    topped_up,
    waited,
)
from tests.support.looking import system_balance
from tests.unit.ledger.rigs import REVIEW_NEW

APPROVE = resolve("alice", ReviewVerdict.APPROVE)
REJECT = resolve("alice", ReviewVerdict.REJECT)
NO_REVIEW = rejected(RejectionReason.INVALID_TRANSITION, "review_id")


def reviewed(*steps, to="bob", limits=None):
    rig = Rig(policy_=policy(fees=fees(0, 5), limits=limits), ruleset_=REVIEW_NEW)
    return given(
        opened("alice", "bob"),
        topped_up("alice", 105),
        pay("alice", to, 50, "pay"),
        *steps,
        rig=rig,
    )


def test_money_and_fee_wait():
    start = given(
        opened("alice", "bob"),
        topped_up("alice", 105),
        rig=Rig(policy_=policy(fees=fees(0, 5)), ruleset_=REVIEW_NEW),
    )
    decision = start.when(pay("alice", "bob", 50)).then(
        accepted(Stage.PENDING),
        happened("OutflowConsumed", "ReviewOpened"),
        has("alice", 45, pending_out=55),
        has("bob", 0),
    )
    assert decision.risk.action is RiskAction.REVIEW


def test_approved_it_is_paid_from_where_it_waits():
    start = reviewed()
    start.when(APPROVE).then(
        accepted(),
        happened("ReviewResolved", "InflowConsumed", "TransferCompleted"),
        has("alice", 45),
        has("bob", 50),
    )
    assert system_balance(start.rig.view, "REV.P2P") == -5
    assert start.rig.view.timers.rows == {}
    start.when(APPROVE).then(NO_REVIEW)


def test_approved_for_another_partition_it_waits_for_the_answer():
    start = reviewed(to="bob-1")
    decision = start.when(APPROVE).then(
        accepted(Stage.PENDING),
        happened("ReviewResolved", "TransferDebited", "LegSent"),
        has("alice", 45, pending_out=5),
    )
    assert (decision.events[1].transfer_id, decision.events[1].source) == ("pay", "W.POUT")
    assert system_balance(start.rig.view, "IB", "1") == -50


def test_rejected_it_is_as_if_it_had_not_been():
    start = reviewed(limits={"day_out": 50, "count_out_hour": 1})
    start.when(REJECT).then(
        accepted(), happened("ReviewResolved", "OutflowGivenBack"), has("alice", 100)
    )
    start.when(pay("alice", "bob", 50)).then(accepted())


def test_nobody_decides_in_24_hours():
    start = reviewed()
    decision = start.when(timer()).then(accepted(), has("alice", 100))
    assert start.rig.at == NOON + DAY
    assert decision.events[0].reviewer == "timer"


def test_an_approval_that_the_recipient_refuses_leaves_it_open():
    start = reviewed(set_status("bob", StatusAction.FREEZE_CREDIT))
    refused = rejected(RejectionReason.RECIPIENT_REFUSED, "CREDIT_BLOCKED")
    start.when(APPROVE).then(refused, has("alice", 45, pending_out=55))
    start.when(REJECT).then(accepted(), has("alice", 100))


def test_a_payer_frozen_meanwhile_is_not_let_out():
    start = reviewed(set_status("alice", StatusAction.FREEZE_DEBIT))
    start.when(APPROVE).then(rejected(RejectionReason.DEBIT_BLOCKED))
    start.when(REJECT).then(accepted(), has("alice", 100))


def test_an_unknown_review():
    given(opened("alice")).when(APPROVE).then(NO_REVIEW)


def test_an_id_under_review_is_not_given_again():
    start = reviewed(waited(36 * DAY))
    refused = rejected(RejectionReason.INVALID_TRANSITION, "command_id")
    start.when(pay("alice", "bob", 1, "pay")).then(refused)


def test_a_hold_is_refused_where_a_transfer_would_wait():
    start = given(opened("alice", "bob"), topped_up("alice", 100), rig=Rig(ruleset_=REVIEW_NEW))
    refused = rejected(RejectionReason.RISK_REVIEW, "", attempted=True)
    start.when(place_hold("alice", "bob", 1)).then(refused)


@pytest.mark.parametrize(("review_id", "due"), [("other", NOON + DAY), ("pay", NOON)])
def test_a_stale_timer_halts(review_id, due):
    rig = reviewed().rig
    stale = TimerInput(TimerRow(TimerKind.REVIEW_EXPIRY, due, "alice", review_id))
    with pytest.raises(InvariantError, match="stale timer of review"):
        decide(rig.view, stale, rig.at, rig.programme, rig.place)
