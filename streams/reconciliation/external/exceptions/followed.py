"""Followed: the log of recon events, folded into exceptions.

Owns: `Cases`: what each event makes of an exception, and what did not fit.
Never: refuses an event: one that does not fit changes nothing and is told as a misfit.

Anybody may ask for a step at any time; of two with the same number the first in the log is taken.
All events of an exception lie in one partition, so every reader takes the same.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Final, NamedTuple, final

from schemas.messages.recon import BreakClosed, BreakOpened, ExceptionMoved, ExceptionOpened
from streams.reconciliation.external.exceptions.kinds import Kind, group_of
from streams.reconciliation.external.exceptions.workflow import (
    SYSTEM,
    TRANSITIONS,
    Act,
    ActRefused,
    Case,
    End,
    Verb,
    advanced,
)
from streams.reconciliation.external.exceptions.write_off import Terms

KINDS: Final = frozenset(Kind)


class Misfit(NamedTuple):
    """An event that changed nothing, and why."""

    case_id: str
    event_id: str
    why: str


@final
class Cases:
    """Every exception, by id, in the order they were opened."""

    def __init__(self) -> None:
        self.by_id: Final[dict[str, Case]] = {}
        self.misfits: Final[list[Misfit]] = []
        self._taken: Final[set[str]] = set()
        self._arrived: Final[set[str]] = set()

    def has_taken(self, event_id: str) -> bool:
        """Tell whether a step was taken."""
        return event_id in self._taken

    def break_opened(self, at: int, body: BreakOpened) -> None:
        """Open what an internal check found; a repeat opens nothing twice."""
        kind = Kind(body.check.name)
        self._open(
            Case(
                case_id=body.break_id,
                kind=kind,
                account=f"partition {body.partition}",
                amount=0,
                currency="",
                opened_at=at,
                group=group_of(kind),
                subject=body.subject,
                detail=body.detail,
            )
        )

    def opened(self, at: int, body: ExceptionOpened) -> None:
        """Open what was found, or seen by somebody, outside."""
        if body.kind not in KINDS:
            self._misfit(body.case_id, body.case_id, f"{body.kind} is no kind of exception")
            return
        kind = Kind(body.kind)
        self._open(
            Case(
                case_id=body.case_id,
                kind=kind,
                account=body.account,
                amount=body.minor,
                currency=body.currency,
                opened_at=at,
                group=group_of(kind),
                subject=body.subject,
                detail=body.detail,
            )
        )

    def break_closed(self, at: int, body: BreakClosed) -> None:
        """End what is equal again, unless somebody ended it or is about to write it off."""
        case = self.by_id.get(body.break_id)
        if case is None or body.break_id in self._arrived:
            return
        self._arrived.add(body.break_id)
        if (case.state, Verb.ARRIVE) in TRANSITIONS:
            # The ledger's time and a person's clock need not agree; steps only go forward.
            after = max(at, case.steps[-1].at) if case.steps else at
            act = Act(verb=Verb.ARRIVE, actor=SYSTEM, at=after, note=body.detail)
            self._advance(f"{body.break_id}-closed", case, act)

    def moved(self, event_id: str, at: int, body: ExceptionMoved) -> None:
        """Take a step that somebody asked for, if it is the next one and fits."""
        case = self.by_id.get(body.case_id)
        if self.has_taken(event_id):
            return
        if case is None:
            self._misfit(body.case_id, event_id, "there is no such exception")
        elif body.number != len(case.steps) + 1:
            self._misfit(body.case_id, event_id, f"step {body.number} was taken by another act")
        else:
            self._take(event_id, case, at, body)

    def _take(self, event_id: str, case: Case, at: int, body: ExceptionMoved) -> None:
        try:
            act = act_of(at, body)
        except ValueError as error:  # a word of a newer writer
            self._misfit(body.case_id, event_id, str(error))
        else:
            self._advance(event_id, case, act)

    def _open(self, case: Case) -> None:
        self.by_id.setdefault(case.case_id, case)

    def _advance(self, event_id: str, case: Case, act: Act) -> None:
        try:
            self.by_id[case.case_id] = advanced(case, act)
        except ActRefused as refusal:
            self._misfit(case.case_id, event_id, str(refusal))
            return
        self._taken.add(event_id)

    def _misfit(self, case_id: str, event_id: str, why: str) -> None:
        self.misfits.append(Misfit(case_id, event_id, why))


def act_of(at: int, body: ExceptionMoved) -> Act:
    """Return what an event says somebody did. Raises `ValueError` for an unknown word."""
    terms = body.terms
    return Act(
        verb=Verb(body.verb),
        actor=body.actor,
        at=at,
        assignee=body.assignee,
        end=End(body.end) if body.end else None,
        entry_id=body.entry_id,
        role=body.role,
        note=body.note,
        terms=None
        if terms is None
        else Terms(terms.wallet_id, terms.account, terms.direction, terms.approvals, terms.role),
    )


def next_in(case: Case, act: Act) -> Act:
    """Return an act that is not before the last step, whatever the clock of its actor says."""
    return replace(act, at=max(act.at, case.steps[-1].at)) if case.steps else act
