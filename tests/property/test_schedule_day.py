"""Whatever a day brings: no payment outlives its schedule, and what is not over is counted."""

from ledger.schedules import SCHEDULES_MAX
from schemas.codec import decode
from schemas.messages.commands import ScheduleIsActive, WalletCommand
from schemas.messages.decisions import InputSource
from schemas.messages.events import ScheduleMoved
from schemas.messages.vocabulary import InputTopic, Outcome, ScheduleState
from tests.support.invariants import on_any_day

OVER = (ScheduleState.COMPLETED, ScheduleState.CANCELLED)
NEXT = {
    ScheduleState.INITIATED: {ScheduleState.ACTIVE},
    ScheduleState.ACTIVE: {ScheduleState.PAUSED, *OVER},
    ScheduleState.PAUSED: {ScheduleState.ACTIVE, ScheduleState.CANCELLED},
}


def conditions_of(decision, record):
    source = decision.source
    if not isinstance(source, InputSource) or source.topic is not InputTopic.COMMANDS:
        return ()
    return decode(WalletCommand, record[1]).conditions


@on_any_day
def test_what_was_accepted_for_a_schedule_found_it_active(world):
    for rig in world.rigs:
        states = {}
        for (decision, _), record in zip(rig.log, rig.records, strict=True):
            if decision.outcome is Outcome.ACCEPTED:
                for each in conditions_of(decision, record):
                    if isinstance(each, ScheduleIsActive):
                        assert states[decision.wallet_id, each.schedule_id] is ScheduleState.ACTIVE
            for event in decision.events:
                if isinstance(event, ScheduleMoved):
                    key = event.wallet_id, event.schedule_id
                    before = states.get(key, ScheduleState.INITIATED)
                    assert event.before is before
                    assert event.row.state in NEXT[before]
                    states[key] = event.row.state
        rows = rig.view.schedules.rows
        assert {key: row.state for key, row in rows.items()} == states


@on_any_day
def test_the_count_of_a_wallet_is_that_of_its_rows(world):
    for rig in world.rigs:
        rows = rig.view.schedules.rows
        for wallet_id, count in rig.view.schedule_counts.rows.items():
            mine = [row for (owner, _), row in rows.items() if owner == wallet_id]
            assert count.open == sum(row.state not in OVER for row in mine) <= SCHEDULES_MAX
        assert {owner for owner, _ in rows} == set(rig.view.schedule_counts.rows)
