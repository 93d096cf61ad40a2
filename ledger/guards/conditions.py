"""Conditions: what the caller wants to be true when the command is decided.

Owns: CONDITION_FAILED, and the shape of a command's conditions.
Never: asked about a command without conditions, which pays one `if` for them.

They come after the wallet's status and before attempt counters, limits and funds. The detail names
the condition by its place, from 0, and what was found. A wallet that is not there has nothing
available and the sequence 0.
"""

from __future__ import annotations

from typing import Final

from ledger.balances import available_of
from ledger.case import Case
from ledger.guards.fields import id_refusal, malformed
from ledger.refusal import Refusal
from schemas.messages.commands import AvailableAtLeast, Condition, ScheduleIsActive
from schemas.messages.vocabulary import RejectionReason, ScheduleState

CONDITIONS_MAX: Final = 8  # each names one currency or the sequence; more would say nothing new


def shape(case: Case) -> Refusal | None:
    """Refuse malformed conditions; the first wrong one is named."""
    conditions = case.command.conditions
    if len(conditions) > CONDITIONS_MAX:
        return malformed("conditions")
    for place, each in enumerate(conditions):
        refusal = _shape(case, each, f"conditions[{place}]")
        if refusal is not None:
            return refusal
    return None


def check(case: Case) -> Refusal | None:
    """Refuse a command one of whose conditions does not hold; the first one is named."""
    for place, each in enumerate(case.command.conditions):
        unmet = _unmet(case, each)
        if unmet:
            return Refusal(RejectionReason.CONDITION_FAILED, f"conditions[{place}]: {unmet}")
    return None


def _shape(case: Case, condition: Condition, name: str) -> Refusal | None:
    if isinstance(condition, AvailableAtLeast):
        if condition.currency not in case.moment.programme.currencies:
            return Refusal(RejectionReason.UNKNOWN_CURRENCY, condition.currency)
        return malformed(f"{name}.amount") if condition.amount < 0 else None
    if isinstance(condition, ScheduleIsActive):
        return id_refusal(condition.schedule_id, f"{name}.schedule_id")
    return malformed(f"{name}.sequence") if condition.sequence < 0 else None


def _unmet(case: Case, condition: Condition) -> str:
    """Say what was found instead; nothing when the condition holds."""
    wallet = case.wallet
    if isinstance(condition, AvailableAtLeast):
        code, wanted = condition.currency, condition.amount
        found = 0 if wallet is None else available_of(wallet, code)
        return "" if found >= wanted else f"available {code} is {found}, not {wanted} or more"
    if isinstance(condition, ScheduleIsActive):
        return _unless_active(case, condition.schedule_id)
    sequence = 0 if wallet is None else wallet.sequence
    wanted = condition.sequence
    return "" if sequence == wanted else f"sequence is {sequence}, not {wanted}"


def _unless_active(case: Case, schedule_id: str) -> str:
    row = case.moment.view.schedules.get((case.wallet_id, schedule_id))
    if row is not None and row.state is ScheduleState.ACTIVE:
        return ""
    return f"schedule {schedule_id} is {'not there' if row is None else row.state.name}"
