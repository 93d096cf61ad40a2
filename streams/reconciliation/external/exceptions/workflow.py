"""The life of an exception: from open to an end that says how, and back when it was wrong.

Owns: `TRANSITIONS`, the law of this room; the ends; every step with its actor.
Never: reads a clock: when something happened is an argument.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from streams.reconciliation.external.exceptions.kinds import Kind
from streams.reconciliation.external.exceptions.write_off import Approval, Authority, refused


class State(StrEnum):
    """Where an exception stands."""

    OPEN = "OPEN"
    ASSIGNED = "ASSIGNED"
    INVESTIGATING = "INVESTIGATING"
    PENDING_EXTERNAL = "PENDING_EXTERNAL"
    RESOLVED = "RESOLVED"
    WRITTEN_OFF = "WRITTEN_OFF"


class Verb(StrEnum):
    """What somebody does with it."""

    ASSIGN = "ASSIGN"
    INVESTIGATE = "INVESTIGATE"
    ASK_OUTSIDE = "ASK_OUTSIDE"
    RECEIVE_ANSWER = "RECEIVE_ANSWER"
    RELEASE = "RELEASE"
    RESOLVE = "RESOLVE"
    ARRIVE = "ARRIVE"
    WRITE_OFF = "WRITE_OFF"
    REOPEN = "REOPEN"


class End(StrEnum):
    """How an exception was resolved."""

    MATCHED = "MATCHED"
    ADJUSTED = "ADJUSTED"  # by a journal entry, which is named
    REVERSED = "REVERSED"
    DUPLICATE = "DUPLICATE"
    TIMING = "TIMING"  # what was missing came


TRANSITIONS: Final[Mapping[tuple[State, Verb], State]] = MappingProxyType(
    {
        (State.OPEN, Verb.ASSIGN): State.ASSIGNED,
        (State.OPEN, Verb.ARRIVE): State.RESOLVED,
        (State.ASSIGNED, Verb.ASSIGN): State.ASSIGNED,
        (State.ASSIGNED, Verb.RELEASE): State.OPEN,
        (State.ASSIGNED, Verb.INVESTIGATE): State.INVESTIGATING,
        (State.ASSIGNED, Verb.ARRIVE): State.RESOLVED,
        (State.INVESTIGATING, Verb.ASSIGN): State.ASSIGNED,
        (State.INVESTIGATING, Verb.RELEASE): State.OPEN,
        (State.INVESTIGATING, Verb.ASK_OUTSIDE): State.PENDING_EXTERNAL,
        (State.INVESTIGATING, Verb.RESOLVE): State.RESOLVED,
        (State.INVESTIGATING, Verb.WRITE_OFF): State.WRITTEN_OFF,
        (State.INVESTIGATING, Verb.ARRIVE): State.RESOLVED,
        (State.PENDING_EXTERNAL, Verb.RECEIVE_ANSWER): State.INVESTIGATING,
        (State.PENDING_EXTERNAL, Verb.RESOLVE): State.RESOLVED,
        (State.PENDING_EXTERNAL, Verb.WRITE_OFF): State.WRITTEN_OFF,
        (State.PENDING_EXTERNAL, Verb.ARRIVE): State.RESOLVED,
        (State.RESOLVED, Verb.REOPEN): State.OPEN,
        (State.WRITTEN_OFF, Verb.REOPEN): State.OPEN,
    }
)
# Kinds that time alone may end: what was missing on one side arrives.
TIMING_KINDS: Final = frozenset(
    {Kind.MISSING_EXTERNAL, Kind.MISSING_INTERNAL, Kind.DATE, Kind.STATEMENT_GAP}
)
SYSTEM: Final = "system"  # the actor of what arrives by itself


@dataclass(frozen=True, slots=True, kw_only=True)
class Act:
    """What an actor does, and when."""

    verb: Verb
    actor: str
    on: date
    assignee: str = ""
    end: End | None = None
    entry_id: str = ""  # the journal entry of an adjustment or a write-off
    approvals: tuple[Approval, ...] = ()
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """An exception, with every step of its life."""

    case_id: str
    kind: Kind
    account: str
    amount: int  # minor units at stake, without sign
    currency: str
    opened_on: date
    owner_group: str
    state: State = State.OPEN
    assignee: str = ""
    end: End | None = None
    steps: tuple[Act, ...] = ()


class ActRefused(Exception):
    """An act does not fit the exception; the message says why."""


def advanced(case: Case, act: Act, authorities: tuple[Authority, ...]) -> Case:
    """Return the exception after an act; guards first, then the step."""
    target = TRANSITIONS.get((case.state, act.verb))
    if target is None:
        raise ActRefused(f"{act.verb} does not fit {case.state}")
    problem = _missing(act) or _not_allowed(case, act, authorities)
    if problem:
        raise ActRefused(problem)
    closed = target in (State.RESOLVED, State.WRITTEN_OFF)
    return replace(
        case,
        state=target,
        assignee=_assignee(case, act, target),
        end=(End.TIMING if act.verb is Verb.ARRIVE else act.end) if closed else None,
        steps=(*case.steps, act),
    )


def _missing(act: Act) -> str:
    """Say what an act lacks."""
    if not act.actor:
        return "nobody does it"
    if act.verb is Verb.ASSIGN and not act.assignee:
        return "nobody is named to take it"
    if act.verb is Verb.RESOLVE and act.end is None:
        return "it does not say how it was resolved"
    if act.verb is Verb.WRITE_OFF and not act.entry_id:
        return "a write-off names its journal entry"
    if act.end is End.ADJUSTED and not act.entry_id:
        return "an adjustment names its journal entry"
    return "a reason is needed" if act.verb is Verb.REOPEN and not act.note else ""


def _not_allowed(case: Case, act: Act, authorities: tuple[Authority, ...]) -> str:
    """Say what an act may not do."""
    if case.steps and act.on < case.steps[-1].on:
        return "it is before the last step"
    if act.verb is Verb.ARRIVE and case.kind not in TIMING_KINDS:
        return f"{case.kind} is not ended by waiting"
    if act.verb is Verb.RESOLVE and act.end is End.TIMING and case.kind not in TIMING_KINDS:
        return f"{case.kind} is not ended by waiting"
    if act.verb is Verb.WRITE_OFF:
        return refused(case.amount, case.currency, (act.actor, act.approvals), authorities)
    return ""


def _assignee(case: Case, act: Act, target: State) -> str:
    if act.verb is Verb.ASSIGN:
        return act.assignee
    return "" if target is State.OPEN else case.assignee
