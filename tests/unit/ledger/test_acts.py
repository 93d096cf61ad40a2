"""What an operator did is kept in the log, once, by ids only, and changes nothing."""

import pytest

from schemas.messages.control import ActivatePolicy, RecordAct
from schemas.messages.vocabulary import Outcome, RejectionReason
from tests.support.builders import Rig, policy
from tests.support.given import accepted, given, happened, opened, rejected, topped_up
from tests.support.looking import rows_of
from tests.support.trials import NO_ACTS, act

WATCHED = policy(version="watched", control_four_eyes=True)


def recorded(control_id="act-1", **fields):
    issuer = fields.pop("issuer", "ops")
    return lambda rig: rig.control(RecordAct(act(**fields)), control_id, issuer=issuer, approver="")


def test_an_act_is_an_event_without_an_entry_and_changes_no_other_row():
    start = given(opened("alice"), topped_up("alice", 100))
    before = rows_of(start.rig.view)
    decision = start.when(recorded(request_id="")).then(accepted(), happened("ActRecorded"))
    (event,) = decision.events
    assert (event.control_id, event.act) == ("act-1", act(request_id=""))
    assert (decision.entries, decision.balances, decision.wallet_id) == ((), (), "")
    after = rows_of(start.rig.view)
    assert {name for name in after if after[name] != before[name]} == {"head", "controls"}


def test_the_same_record_again_is_the_same_act():
    start = given(recorded())
    decision = start.when(recorded()).then(happened())
    assert (decision.outcome, decision.duplicate_of) == (Outcome.DUPLICATE, 1)


@pytest.mark.parametrize("wrong", NO_ACTS)
def test_whatever_is_no_id_stays_out_of_the_log(wrong):
    field = "issuer" if wrong == {"actor": "bea"} else f"act.{next(iter(wrong))}"
    given().when(recorded(**wrong)).then(rejected(RejectionReason.MALFORMED_FIELD, field))


def test_an_act_belongs_to_the_partition_of_its_subject():
    rigs = [Rig(number, 2) for number in range(2)]
    home = rigs[0].place.partition_of("alice")
    for rig in rigs:
        decision = recorded()(rig)
        right = rig.place.partition == home
        assert decision.reason == (None if right else RejectionReason.MISROUTED)


def test_one_pair_of_eyes_is_enough_to_say_what_was_done():
    start = given(lambda rig: rig.control(ActivatePolicy(WATCHED), "watched"))
    start.when(recorded()).then(accepted())
