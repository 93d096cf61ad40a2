"""Families: the guards of commands that have a file of their own.

Owns: which family a command belongs to. A family's guard file has `COMMANDS`, `shape`, `state` and,
where the wallet's status matters, `status`; its decisions are in the file of the same name in
`ledger.decisions`.
Never: a check.
"""

from __future__ import annotations

from ledger.case import Case
from ledger.guards import bank_top_ups, chargebacks, settlements, withdrawals
from ledger.refusal import Refusal
from schemas.messages.commands import Command


def shape(case: Case, body: Command) -> Refusal | None:
    """Refuse what no state could make right."""
    if isinstance(body, bank_top_ups.COMMANDS):
        return bank_top_ups.shape(case, body)
    if isinstance(body, withdrawals.COMMANDS):
        return withdrawals.shape(case, body)
    if isinstance(body, chargebacks.COMMANDS):
        return chargebacks.shape(body)
    if isinstance(body, settlements.COMMANDS):
        return settlements.shape(body)
    return None


def state(case: Case, body: Command) -> Refusal | None:
    """Refuse what the lifecycle of its transaction does not allow; the wallet exists."""
    if isinstance(body, bank_top_ups.COMMANDS):
        return bank_top_ups.state(case, body)
    if isinstance(body, withdrawals.COMMANDS):
        return withdrawals.state(case, body)
    if isinstance(body, chargebacks.COMMANDS):
        return chargebacks.state(case, body)
    if isinstance(body, settlements.COMMANDS):
        return settlements.state(case, body)
    return None


def status(case: Case, body: Command) -> Refusal | None:
    """Refuse what the wallet's status does not allow."""
    if isinstance(body, bank_top_ups.COMMANDS):
        return bank_top_ups.status(case, body)
    if isinstance(body, withdrawals.COMMANDS):
        return withdrawals.status(case, body)
    return None
