"""Families: the guards of commands that have a file of their own.

Owns: which family a command belongs to. A family's guard file has `COMMANDS`, `shape`, `state` and
`status`; its decisions are in the file of the same name in `ledger.decisions`.
Never: a check.
"""

from __future__ import annotations

from ledger.case import Case
from ledger.guards import bills, claims, escrows, hold_changes, pots, requests
from ledger.refusal import Refusal
from schemas.messages.commands import Command


def shape(case: Case, body: Command) -> Refusal | None:
    """Refuse what no state could make right."""
    if isinstance(body, hold_changes.COMMANDS):
        return hold_changes.shape(body)
    if isinstance(body, escrows.COMMANDS):
        return escrows.shape(case, body)
    if isinstance(body, claims.COMMANDS):
        return claims.shape(case, body)
    if isinstance(body, bills.COMMANDS):
        return bills.shape(case, body)
    if isinstance(body, requests.COMMANDS):
        return requests.shape(case, body)
    if isinstance(body, pots.COMMANDS):
        return pots.shape(case, body)
    return None


def state(case: Case, body: Command) -> Refusal | None:
    """Refuse what the lifecycle of its transaction does not allow; the wallet exists."""
    if isinstance(body, hold_changes.COMMANDS):
        return hold_changes.state(case, body)
    if isinstance(body, escrows.COMMANDS):
        return escrows.state(case, body)
    if isinstance(body, claims.COMMANDS):
        return claims.state(case, body)
    if isinstance(body, bills.COMMANDS):
        return bills.state(case, body)
    if isinstance(body, requests.COMMANDS):
        return requests.state(case, body)
    return None


def status(case: Case, body: Command) -> Refusal | None:
    """Refuse what the wallet's status does not allow."""
    if isinstance(body, hold_changes.COMMANDS):
        return hold_changes.status(case, body)
    if isinstance(body, escrows.COMMANDS):
        return escrows.status(case, body)
    if isinstance(body, claims.COMMANDS):
        return claims.status(case, body)
    if isinstance(body, bills.COMMANDS):
        return bills.status(case, body)
    if isinstance(body, requests.COMMANDS):
        return requests.status(case, body)
    if isinstance(body, pots.COMMANDS):
        return pots.status(case, body)
    return None
