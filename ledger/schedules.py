"""Schedules: payments that are wanted at a time, or again and again.

Owns: which way a schedule may go; no other file knows what may follow what.
Never: knows when an occurrence is due: the scheduler job follows the log and gives the payments as
ordinary commands (`streams/scheduler`).
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from ledger.refusal import Refusal
from schemas.messages.rows import ScheduleRow
from schemas.messages.vocabulary import RejectionReason, ScheduleState

SCHEDULES_MAX: Final = 64  # of one wallet that are not over: what a customer can still oversee
OPEN: Final = frozenset({ScheduleState.ACTIVE, ScheduleState.PAUSED})
# State -> the states that may follow; a state without a line is final.
TRANSITIONS: Final[Mapping[ScheduleState, frozenset[ScheduleState]]] = MappingProxyType(
    {
        ScheduleState.INITIATED: frozenset({ScheduleState.ACTIVE}),
        ScheduleState.ACTIVE: frozenset(
            {ScheduleState.PAUSED, ScheduleState.COMPLETED, ScheduleState.CANCELLED}
        ),
        ScheduleState.PAUSED: frozenset({ScheduleState.ACTIVE, ScheduleState.CANCELLED}),
    }
)
NOTHING: Final[frozenset[ScheduleState]] = frozenset()


def transition_refusal(row: ScheduleRow | None, after: ScheduleState) -> Refusal | None:
    """Refuse a command about a schedule that is not there, or that may not go that way."""
    if row is None:
        return Refusal(RejectionReason.INVALID_TRANSITION, "schedule_id")
    if after not in TRANSITIONS.get(row.state, NOTHING):
        return Refusal(RejectionReason.INVALID_TRANSITION, row.state.name)
    return None
