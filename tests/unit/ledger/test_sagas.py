"""Transfers between two partitions: debit, credit, answer, and the question when none comes."""

import pytest

from ledger.decider import decide
from ledger.errors import InvariantError
from ledger.inputs import TimerInput
from schemas.messages.commands import PlaceHold
from schemas.messages.rows import TimerRow
from schemas.messages.vocabulary import (
    HoldStatus,
    LegKind,
    Outcome,
    Purpose,
    RejectionReason,
    SagaState,
    Stage,
    StatusAction,
    TimerKind,
)
from tests.support.builders import DAY, MINUTE, Rig, fees, policy
from tests.support.given import (
    accepted,
    capture,
    command,
    given,
    happened,
    has,
    opened,
    pay,
    place_hold,
    set_status,
    topped_up,
    void,
)
from tests.support.looking import balance, system_balance
from tests.unit.ledger.rigs import carried

POLICY = policy(
    fees=fees(0, 5), limits={"rolling_24h_out": 100, "day_out": 100, "count_out_hour": 2}
)


def two(*steps):
    """Alice on partition 0 with 200, bob on partition 1."""
    here, there = Rig(0, policy_=POLICY), Rig(1, policy_=POLICY)
    given(opened("alice"), topped_up("alice", 205), *steps, rig=here)
    there.open("bob-1")
    return here, there


def test_debit_credit_settle():
    here, there = two()
    decision = pay("alice", "bob-1", 50, "pay")(here)
    assert decision.stage is Stage.PENDING
    assert (balance(here.view, "alice"), balance(here.view, "alice", "W.POUT")) == (145, 5)
    assert system_balance(here.view, "IB", "1") == -50

    credited = carried(here, there)
    names = ["InflowConsumed", "TransferCredited", "LegReceived", "LegSent"]
    assert [type(event).__name__ for event in credited.events] == names
    assert balance(there.view, "bob-1") == 50
    assert system_balance(there.view, "IB", "0") == 50

    settled = carried(there, here)
    assert [type(event).__name__ for event in settled.events] == ["LegReceived", "TransferSettled"]
    assert balance(here.view, "alice", "W.POUT") == 0
    assert system_balance(here.view, "REV.P2P") == -5
    assert [each.flow for each in (*decision.entries, *credited.entries, *settled.entries)] == [
        "F5.1",
        "F5.2",
        "F5.3",
    ]
    assert here.view.sagas.rows == here.view.timers.rows == here.view.open_credits.rows == {}


@pytest.mark.parametrize(
    ("prepare", "reason"),
    [
        (None, RejectionReason.UNKNOWN_WALLET),
        (StatusAction.FREEZE_CREDIT, RejectionReason.CREDIT_BLOCKED),
        (StatusAction.CLOSE, RejectionReason.WALLET_NOT_ACTIVE),
    ],
)
def test_refused_it_comes_back_whole(prepare, reason):
    here, there = two()
    payee = "nobody-1" if prepare is None else "bob-1"
    if prepare is not None:
        set_status("bob-1", prepare)(there)
    pay("alice", payee, 100, "pay")(here)
    refused = carried(here, there)
    assert (refused.outcome, refused.reason) == (Outcome.REJECTED, reason)
    assert (there.legs[0].kind, there.legs[0].reason) == (LegKind.NACK, reason)
    decision = carried(there, here)
    names = ["LegReceived", "TransferCompensated", "OutflowGivenBack"]
    assert [type(event).__name__ for event in decision.events] == names
    assert decision.events[1].reason is reason
    assert balance(here.view, "alice") == 200
    assert system_balance(here.view, "IB", "1") == 0
    # Amount and count are free again: the ceiling of 100 lets it pass once more.
    assert pay("alice", payee, 100, "again")(here).outcome is Outcome.ACCEPTED


def test_without_a_fee_nothing_waits_and_settling_posts_nothing():
    here, there = Rig(0), Rig(1)
    given(opened("alice"), topped_up("alice", 100), rig=here)
    there.open("bob-1")
    assert len(pay("alice", "bob-1", 50)(here).entries[0].postings) == 2
    carried(here, there)
    assert carried(there, here).entries == ()


def test_a_closed_payee_without_fee_gives_all_back():
    here, there = Rig(0), Rig(1)
    given(opened("alice"), topped_up("alice", 100), rig=here)
    pay("alice", "bob-1", 50)(here)
    carried(here, there)
    carried(there, here)
    assert balance(here.view, "alice") == 100


def test_a_payer_cannot_close_while_money_travels_but_may_be_frozen():
    here, there = two(pay("alice", "nobody-1", 100, "pay"))
    set_status("alice", StatusAction.FREEZE_BOTH)(here)
    carried(here, there)
    carried(there, here)
    assert balance(here.view, "alice") == 200


def test_cancel_asks_and_the_answer_decides():
    here, there = two(pay("alice", "bob-1", 50, "pay"))
    lost = list(here.legs)
    here.legs.clear()
    here.fire()
    saga = here.view.sagas.get(("alice", "pay"))
    assert (saga.state, saga.attempts) == (SagaState.CANCELLING, 1)
    assert balance(here.view, "alice") == 145
    [cancel] = here.legs
    assert (cancel.kind, cancel.pair_seq, cancel.credit_seq) == (LegKind.CANCEL, 2, 1)
    for leg in (*lost, cancel):
        there.leg(leg)
    assert [(leg.kind, leg.credit_seq) for leg in there.legs] == [(LegKind.ACK, 1)] * 2
    carried(there, here)
    assert (balance(here.view, "alice"), here.view.sagas.rows) == (145, {})


def test_a_cancelled_refusal_is_refused_again_with_its_reason():
    here, there = two(pay("alice", "nobody-1", 50, "pay"))
    here.fire()
    carried(here, there)
    answers = [(leg.kind, leg.reason) for leg in there.legs]
    assert answers == [(LegKind.NACK, RejectionReason.UNKNOWN_WALLET)] * 2
    carried(there, here)
    assert balance(here.view, "alice") == 200


def test_the_question_waits_twice_as_long_each_time_and_then_parks():
    here, _ = two(pay("alice", "bob-1", 50, "pay"))
    start = here.at
    asked = []
    while here.view.timers.rows:
        decision = here.fire()
        asked.append((here.at - start, type(decision.events[-1]).__name__))
    minutes = [(at // MINUTE, name) for at, name in asked]
    assert minutes == [(1, "LegSent"), (3, "LegSent"), (7, "LegSent"), (15, "TransferCancelAsked")]
    saga = here.view.sagas.get(("alice", "pay"))
    assert (saga.state, saga.due, saga.attempts) == (SagaState.PARKED, 0, 3)


def test_a_late_answer_frees_a_parked_transfer():
    here, there = two(pay("alice", "bob-1", 50, "pay"))
    while here.fire():
        pass
    carried(here, there)
    carried(there, here)
    assert here.view.sagas.rows == {}
    assert here.view.wallets.get("alice").open_movements == 0


@pytest.mark.parametrize(("transfer_id", "late"), [("other", 0), ("pay", 1)])
def test_a_stale_timer_halts(transfer_id, late):
    here, _ = two(pay("alice", "bob-1", 50, "pay"))
    due = here.view.sagas.get(("alice", "pay")).due + late
    stale = TimerInput(TimerRow(TimerKind.SAGA_CANCEL, due, "alice", transfer_id))
    with pytest.raises(InvariantError, match="stale timer of transfer"):
        decide(here.view, stale, here.at, here.programme, here.place)


def hold_of(rig):
    row = rig.view.holds.get(("alice", "hold"))
    return row.status, row.captured, row.released


def test_a_refused_capture_gives_its_amount_back_to_the_wallet():
    here, there = two(place_hold("alice", "nobody-1", 100), capture("alice", 60))
    carried(here, there)
    decision = carried(there, here)
    assert decision.events[1].purpose is Purpose.CAPTURE
    assert hold_of(here) == (HoldStatus.CAPTURED, 0, 100)
    assert (balance(here.view, "alice"), balance(here.view, "alice", "W.RSV")) == (200, 0)
    # Amount and count: both are free again.
    for _ in range(2):
        assert pay("alice", "bob-1", 50)(here).outcome is Outcome.ACCEPTED


def test_a_refused_part_leaves_the_rest_of_the_hold_reserved():
    here, there = two(place_hold("alice", "nobody-1", 100), capture("alice", 60, keep_open=True))
    carried(here, there)
    carried(there, here)
    assert hold_of(here) == (HoldStatus.PARTIALLY_CAPTURED, 0, 60)
    assert (balance(here.view, "alice"), balance(here.view, "alice", "W.RSV")) == (160, 40)
    assert here.view.outflows.get("alice").day_24h.count == 1
    given(rig=here).when(void("alice")).then(accepted(), has("alice", 200))
    row = here.view.outflows.get("alice").day_24h
    assert (row.count, row.base_sum) == (0, 0)


def test_the_way_of_a_capture_in_the_journal():
    here, there = two(place_hold("alice", "bob-1", 100))
    given(rig=here).when(capture("alice", 100)).then(
        happened("HoldCaptured", "TransferDebited", "LegSent")
    )
    credited = carried(here, there)
    assert [entry.flow for entry in credited.entries] == ["F7.4"]


def test_a_late_answer_to_an_earlier_transfer_of_the_same_id_is_noted_only():
    """The id came again after 35 days; the second answer to its first CREDIT ends nothing."""
    here, there = two(pay("alice", "bob-1", 50, "pay"))
    here.fire()
    carried(here, there)
    first, second = there.legs
    here.leg(first)
    here.wait(36 * DAY)
    assert pay("alice", "bob-1", 50, "pay")(here).outcome is Outcome.ACCEPTED
    noted = here.leg(second)
    assert [type(event).__name__ for event in noted.events] == ["LegReceived"]
    assert here.view.sagas.get(("alice", "pay")) is not None


def test_the_parts_given_back_add_up_to_what_the_hold_consumed():
    """In yen each part alone would round down."""
    here, there = Rig(0), Rig(1)
    hold = command("alice", PlaceHold("bob-1", "JPY", 100, None), "hold")
    given(opened("alice", currencies=("JPY",)), topped_up("alice", 100, "JPY"), hold, rig=here)
    assert here.view.outflows.get("alice").day_sum == 61
    for part in range(5):
        capture("alice", 7, command_id=f"part{part}", keep_open=True)(here)
        carried(here, there)
        carried(there, here)  # nobody there: refused
    void("alice")(here)
    row = here.view.outflows.get("alice")
    assert (row.day_sum, row.month_sum, row.day_24h.base_sum, row.day_24h.count) == (0, 0, 0, 0)
