"""Acting: one step with an exception, from the plan to the log and back.

Owns: the event of a step, where it goes, and whether it was the one that was taken.
Never: decides what fits: `streams/reconciliation/external/exceptions/workflow.py` does.

Two who act at the same time both write; the log says who was first, so each reads it again.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from time import monotonic
from typing import Final

from ops import operations
from ops.console import show_json, show_plan
from ops.delivery import deliver, producer_for
from ops.errors import DocumentError, OvertakenError
from ops.per_partition import Record
from ops.recon.found import Found
from ops.recon.reading import read_found
from ops.settings import Settings
from schemas.access.kafka import Servers
from schemas.codec import encode
from schemas.messages.recon import ExceptionMoved, ReconEvent, WriteOffTerms
from streams.reconciliation.external.exceptions.followed import next_in
from streams.reconciliation.external.exceptions.workflow import Act, Case, advanced
from topics.catalog import RECON_EVENTS

DEADLINE_S: Final = 30.0  # until one's own event is read: a job's transaction may lie before it


@dataclass(frozen=True, slots=True)
class Move:
    """A step that fits, as it will be written."""

    event: ReconEvent
    partition: int
    before: Case
    after: Case

    def lines(self) -> list[str]:
        """Return what will be done, in words."""
        act = self.after.steps[-1]
        whom = f" to {act.assignee}" if act.assignee else ""
        end = f", {act.end}" if act.end else ""
        entry = f", entry {act.entry_id}" if act.entry_id else ""
        states = f"{self.before.state} -> {self.after.state}{end}{entry}"
        return [f"{act.verb}{whom} {self.before.case_id}, by {act.actor}: {states}"]

    def record(self) -> Record:
        """Return the record, for the partition in which the exception lies."""
        return self.before.case_id.encode(), encode(self.event), self.partition


@dataclass(frozen=True, slots=True)
class Asked:
    """How somebody asked for it."""

    reason: str
    execute: bool
    as_json: bool


def case_in(found: Found, case_id: str) -> Case:
    """Return an exception. Raises `DocumentError`."""
    case = found.cases.by_id.get(case_id)
    if case is None:
        raise DocumentError(
            f"there is no exception {case_id!r}: see `ledgerctl recon breaks --all`"
        )
    return case


def move_of(found: Found, case_id: str, asked: Act) -> Move:
    """Return a step. Raises `ActRefused` when it does not fit."""
    case = case_in(found, case_id)
    act = next_in(case, asked)
    after = advanced(case, act)
    number = len(after.steps)
    event_id = f"{case_id}-{number}-{act.verb}-{act.actor}"
    event = ReconEvent(event_id, act.at, _body(case_id, number, act))
    return Move(event, found.homes[case_id], case, after)


def go(settings: Settings, case_id: str, act: Act, asked: Asked) -> None:
    """Show a step as a plan; take it when asked."""
    operations.require_reason(asked.reason, execute=asked.execute)
    found, _ = read_found(settings.broker())
    move = move_of(found, case_id, act)

    def do() -> None:
        take(settings, move, asked.reason)

    show(move.lines(), asked, do)


def show(lines: list[str], asked: Asked, act: Callable[[], None]) -> None:
    """Show a plan for a person or a program; do it when asked."""
    if not asked.as_json:
        show_plan(lines, execute=asked.execute, act=act)
        return
    if asked.execute:
        act()
    show_json({"plan": lines, "done": asked.execute})


def take(settings: Settings, move: Move, reason: str) -> Case:
    """Write a step and return the exception after it. Raises `OvertakenError`."""
    deliver(producer_for(settings.broker()), RECON_EVENTS.name, [move.record()])
    case_id, event_id = move.before.case_id, move.event.event_id
    said = {"subject": case_id, "request_id": event_id}
    operations.record(settings.state_dir, move.lines()[0], reason, **said)
    return confirmed(settings.broker(), move)


def confirmed(address: Servers, move: Move) -> Case:
    """Read until the step shows; return the exception. Raises `OvertakenError`."""
    case_id, event_id = move.before.case_id, move.event.event_id
    deadline = monotonic() + DEADLINE_S
    while monotonic() < deadline:
        found, _ = read_found(address)
        if found.cases.has_taken(event_id):
            return found.cases.by_id[case_id]
        for misfit in found.cases.misfits:
            if misfit.event_id == event_id:
                raise OvertakenError(f"{case_id}: somebody was first: {misfit.why}")
    raise OvertakenError(f"{case_id}: the step is written and was not read in {DEADLINE_S:.0f} s")


def _body(case_id: str, number: int, act: Act) -> ExceptionMoved:
    terms = act.terms
    return ExceptionMoved(
        case_id,
        number,
        act.verb.value,
        act.actor,
        act.assignee,
        act.end.value if act.end else "",
        act.entry_id,
        act.role,
        act.note,
        None
        if terms is None
        else WriteOffTerms(
            terms.wallet_id, terms.account, terms.direction, terms.approvals, terms.role
        ),
    )
