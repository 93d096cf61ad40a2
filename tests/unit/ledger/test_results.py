"""Whom a Decision answers, and what it tells them."""

from ledger.results import results_of
from schemas.messages.commands import ChangeTier
from schemas.messages.control import ActivateRuleset
from schemas.messages.vocabulary import (
    Outcome,
    RejectionReason,
    ReviewVerdict,
    Stage,
    Tier,
)
from tests.support.builders import Rig, ruleset
from tests.support.given import given, opened, pay, resolve, timer, topped_up
from tests.unit.ledger.rigs import REVIEW_NEW, carried, copied


def told(decision):
    return [
        (each.wallet_id, each.command_id, each.outcome, each.reason, each.stage)
        for each in results_of(decision)
    ]


def test_a_command_is_answered():
    rig = given(opened("alice")).rig
    decision = rig.command("alice", ChangeTier(Tier.PREMIUM), "one")
    assert told(decision) == [("alice", "one", Outcome.ACCEPTED, None, Stage.FINAL)]
    [result] = results_of(decision)
    assert (result.partition, result.sequence) == (0, 2)
    assert (result.decided_at, result.duplicate_of) == (rig.at, None)


def test_what_nobody_could_read_is_answered_by_a_dead_letter_only():
    decision = given(opened("alice")).rig.command("alice", ChangeTier(Tier.PREMIUM), "one")
    assert told(copied(decision, reason=RejectionReason.UNREADABLE)) == []
    assert told(copied(decision, reason=RejectionReason.TOO_LARGE)) == []
    assert told(copied(decision, command_id="")) == []


def test_a_control_record_is_answered_to_nobody():
    assert told(Rig().control(ActivateRuleset(ruleset()))) == []


def test_the_end_of_a_transfer_is_told_to_its_payer():
    here, there = Rig(0), Rig(1)
    there.open("bob-1")
    given(opened("alice"), topped_up("alice", 100), rig=here)
    pending = pay("alice", "bob-1", 5, "pay")(here)
    assert told(pending) == [("alice", "pay", Outcome.ACCEPTED, None, Stage.PENDING)]
    assert told(carried(here, there)) == []
    final = carried(there, here)
    assert told(final) == [("alice", "pay", Outcome.ACCEPTED, None, Stage.FINAL)]


def test_so_is_its_refusal():
    here, there = Rig(0), Rig(1)
    given(opened("alice"), topped_up("alice", 100), pay("alice", "no-1", 5, "pay"), rig=here)
    carried(here, there)
    reason = RejectionReason.RECIPIENT_REFUSED
    final = carried(there, here)
    assert told(final) == [("alice", "pay", Outcome.REJECTED, reason, Stage.FINAL)]
    assert results_of(final)[0].detail == "UNKNOWN_WALLET"


def reviewed(to):
    rig = Rig(ruleset_=REVIEW_NEW)
    steps = (opened("alice", "bob"), topped_up("alice", 9), pay("alice", to, 5, "pay"))
    return given(*steps, rig=rig).rig


def test_an_approval_answers_reviewer_and_payer():
    decision = resolve("alice", ReviewVerdict.APPROVE)(reviewed("bob"))
    own = ("alice", decision.command_id, Outcome.ACCEPTED, None, Stage.FINAL)
    assert told(decision) == [own, ("alice", "pay", Outcome.ACCEPTED, None, Stage.FINAL)]


def test_an_approval_that_travels_answers_the_reviewer_only():
    decision = resolve("alice", ReviewVerdict.APPROVE)(reviewed("bob-1"))
    own = ("alice", decision.command_id, Outcome.ACCEPTED, None, Stage.FINAL)
    assert told(decision) == [own]


def test_a_review_that_nobody_decided_answers_the_payer():
    decision = timer()(reviewed("bob"))
    refused = (Outcome.REJECTED, RejectionReason.RISK_REVIEW, Stage.FINAL)
    assert told(decision) == [("alice", "pay", *refused)]
