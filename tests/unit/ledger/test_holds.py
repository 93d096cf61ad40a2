"""Reserved money: placed, captured in parts, voided, expired."""

import pytest

from ledger.decider import decide
from ledger.errors import InvariantError
from ledger.holds import OPEN, TRANSITIONS, HoldVerb
from ledger.inputs import TimerInput
from schemas.messages.rows import TimerRow
from schemas.messages.vocabulary import (
    HoldStatus,
    RejectionReason,
    Stage,
    StatusAction,
    TimerKind,
)
from tests.support.builders import DAY, MINUTE, NOON, Rig, fees, policy
from tests.support.given import (
    accepted,
    capture,
    given,
    happened,
    has,
    opened,
    pay,
    place_hold,
    rejected,
    set_status,
    timer,
    topped_up,
    void,
    waited,
)

INACTIVE = rejected(RejectionReason.HOLD_NOT_ACTIVE, "hold_id")
IN_USE = rejected(RejectionReason.INVALID_TRANSITION, "command_id")


def holding(*steps, amount=60, **changed):
    rig = Rig(policy_=policy(**changed))
    return given(
        opened("alice", "bob"),
        topped_up("alice", 100),
        place_hold("alice", "bob", amount),
        *steps,
        rig=rig,
    )


def hold_is(status, captured, released):
    def check(then):
        row = then.rig.view.holds.get(("alice", "hold"))
        assert (row.status, row.captured, row.released) == (status, captured, released)

    return check


def test_the_table_ends_where_nothing_is_left_to_do():
    finals = {HoldStatus.CAPTURED, HoldStatus.VOIDED, HoldStatus.EXPIRED}
    assert set(HoldStatus) - OPEN == finals
    everything = {(status, verb) for status in OPEN for verb in HoldVerb}
    assert everything - set(TRANSITIONS) == {(HoldStatus.PARTIALLY_CAPTURED, HoldVerb.INCREMENT)}


def test_a_hold_reserves_without_a_fee():
    rig = Rig(policy_=policy(fees=fees(1_000)))
    start = given(opened("alice", "bob"), topped_up("alice", 100), rig=rig)
    start.when(place_hold("alice", "bob", 90)).then(accepted(), has("alice", 0, 90))


def test_a_capture_pays_and_releases_the_rest():
    decision = (
        holding()
        .when(capture("alice", 40))
        .then(
            accepted(),
            happened("HoldCaptured", "OutflowGivenBack", "InflowConsumed", "TransferCompleted"),
            has("alice", 60),
            has("bob", 40),
            hold_is(HoldStatus.CAPTURED, 40, 20),
        )
    )
    assert [entry.flow for entry in decision.entries] == ["F7.5", "F7.5"]


def test_a_whole_capture_releases_nothing():
    decision = (
        holding()
        .when(capture("alice", 60))
        .then(happened("HoldCaptured", "InflowConsumed", "TransferCompleted"), has("alice", 40))
    )
    assert len(decision.entries) == 1


def test_captures_in_parts():
    start = holding()
    kept = hold_is(HoldStatus.PARTIALLY_CAPTURED, 10, 0)
    start.when(capture("alice", 10, keep_open=True)).then(accepted(), kept, has("alice", 40, 50))
    kept = hold_is(HoldStatus.PARTIALLY_CAPTURED, 30, 0)
    start.when(capture("alice", 20, keep_open=True)).then(accepted(), kept)
    ended = hold_is(HoldStatus.CAPTURED, 60, 0)
    start.when(capture("alice", 30, keep_open=True)).then(accepted(), ended, has("bob", 60))
    start.when(capture("alice", 1)).then(INACTIVE)


@pytest.mark.parametrize(
    ("amount", "verdict"),
    [
        (49, accepted()),
        (50, accepted()),
        (51, rejected(RejectionReason.HOLD_EXCEEDED, "amount")),
    ],
)
def test_no_more_than_what_remains(amount, verdict):
    start = holding(capture("alice", 10, keep_open=True))
    start.when(capture("alice", amount)).then(verdict)


@pytest.mark.parametrize("end", [capture("alice", 1), void("alice")])
@pytest.mark.parametrize("after", [capture("alice", 1), void("alice")])
def test_a_final_hold_stays_final(end, after):
    holding(end).when(after).then(INACTIVE)


def test_an_unknown_hold():
    given(opened("alice")).when(void("alice")).then(INACTIVE)


def test_a_void_releases_what_remains():
    start = holding(capture("alice", 10, keep_open=True))
    start.when(void("alice")).then(
        accepted(),
        happened("HoldReleased", "OutflowGivenBack"),
        has("alice", 90),
        hold_is(HoldStatus.VOIDED, 10, 50),
    )


def test_a_frozen_wallet_may_still_release():
    freeze = set_status("alice", StatusAction.FREEZE_BOTH)
    holding(freeze).when(void("alice")).then(accepted(), has("alice", 100))


@pytest.mark.parametrize(("ttl_s", "due"), [(None, NOON + 7 * DAY), (60, NOON + MINUTE)])
def test_a_hold_expires_by_timer(ttl_s, due):
    start = given(opened("alice", "bob"), topped_up("alice", 100))
    start.when(place_hold("alice", "bob", 60, ttl_s=ttl_s)).then(accepted())
    start.when(timer()).then(accepted(), has("alice", 100), hold_is(HoldStatus.EXPIRED, 0, 60))
    assert start.rig.at == due
    assert start.rig.view.timers.rows == {}


def test_zero_means_no_expiry():
    start = given(opened("alice", "bob"), topped_up("alice", 100))
    start.when(place_hold("alice", "bob", 60, ttl_s=0)).then(accepted())
    assert start.rig.view.timers.rows == {}
    start.when(void("alice")).then(accepted(), has("alice", 100))


@pytest.mark.parametrize("end", [capture("alice", 60), void("alice")])
def test_the_timer_goes_with_the_hold(end):
    assert holding(end).rig.view.timers.rows == {}


@pytest.mark.parametrize(
    ("timer_id", "due", "end"),
    [("other", NOON + 7 * DAY, []), ("hold", NOON, []), ("hold", NOON + 7 * DAY, [void("alice")])],
)
def test_a_stale_timer_halts(timer_id, due, end):
    rig = holding(*end).rig
    stale = TimerInput(TimerRow(TimerKind.HOLD_EXPIRY, due, "alice", timer_id))
    with pytest.raises(InvariantError, match="stale timer of hold"):
        decide(rig.view, stale, rig.at, rig.programme, rig.place)


def test_holds_have_a_bound():
    start = holding(max_active_holds=1, amount=10)
    bound = rejected(RejectionReason.BOUND_EXCEEDED, "max_active_holds", attempted=True)
    start.when(place_hold("alice", "bob", 1, "second")).then(bound)
    start.when(void("alice")).then(accepted())
    start.when(place_hold("alice", "bob", 1, "third")).then(accepted())


def test_a_hold_needs_funds():
    start = given(opened("alice", "bob"), topped_up("alice", 59))
    refused = rejected(RejectionReason.INSUFFICIENT_FUNDS, "EUR", attempted=True)
    start.when(place_hold("alice", "bob", 60)).then(refused)


def test_the_payee_is_asked_at_capture():
    start = given(opened("alice"), topped_up("alice", 100), place_hold("alice", "nobody", 60))
    refused = rejected(RejectionReason.RECIPIENT_REFUSED, "UNKNOWN_WALLET")
    start.when(capture("alice", 10)).then(refused, has("alice", 40, 60))


def test_a_capture_for_another_partition_waits_for_its_answer():
    start = given(opened("alice"), topped_up("alice", 100), place_hold("alice", "bob-1", 60))
    decision = start.when(capture("alice", 40, command_id="cap")).then(
        accepted(Stage.PENDING),
        happened("HoldCaptured", "OutflowGivenBack", "TransferDebited", "LegSent"),
        has("alice", 60),
    )
    assert [entry.flow for entry in decision.entries] == ["F7.5", "F7.3"]
    assert (decision.events[2].hold_id, decision.events[2].source) == ("hold", "W.RSV")


def test_an_id_whose_hold_still_stands_is_not_given_again():
    holding(waited(36 * DAY)).when(place_hold("alice", "bob", 1)).then(IN_USE)


@pytest.mark.parametrize(
    ("step", "verdict"),
    [
        (capture("alice", 10, command_id="cap"), IN_USE),
        (pay("alice", "bob-1", 10, "cap"), IN_USE),
        (pay("alice", "bob-1", 10, "free"), accepted(Stage.PENDING)),
    ],
)
def test_an_id_whose_capture_is_under_way_is_not_given_again(step, verdict):
    start = given(
        opened("alice"),
        topped_up("alice", 100),
        place_hold("alice", "bob-1", 60, ttl_s=0),
        capture("alice", 10, command_id="cap", keep_open=True),
        waited(36 * DAY),
    )
    start.when(step).then(verdict)
