"""Schedules: what they must look like, which way they go, and what they stop."""

import pytest

from ledger.schedules import OPEN, SCHEDULES_MAX, TRANSITIONS
from schemas.messages.commands import (
    CancelSchedule,
    CompleteSchedule,
    CreateSchedule,
    PauseSchedule,
    ResumeSchedule,
    ScheduleIsActive,
    Transfer,
)
from schemas.messages.events import ScheduleMoved
from schemas.messages.policy import FeeRule
from schemas.messages.rows import ScheduleCountRow, ScheduleRow
from schemas.messages.vocabulary import (
    FeeFlow,
    Recurrence,
    RejectionReason,
    ScheduledKind,
    ScheduleState,
    StatusAction,
    Tier,
)
from tests.support.builders import DAY, INT64_MAX, NOON, Rig, policy
from tests.support.given import (
    accepted,
    command,
    duplicate,
    given,
    happened,
    has,
    opened,
    rejected,
    set_status,
    set_tier,
    topped_up,
)

FAILED = RejectionReason.CONDITION_FAILED
NOT_SO = RejectionReason.INVALID_TRANSITION
MALFORMED = RejectionReason.MALFORMED_FIELD
ONCE, DAILY, MONTHLY = Recurrence.ONCE, Recurrence.DAILY, Recurrence.MONTHLY
TOMORROW = NOON + DAY
TRANSFER, BILL, WITHDRAWAL = ScheduledKind
LIVES = {
    "cancel": CancelSchedule("rent"),
    "pause": PauseSchedule("rent"),
    "resume": ResumeSchedule("rent"),
    "complete": CompleteSchedule("rent"),
}


ALLOWED = {
    ScheduleState.ACTIVE: {"pause", "cancel", "complete"},
    ScheduleState.PAUSED: {"resume", "cancel"},
}


def schedule(kind=TRANSFER, payee="bob", amount=4, first_at=TOMORROW, recurrence=MONTHLY, **more):
    return CreateSchedule(kind, payee, more.pop("currency", "EUR"), amount, first_at, recurrence,
                          **more)  # fmt: skip


def create(command_id="rent", **fields):
    return command("alice", schedule(**fields), command_id)


def scheduled(*steps):
    """Alice has 10 EUR and pays bob 4 of them every month from tomorrow on."""
    return given(opened("alice", "bob"), topped_up("alice", 10), create(), *steps)


def does(*names):
    return [command("alice", LIVES[name], f"{name}-{place}") for place, name in enumerate(names)]


def row_of(start, schedule_id="rent"):
    return start.rig.view.schedules.get(("alice", schedule_id))


def count_of(start):
    return start.rig.view.schedule_counts.get("alice")


def test_a_schedule_is_an_event_that_carries_its_row():
    start = given(opened("alice"))
    body = schedule(every=2, count=12, until=TOMORROW + DAY, stop_after=3)
    decision = start.when(command("alice", body, "rent")).then(accepted())
    row = ScheduleRow(
        *(ScheduleState.ACTIVE, TRANSFER, "bob", "EUR", 4, TOMORROW, MONTHLY, 2, ""),
        *(12, TOMORROW + DAY, 3),
    )
    assert decision.events == (ScheduleMoved("alice", "rent", ScheduleState.INITIATED, "", row),)
    assert row_of(start) == row
    assert count_of(start) == ScheduleCountRow(1)
    assert start.rig.view.wallets.get("alice").sequence == 2


def test_nothing_is_reserved_for_what_is_due_later():
    scheduled().when(command("alice", Transfer("bob", "EUR", 10))).then(accepted(), has("bob", 10))


def test_the_same_command_again_is_a_duplicate():
    scheduled().when(create()).then(duplicate(of=4))


@pytest.mark.parametrize(
    "fields",
    [
        {"kind": BILL, "payee": "water", "reference": "2026/11"},
        {"kind": WITHDRAWAL, "payee": "my-bank", "reference": "ach"},
        {"recurrence": ONCE},
        {"recurrence": ONCE, "count": 1},
        {"first_at": NOON - DAY},
        {"first_at": NOON + 3_660 * DAY},
        {"every": 366, "count": 36_600, "stop_after": 1_000},
        {"until": TOMORROW},
        {"recurrence": DAILY},
    ],
)
def test_what_may_be_scheduled(fields):
    given(opened("alice")).when(create(**fields)).then(accepted(), happened("ScheduleMoved"))


@pytest.mark.parametrize(
    ("fields", "reason", "detail"),
    [
        ({"payee": "b o b"}, MALFORMED, "payee"),
        ({"payee": "alice"}, RejectionReason.SELF_TRANSFER, "payee"),
        ({"reference": "x"}, MALFORMED, "reference"),
        ({"kind": BILL}, MALFORMED, "reference"),
        ({"kind": BILL, "reference": "x" * 65}, MALFORMED, "reference"),
        ({"kind": WITHDRAWAL, "reference": "a/b"}, MALFORMED, "reference"),
        ({"kind": WITHDRAWAL, "reference": "card"}, RejectionReason.UNKNOWN_ACCOUNT, "card"),
        ({"currency": "XXX"}, RejectionReason.UNKNOWN_CURRENCY, "XXX"),
        ({"currency": "USD"}, RejectionReason.CURRENCY_NOT_HELD, "USD"),
        ({"amount": 0}, RejectionReason.AMOUNT_NOT_POSITIVE, "amount"),
        ({"first_at": NOON - DAY - 1}, MALFORMED, "first_at"),
        ({"first_at": NOON + 3_660 * DAY + 1}, MALFORMED, "first_at"),
        ({"every": 0}, MALFORMED, "every"),
        ({"every": 367}, MALFORMED, "every"),
        ({"every": 2, "recurrence": ONCE}, MALFORMED, "every"),
        ({"count": -1}, MALFORMED, "count"),
        ({"count": 36_601}, MALFORMED, "count"),
        ({"count": 2, "recurrence": ONCE}, MALFORMED, "count"),
        ({"until": TOMORROW - 1}, MALFORMED, "until"),
        ({"until": -1}, MALFORMED, "until"),
        ({"stop_after": -1}, MALFORMED, "stop_after"),
        ({"stop_after": 1_001}, MALFORMED, "stop_after"),
    ],
)
def test_what_cannot_be_scheduled(fields, reason, detail):
    start = given(opened("alice"))
    start.when(create(**fields)).then(rejected(reason, detail))
    assert row_of(start) is None


@pytest.mark.parametrize("kind", [TRANSFER, BILL, WITHDRAWAL])
def test_an_amount_must_have_room_for_its_fee(kind):
    rules = policy(fees=(FeeRule(FeeFlow[kind.name], 1, 0),))
    references = {TRANSFER: "", BILL: "b", WITHDRAWAL: "ach"}
    step = create(kind=kind, reference=references[kind], amount=INT64_MAX)
    start = given(opened("alice"), rig=Rig(policy_=rules))
    start.when(step).then(rejected(RejectionReason.AMOUNT_OVERFLOW, "amount"))


def test_a_name_leaves_room_for_the_names_of_its_payments():
    start = given(opened("alice"))
    start.when(create("s" * 53)).then(rejected(MALFORMED, "command_id"))
    start.when(create("s" * 52)).then(accepted())


@pytest.mark.parametrize(
    ("before", "names"),
    [
        (ScheduleState.ACTIVE, ()),
        (ScheduleState.PAUSED, ("pause",)),
        (ScheduleState.ACTIVE, ("pause", "resume")),
        (ScheduleState.CANCELLED, ("cancel",)),
        (ScheduleState.CANCELLED, ("pause", "cancel")),
        (ScheduleState.COMPLETED, ("complete",)),
    ],
)
@pytest.mark.parametrize("name", LIVES)
def test_what_the_table_does_not_list_is_refused(before, names, name):
    after = {"cancel": "CANCELLED", "pause": "PAUSED", "resume": "ACTIVE", "complete": "COMPLETED"}
    start = scheduled(*does(*names))
    assert row_of(start).state is before
    step = command("alice", LIVES[name], "now")
    if name in ALLOWED.get(before, ()):
        start.when(step).then(accepted(), happened("ScheduleMoved"))
        before = ScheduleState[after[name]]
    else:
        start.when(step).then(rejected(NOT_SO, before.name))
    assert row_of(start).state is before
    assert count_of(start) == ScheduleCountRow(1 if before in OPEN else 0)


@pytest.mark.parametrize("name", LIVES)
def test_a_schedule_that_is_not_there(name):
    given(opened("alice")).when(command("alice", LIVES[name])).then(rejected(NOT_SO, "schedule_id"))


def test_every_state_that_is_not_final_reaches_a_final_one():
    reached = {after for following in TRANSITIONS.values() for after in following}
    assert reached | {ScheduleState.INITIATED} == set(ScheduleState)
    assert all(ScheduleState.CANCELLED in TRANSITIONS[each] for each in OPEN)


@pytest.mark.parametrize("body", [PauseSchedule, CancelSchedule])
def test_why_is_written_down(body):
    start = scheduled()
    decision = start.when(command("alice", body("rent", "moved out"))).then(accepted())
    assert decision.events[0].reason == "moved out"
    start.when(command("alice", body("rent", "a\nb"))).then(rejected(MALFORMED, "reason"))


@pytest.mark.parametrize("body", [each("a/b") for each in (CancelSchedule, PauseSchedule,
                                  ResumeSchedule, CompleteSchedule)])  # fmt: skip
def test_a_name_that_cannot_be_one(body):
    given(opened("alice")).when(command("alice", body)).then(rejected(MALFORMED, "schedule_id"))


def test_who_may_not_pay_can_begin_nothing_but_end_everything():
    start = scheduled(set_status("alice", StatusAction.FREEZE_DEBIT))
    blocked = rejected(RejectionReason.DEBIT_BLOCKED)
    start.when(create("more")).then(blocked)
    start.when(command("alice", LIVES["pause"])).then(accepted())
    start.when(command("alice", LIVES["resume"])).then(blocked)
    start.when(command("alice", LIVES["cancel"])).then(accepted())


def test_who_is_not_known_begins_nothing():
    start = given(opened("alice"), set_tier("alice", Tier.UNVERIFIED))
    start.when(create()).then(rejected(RejectionReason.WALLET_NOT_ACTIVE, "PENDING_KYC"))


def test_a_name_is_used_once_also_after_its_identity_is_forgotten():
    start = scheduled(*does("cancel"))
    start.rig.wait(36 * DAY)
    first_at = start.rig.at + DAY
    start.when(create(first_at=first_at)).then(rejected(NOT_SO, "command_id"))
    start.when(create("rent-2", first_at=first_at)).then(accepted())


def test_a_wallet_has_so_many_schedules_at_once():
    steps = [create(f"s-{number}") for number in range(SCHEDULES_MAX)]
    start = given(opened("alice"), *steps)
    start.when(create("more")).then(rejected(RejectionReason.BOUND_EXCEEDED, "schedules"))
    start.when(command("alice", CancelSchedule("s-0"))).then(accepted())
    start.when(create("another")).then(accepted())


OCCURRENCE = command("alice", Transfer("bob", "EUR", 4), "rent:1", conditions=(
    ScheduleIsActive("rent"),))  # fmt: skip


def test_a_payment_of_a_schedule_that_is_active():
    scheduled().when(OCCURRENCE).then(accepted(), has("bob", 4))
    scheduled(*does("pause", "resume")).when(OCCURRENCE).then(accepted(), has("bob", 4))


@pytest.mark.parametrize(
    ("name", "found"),
    [("pause", "PAUSED"), ("cancel", "CANCELLED"), ("complete", "COMPLETED")],
)
def test_no_payment_outlives_its_schedule(name, found):
    detail = f"conditions[0]: schedule rent is {found}"
    scheduled(*does(name)).when(OCCURRENCE).then(rejected(FAILED, detail), has("bob", 0))


def test_no_payment_of_a_schedule_that_is_not_there():
    detail = "conditions[0]: schedule rent is not there"
    start = given(opened("alice", "bob"), topped_up("alice", 10))
    start.when(OCCURRENCE).then(rejected(FAILED, detail))


def test_a_condition_names_a_schedule():
    step = command("alice", Transfer("bob", "EUR", 4), conditions=(ScheduleIsActive("a/b"),))
    scheduled().when(step).then(rejected(MALFORMED, "conditions[0].schedule_id"))
