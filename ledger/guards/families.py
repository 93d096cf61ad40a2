"""Families: the guards of commands that have a file of their own.

Owns: which family a command belongs to. A family's guard file has `COMMANDS` and what it asks of
`shape`, `state` and `status`; its decisions are in the file of the same name in
`ledger.decisions`.
Never: a check.
"""

from __future__ import annotations

from ledger.case import Case
from ledger.guards import (
    adjustments,
    bank_top_ups,
    bills,
    bulks,
    chargebacks,
    claims,
    credit,
    disputes,
    escrows,
    fx,
    hold_changes,
    interest,
    payouts,
    pots,
    refunds,
    requests,
    reserves,
    residuals,
    sales,
    schedules,
    settlements,
    suspended,
    treasury,
    withdrawals,
)
from ledger.refusal import Refusal
from schemas.messages.commands import Command


def shape(case: Case, body: Command) -> Refusal | None:
    """Refuse what no state could make right."""
    if isinstance(body, hold_changes.COMMANDS):
        return hold_changes.shape(body)
    refusal = _outside_shape(case, body) or _between_people_shape(case, body)
    refusal = refusal or _commerce_shape(case, body) or _office_shape(case, body)
    return refusal or _order_shape(case, body)


def state(case: Case, body: Command) -> Refusal | None:
    """Refuse what the lifecycle of its transaction does not allow; the wallet exists."""
    if isinstance(body, hold_changes.COMMANDS):
        return hold_changes.state(case, body)
    refusal = _outside_state(case, body) or _between_people_state(case, body)
    refusal = refusal or _commerce_state(case, body) or _office_state(case, body)
    return refusal or _order_state(case, body)


def status(case: Case, body: Command) -> Refusal | None:
    """Refuse what the wallet's status does not allow."""
    if isinstance(body, hold_changes.COMMANDS):
        return hold_changes.status(case, body)
    refusal = _outside_status(case, body) or _between_people_status(case, body)
    refusal = refusal or _commerce_status(case, body) or _office_status(case, body)
    return refusal or _order_status(case, body)


def _outside_shape(case: Case, body: Command) -> Refusal | None:
    if isinstance(body, bank_top_ups.COMMANDS):
        return bank_top_ups.shape(case, body)
    if isinstance(body, withdrawals.COMMANDS):
        return withdrawals.shape(case, body)
    if isinstance(body, chargebacks.COMMANDS):
        return chargebacks.shape(body)
    if isinstance(body, settlements.COMMANDS):
        return settlements.shape(body)
    if isinstance(body, suspended.COMMANDS):
        return suspended.shape(case, body)
    return None


def _between_people_shape(case: Case, body: Command) -> Refusal | None:
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


def _commerce_shape(case: Case, body: Command) -> Refusal | None:
    if isinstance(body, sales.COMMANDS):
        return sales.shape(case, body)
    if isinstance(body, refunds.COMMANDS):
        return refunds.shape(body)
    if isinstance(body, payouts.COMMANDS):
        return payouts.shape(case, body)
    if isinstance(body, disputes.COMMANDS):
        return disputes.shape(body)
    if isinstance(body, reserves.COMMANDS):
        return reserves.shape(body)
    return None


def _office_shape(case: Case, body: Command) -> Refusal | None:
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


def _order_shape(case: Case, body: Command) -> Refusal | None:
    if isinstance(body, credit.COMMANDS):
        return credit.shape(case, body)
    if isinstance(body, bulks.COMMANDS):
        return bulks.shape(case, body)
    if isinstance(body, schedules.COMMANDS):
        return schedules.shape(case, body)
    return None


def _outside_state(case: Case, body: Command) -> Refusal | None:
    if isinstance(body, bank_top_ups.COMMANDS):
        return bank_top_ups.state(case, body)
    if isinstance(body, withdrawals.COMMANDS):
        return withdrawals.state(case, body)
    if isinstance(body, chargebacks.COMMANDS):
        return chargebacks.state(case, body)
    if isinstance(body, settlements.COMMANDS):
        return settlements.state(case, body)
    if isinstance(body, suspended.COMMANDS):
        return suspended.state(case, body)
    return None


def _between_people_state(case: Case, body: Command) -> Refusal | None:
    if isinstance(body, escrows.COMMANDS):
        return escrows.state(case, body)
    if isinstance(body, claims.COMMANDS):
        return claims.state(case, body)
    if isinstance(body, bills.COMMANDS):
        return bills.state(case, body)
    if isinstance(body, requests.COMMANDS):
        return requests.state(case, body)
    return None


def _commerce_state(case: Case, body: Command) -> Refusal | None:
    if isinstance(body, sales.COMMANDS):
        return sales.state(case, body)
    if isinstance(body, refunds.COMMANDS):
        return refunds.state(case, body)
    if isinstance(body, payouts.COMMANDS):
        return payouts.state(case, body)
    if isinstance(body, disputes.COMMANDS):
        return disputes.state(case, body)
    if isinstance(body, reserves.COMMANDS):
        return reserves.state(case, body)
    return None


def _office_state(case: Case, body: Command) -> Refusal | None:
    if isinstance(body, treasury.COMMANDS):
        return treasury.state(case, body)
    if isinstance(body, adjustments.COMMANDS):
        return adjustments.state(case, body)
    if isinstance(body, fx.COMMANDS):
        return fx.state(case)
    if isinstance(body, residuals.COMMANDS):
        return residuals.state(case)
    if isinstance(body, schedules.COMMANDS):
        return schedules.state(case, body)
    return None


def _order_state(case: Case, body: Command) -> Refusal | None:
    if isinstance(body, bulks.COMMANDS):
        return bulks.state(case, body)
    return None


def _outside_status(case: Case, body: Command) -> Refusal | None:
    if isinstance(body, bank_top_ups.COMMANDS):
        return bank_top_ups.status(case, body)
    if isinstance(body, withdrawals.COMMANDS):
        return withdrawals.status(case, body)
    if isinstance(body, suspended.COMMANDS):
        return suspended.status(case)
    return None


def _between_people_status(case: Case, body: Command) -> Refusal | None:
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


def _commerce_status(case: Case, body: Command) -> Refusal | None:
    if isinstance(body, sales.COMMANDS):
        return sales.status(case, body)
    if isinstance(body, refunds.COMMANDS):
        return refunds.status(case, body)
    if isinstance(body, payouts.COMMANDS):
        return payouts.status(case, body)
    if isinstance(body, disputes.COMMANDS):
        return disputes.status(case, body)
    if isinstance(body, reserves.COMMANDS):
        return reserves.status(case)
    return None


def _office_status(case: Case, body: Command) -> Refusal | None:
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


def _order_status(case: Case, body: Command) -> Refusal | None:
    if isinstance(body, credit.COMMANDS):
        return credit.status(case, body)
    if isinstance(body, bulks.COMMANDS):
        return bulks.status(case, body)
    if isinstance(body, schedules.COMMANDS):
        return schedules.status(case, body)
    return None
