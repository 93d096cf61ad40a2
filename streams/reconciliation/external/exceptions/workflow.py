"""The life of an exception: from open to an end that says how, and back when it was wrong.

Owns: `TRANSITIONS` and `WHO`, the laws of this room; the ends; every step with its actor.
Never: reads a clock: when something happened is an argument.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from streams.reconciliation.external.exceptions.kinds import INTERNAL, TIMING_KINDS, Kind
from streams.reconciliation.external.exceptions.write_off import Approval, Terms, short_of

MICROS: Final = 1_000_000


class State(StrEnum):
    """Where an exception stands."""

    OPEN = "OPEN"
    ASSIGNED = "ASSIGNED"
    INVESTIGATING = "INVESTIGATING"
    PENDING_EXTERNAL = "PENDING_EXTERNAL"
    WRITE_OFF_PROPOSED = "WRITE_OFF_PROPOSED"
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
    PROPOSE = "PROPOSE"
    APPROVE = "APPROVE"
    DECLINE = "DECLINE"
    BOOK = "BOOK"
    REOPEN = "REOPEN"


class End(StrEnum):
    """How an exception was resolved."""

    MATCHED = "MATCHED"
    ADJUSTED = "ADJUSTED"  # by a journal entry, which is named
    REVERSED = "REVERSED"
    DUPLICATE = "DUPLICATE"
    TIMING = "TIMING"  # what was missing came


class Who(StrEnum):
    """Who may do it."""

    ANYBODY = "anybody"
    ASSIGNEE = "whoever has it"
    ANOTHER = "somebody else than who proposed it, once"
    SYSTEM = "by itself"


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
        (State.INVESTIGATING, Verb.PROPOSE): State.WRITE_OFF_PROPOSED,
        (State.INVESTIGATING, Verb.ARRIVE): State.RESOLVED,
        (State.PENDING_EXTERNAL, Verb.RECEIVE_ANSWER): State.INVESTIGATING,
        (State.PENDING_EXTERNAL, Verb.RESOLVE): State.RESOLVED,
        (State.PENDING_EXTERNAL, Verb.PROPOSE): State.WRITE_OFF_PROPOSED,
        (State.PENDING_EXTERNAL, Verb.ARRIVE): State.RESOLVED,
        # What arrives while a write-off is decided on is a reason to decline it, not an end: the
        # entry may be on its way already.
        (State.WRITE_OFF_PROPOSED, Verb.APPROVE): State.WRITE_OFF_PROPOSED,
        (State.WRITE_OFF_PROPOSED, Verb.DECLINE): State.INVESTIGATING,
        (State.WRITE_OFF_PROPOSED, Verb.BOOK): State.WRITTEN_OFF,
        (State.RESOLVED, Verb.REOPEN): State.OPEN,
        (State.WRITTEN_OFF, Verb.REOPEN): State.OPEN,
    }
)
WHO: Final[Mapping[Verb, Who]] = MappingProxyType(
    {
        Verb.ASSIGN: Who.ANYBODY,
        Verb.RELEASE: Who.ANYBODY,
        Verb.INVESTIGATE: Who.ASSIGNEE,
        Verb.ASK_OUTSIDE: Who.ASSIGNEE,
        Verb.RECEIVE_ANSWER: Who.ASSIGNEE,
        Verb.RESOLVE: Who.ASSIGNEE,
        Verb.PROPOSE: Who.ASSIGNEE,
        Verb.APPROVE: Who.ANOTHER,
        Verb.DECLINE: Who.ANYBODY,
        Verb.BOOK: Who.ANYBODY,  # it only says what was agreed on and where it is booked
        Verb.REOPEN: Who.ANYBODY,
        Verb.ARRIVE: Who.SYSTEM,
    }
)
ENDED: Final = frozenset({State.RESOLVED, State.WRITTEN_OFF})
SYSTEM: Final = "system"  # the actor of what happens by itself


@dataclass(frozen=True, slots=True, kw_only=True)
class Act:
    """What an actor does, and when, in microseconds."""

    verb: Verb
    actor: str
    at: int
    assignee: str = ""
    end: End | None = None
    entry_id: str = ""  # the journal entry of an adjustment or a write-off
    role: str = ""
    note: str = ""
    terms: Terms | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """An exception, with every step of its life."""

    case_id: str
    kind: Kind
    account: str
    amount: int  # minor units at stake, without sign; 0 when none
    currency: str  # empty when no amount is at stake
    opened_at: int
    group: str
    subject: str = ""
    detail: str = ""
    state: State = State.OPEN
    assignee: str = ""
    end: End | None = None
    entry_id: str = ""
    terms: Terms | None = None
    maker: str = ""
    approvals: tuple[Approval, ...] = ()
    steps: tuple[Act, ...] = ()

    @property
    def opened_on(self) -> date:
        """The day it was opened, UTC."""
        return day_of(self.opened_at)


class ActRefused(Exception):
    """An act does not fit the exception; the message says why."""


def day_of(at: int) -> date:
    """Return the day of an instant, UTC: ages are counted in whole days."""
    return datetime.fromtimestamp(at / MICROS, tz=UTC).date()


def advanced(case: Case, act: Act) -> Case:
    """Return the exception after an act; guards first, then the step."""
    target = TRANSITIONS.get((case.state, act.verb))
    if target is None:
        raise ActRefused(f"{act.verb} does not fit {case.state}")
    problem = _missing(act) or _not_his(case, act) or _not_allowed(case, act)
    if problem:
        raise ActRefused(problem)
    proposed = target is State.WRITE_OFF_PROPOSED
    return replace(
        case,
        state=target,
        assignee=_assignee(case, act, target),
        end=(End.TIMING if act.verb is Verb.ARRIVE else act.end) if target in ENDED else None,
        entry_id=act.entry_id if target in ENDED else "",
        terms=(act.terms or case.terms) if proposed else None,
        maker=(case.maker or act.actor) if proposed else "",
        approvals=_approvals(case, act) if proposed else (),
        steps=(*case.steps, act),
    )


def _missing(act: Act) -> str:
    """Say what an act lacks."""
    needed = {
        Verb.ASSIGN: (act.assignee, "nobody is named to take it"),
        Verb.RESOLVE: (act.end, "it does not say how it was resolved"),
        Verb.PROPOSE: (act.terms, "it does not say what to book"),
        Verb.BOOK: (act.entry_id, "a write-off names its journal entry"),
        Verb.REOPEN: (act.note, "a reason is needed"),
        Verb.DECLINE: (act.note, "a reason is needed"),
    }
    given, problem = needed.get(act.verb, (True, ""))
    if not act.actor:
        return "nobody does it"
    if not given:
        return problem
    if act.end is End.ADJUSTED and not act.entry_id:
        return "an adjustment names its journal entry"
    return ""


def _not_his(case: Case, act: Act) -> str:
    """Say why it is not this actor's to do."""
    who = WHO[act.verb]
    if (who is Who.SYSTEM) is not (act.actor == SYSTEM):
        return f"{act.verb} is not done by {act.actor}"
    if who is Who.ASSIGNEE and act.actor != case.assignee:
        return f"{case.assignee} has it, not {act.actor}"
    if who is Who.ANOTHER and act.actor == case.maker:
        return f"{act.actor} may not approve what {act.actor} asked for"
    if who is Who.ANOTHER and act.actor in {each.actor for each in case.approvals}:
        return f"{act.actor} has approved it already"
    return ""


def _not_allowed(case: Case, act: Act) -> str:
    """Say what may not be done with this exception."""
    if case.steps and act.at < case.steps[-1].at:
        return "it is before the last step"
    ended_by_time = act.verb is Verb.ARRIVE or act.end is End.TIMING
    if ended_by_time and case.kind not in TIMING_KINDS:
        return f"{case.kind} is not ended by waiting"
    if act.verb is Verb.PROPOSE and not case.amount:
        return "no amount is at stake"
    if act.verb is Verb.PROPOSE and case.kind in INTERNAL:
        return f"{case.kind} is mended, not written off"
    if act.verb is Verb.BOOK:
        assert case.terms is not None, "what is proposed has its terms"
        return short_of(case.terms, case.maker, case.approvals)
    return ""


def _assignee(case: Case, act: Act, target: State) -> str:
    if act.verb is Verb.ASSIGN:
        return act.assignee
    return "" if target is State.OPEN else case.assignee


def _approvals(case: Case, act: Act) -> tuple[Approval, ...]:
    if act.verb is Verb.PROPOSE:
        return ()
    return (*case.approvals, Approval(act.actor, act.role))
