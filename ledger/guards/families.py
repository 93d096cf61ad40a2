"""Families: the guards of commands that have a file of their own.

Owns: which family a command belongs to. A family's guard file has `COMMANDS`, `shape`, `state` and
`status`; its decisions are in the file of the same name in `ledger.decisions`.
Never: a check.
"""

from __future__ import annotations

from ledger.case import Case
from ledger.guards import hold_changes
from ledger.refusal import Refusal
from schemas.messages.commands import Command


def shape(case: Case, body: Command) -> Refusal | None:  # noqa: ARG001 - the wallet, for families
    """Refuse what no state could make right."""
    if isinstance(body, hold_changes.COMMANDS):
        return hold_changes.shape(body)
    return None


def state(case: Case, body: Command) -> Refusal | None:
    """Refuse what the lifecycle of its transaction does not allow; the wallet exists."""
    if isinstance(body, hold_changes.COMMANDS):
        return hold_changes.state(case, body)
    return None


def status(case: Case, body: Command) -> Refusal | None:
    """Refuse what the wallet's status does not allow."""
    if isinstance(body, hold_changes.COMMANDS):
        return hold_changes.status(case, body)
    return None
