"""A cut marks a place of the log; its number only grows, and it changes nothing else."""

import pytest

from schemas.messages.control import ActivatePolicy, TakeCut
from schemas.messages.vocabulary import Outcome, RejectionReason
from tests.support.builders import policy
from tests.support.given import accepted, given, happened, opened, rejected, topped_up
from tests.support.looking import rows_of

WATCHED = policy(version="watched", control_four_eyes=True)


def cut(k, label="", control_id=None, **signed):
    return lambda rig: rig.control(TakeCut(k, label), control_id or f"cut-{k}", **signed)


def test_a_cut_marks_the_log_and_changes_nothing_but_the_last_cut():
    start = given(opened("alice"), topped_up("alice", 100))
    before = rows_of(start.rig.view)
    decision = start.when(cut(7, "2026-11-29")).then(accepted(), happened("CutTaken"))
    (event,) = decision.events
    assert (event.control_id, event.k, event.label) == ("cut-7", 7, "2026-11-29")
    assert (decision.entries, decision.balances) == ((), ())
    after = rows_of(start.rig.view)
    changed = {name for name in after if after[name] != before[name]}
    assert changed == {"head", "controls", "cuts"}


def test_the_number_grows():
    start = given(cut(7))
    older = rejected(RejectionReason.INVALID_TRANSITION, "k")
    start.when(cut(6)).then(older, happened())
    start.when(cut(7, control_id="other")).then(older, happened())
    start.when(cut(8)).then(accepted())


def test_the_same_record_again_is_the_same_cut():
    start = given(cut(7))
    decision = start.when(cut(7)).then(happened())
    assert (decision.outcome, decision.duplicate_of) == (Outcome.DUPLICATE, 1)


@pytest.mark.parametrize("k", [0, -1])
def test_a_number_is_positive(k):
    given().when(cut(k, control_id="c")).then(rejected(RejectionReason.MALFORMED_FIELD, "k"))


@pytest.mark.parametrize(
    "label", ["today", "2026-13-01", "2026-00-01", "2026-11-32", "26-11-29", " "]
)
def test_a_label_is_a_date_or_nothing(label):
    given().when(cut(1, label)).then(rejected(RejectionReason.MALFORMED_FIELD, "label"))


def test_one_pair_of_eyes_is_enough_for_a_cut():
    start = given(lambda rig: rig.control(ActivatePolicy(WATCHED), "watched"))
    start.when(cut(1, issuer="", approver="")).then(accepted())
