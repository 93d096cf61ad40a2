"""What a Decision leaves behind besides its events: identities and the head."""

from ledger.fold import close_group, head_of
from schemas.messages.vocabulary import Outcome, RejectionReason, ReviewVerdict, Stage
from tests.support.builders import DAY, Rig, policy
from tests.support.given import given, opened, pay, resolve, topped_up
from tests.support.looking import rows_of
from tests.unit.ledger.rigs import REVIEW_NEW, carried


def identity(rig, wallet_id, command_id):
    row = rig.view.identities.get((wallet_id, command_id))
    return row.outcome, row.reason, row.detail, row.stage


def test_before_the_first_decision_the_head_is_at_zero():
    head = head_of(Rig().view)
    assert (head.sequence, head.group_first_sequence, head.chain) == (0, 1, bytes(32))


def test_the_head_follows_every_decision_and_its_group_only_a_seal():
    rig = Rig()
    rig.grouping = True
    given(opened("alice"), topped_up("alice", 1), rig=rig)
    head = head_of(rig.view)
    assert (head.sequence, head.decided_at, head.group_first_sequence) == (2, rig.at, 1)
    close_group(rig.view, b"c" * 32)
    head = head_of(rig.view)
    assert (head.sequence, head.chain, head.group_first_sequence) == (2, b"c" * 32, 3)


def test_a_retry_is_told_the_final_answer():
    here, there = Rig(0), Rig(1)
    there.open("bob-1")
    given(opened("alice"), topped_up("alice", 100), pay("alice", "bob-1", 5, "pay"), rig=here)
    assert identity(here, "alice", "pay") == (Outcome.ACCEPTED, None, "", Stage.PENDING)
    carried(here, there)
    carried(there, here)
    assert identity(here, "alice", "pay") == (Outcome.ACCEPTED, None, "", Stage.FINAL)
    assert pay("alice", "bob-1", 5, "pay")(here).stage is Stage.FINAL


def test_a_retry_of_a_refused_transfer_is_told_so():
    here, there = Rig(0), Rig(1)
    given(opened("alice"), topped_up("alice", 100), pay("alice", "no-1", 5, "pay"), rig=here)
    carried(here, there)
    carried(there, here)
    refused = (RejectionReason.RECIPIENT_REFUSED, "UNKNOWN_WALLET")
    assert identity(here, "alice", "pay") == (Outcome.REJECTED, *refused, Stage.FINAL)
    assert rows_of(here.replayed()) == rows_of(here.view)


def test_a_forgotten_identity_is_not_made_again():
    here, there = Rig(0), Rig(1)
    there.open("bob-1")
    given(opened("alice"), topped_up("alice", 100), pay("alice", "bob-1", 5, "pay"), rig=here)
    here.view.identities.delete(("alice", "pay"))
    carried(here, there)
    carried(there, here)
    assert here.view.identities.get(("alice", "pay")) is None


def test_a_reviewers_own_answer_is_final_though_the_transfer_travels():
    rig = Rig(ruleset_=REVIEW_NEW)
    given(opened("alice"), topped_up("alice", 9), pay("alice", "bob-1", 5, "pay"), rig=rig)
    verdict = resolve("alice", ReviewVerdict.APPROVE)
    decision = verdict(rig)
    assert identity(rig, "alice", decision.command_id)[3] is Stage.FINAL
    assert identity(rig, "alice", "pay")[3] is Stage.PENDING


def test_an_ending_leaves_the_answer_of_a_later_command_with_the_same_id():
    """The transfer waited longer than its identity was kept; its id went to a top-up."""
    here, there = Rig(0, policy_=policy(saga_max_attempts=0)), Rig(1)
    given(opened("alice"), topped_up("alice", 100), pay("alice", "bob-1", 5, "one"), rig=here)
    here.fire()  # parked
    here.wait(36 * DAY)
    topped_up("alice", 7, command_id="one")(here)
    carried(here, there)
    assert carried(there, here).events[-1].base_amount == 5  # refused there, and given back
    assert identity(here, "alice", "one") == (Outcome.ACCEPTED, None, "", Stage.FINAL)
    assert rows_of(here.replayed()) == rows_of(here.view)
