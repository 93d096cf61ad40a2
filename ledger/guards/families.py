"""Families: the guards of commands that have a file of their own.

Owns: which family a command belongs to. A family's guard file has `COMMANDS`, `shape`, `state` and
`status`; its decisions are in the file of the same name in `ledger.decisions`.
Never: a check.
"""

from __future__ import annotations

from ledger.case import Case
from ledger.guards import adjustments, fx, interest, residuals, treasury
from ledger.refusal import Refusal
from schemas.messages.commands import Command


def shape(case: Case, body: Command) -> Refusal | None:
    """Refuse what no state could make right."""
    if isinstance(body, treasury.COMMANDS):
        return treasury.shape(case, body)
    if isinstance(body, adjustments.COMMANDS):
        return adjustments.shape(case, body)
    if isinstance(body, fx.COMMANDS):
        return fx.shape(case, body)
    if isinstance(body, interest.COMMANDS):
        return interest.shape(case, body)
    if isinstance(body, residuals.COMMANDS):
        return residuals.shape(body)
    return None


def state(case: Case, body: Command) -> Refusal | None:
    """Refuse what the lifecycle of its transaction does not allow; the wallet exists."""
    if isinstance(body, treasury.COMMANDS):
        return treasury.state(case, body)
    if isinstance(body, adjustments.COMMANDS):
        return adjustments.state(case, body)
    if isinstance(body, fx.COMMANDS):
        return fx.state(case)
    if isinstance(body, residuals.COMMANDS):
        return residuals.state(case)
    return None


def status(case: Case, body: Command) -> Refusal | None:
    """Refuse what the wallet's status does not allow."""
    if isinstance(body, treasury.COMMANDS):
        return treasury.status(case, body)
    if isinstance(body, adjustments.COMMANDS):
        return adjustments.status(case, body)
    if isinstance(body, fx.COMMANDS):
        return fx.status(case, body)
    if isinstance(body, interest.COMMANDS):
        return interest.status(case, body)
    if isinstance(body, residuals.COMMANDS):
        return residuals.status(case, body)
    return None
