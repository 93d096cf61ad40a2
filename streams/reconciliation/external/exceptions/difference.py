"""Difference: something that differs now, and the events by which it begins and ends by itself.

Owns: both events.
Never: decides whether an exception is to begin or to end: who compares does.
"""

from __future__ import annotations

from typing import NamedTuple

from schemas.messages.recon import ExceptionMoved, ExceptionOpened
from streams.reconciliation.external.exceptions.kinds import Kind
from streams.reconciliation.external.exceptions.workflow import SYSTEM, Case, Verb


class Difference(NamedTuple):
    """Something that differs now."""

    kind: Kind
    account: str
    currency: str
    minor: int
    subject: str
    detail: str


def opening(case_id: str, difference: Difference) -> ExceptionOpened:
    """Return the event by which a difference becomes an exception."""
    return ExceptionOpened(case_id, difference.kind.value, *difference[1:], SYSTEM)


def arrival(case: Case, note: str) -> ExceptionMoved:
    """Return the step by which an exception ends by itself."""
    verb = Verb.ARRIVE.value
    return ExceptionMoved(
        case.case_id, len(case.steps) + 1, verb, SYSTEM, "", "", "", "", note, None
    )
