"""Outgoing money: transfers and holds, from attempt counters to the fraud decision.

Owns: the second half of the order of precedence, and what a refused attempt leaves behind.
Never: the movement itself (`ledger.decisions.payment`).

From the counters on a refusal carries AttemptCounted, so that declines count for velocity. The one
exception is BOUND_EXCEEDED of the log itself: a full log cannot take the attempt.
"""

from __future__ import annotations

from ledger.accounts import AVAILABLE
from ledger.calendar import month_of
from ledger.case import Case
from ledger.decisions.payment import Consumption, Movement, Payment, move
from ledger.effects import balance_of
from ledger.evolving.spending import recent
from ledger.limits import outgoing_refusal
from ledger.outgoing import Outgoing
from ledger.refusal import Refusal, accepted, rejected
from ledger.risk import REASONS, assess
from ledger.verdict import Verdict
from ledger.windows import NO_OUTFLOW, trailing
from schemas.messages.commands import PlaceHold, Transfer
from schemas.messages.decisions import RiskAssessment
from schemas.messages.events import AttemptCounted, HoldPlaced, OutflowConsumed, ReviewOpened
from schemas.messages.vocabulary import (
    FeeFlow,
    Purpose,
    RejectionReason,
    RiskAction,
    Stage,
)


def transfer(case: Case, body: Transfer) -> Verdict:
    """Counters, limits, funds, recipient, fraud decision; the first refusal wins."""
    full = _log_is_full(case)
    if full is not None:
        return rejected(full)
    outgoing = _facts(case, body)
    fee = case.moment.programme.fee(FeeFlow.TRANSFER, body.amount)
    refusal = (
        _bounds(case, outgoing)
        or outgoing_refusal(outgoing)
        or _funds(case, body.currency, body.amount + fee)
    )
    if refusal is not None:
        return _refused(case, outgoing, refusal)
    movement = move(case.moment, _payment(case, body, fee, outgoing))
    if isinstance(movement, Refusal):
        return _refused(case, outgoing, movement)
    risk = assess(case.moment.programme, outgoing)
    if risk.action is RiskAction.ALLOW:
        return _paid(case, body, outgoing, movement, risk)
    if risk.action is RiskAction.REVIEW:
        return _held_for_review(case, body, fee, outgoing, risk)
    return _refused(case, outgoing, Refusal(REASONS[risk.action]), risk)


def place_hold(case: Case, body: PlaceHold) -> Verdict:
    """The same for a hold; its payee is asked at capture, wherever it lives. A review refuses."""
    full = _log_is_full(case)
    if full is not None:
        return rejected(full)
    outgoing = _facts(case, body)
    refusal = (
        _bounds(case, outgoing)
        or _hold_bound(case)
        or outgoing_refusal(outgoing)
        or _funds(case, body.currency, body.amount)
    )
    if refusal is not None:
        return _refused(case, outgoing, refusal)
    risk = assess(case.moment.programme, outgoing)
    if risk.action is not RiskAction.ALLOW:
        return _refused(case, outgoing, Refusal(REASONS[risk.action]), risk)
    return accepted(
        (_consumed(case, body.to_wallet_id, outgoing), _placed(case, body, outgoing)),
        Stage.FINAL,
        risk,
    )


def _log_is_full(case: Case) -> Refusal | None:
    """Refuse when the last 24 hours hold the bound of attempts; a policy may have lowered it."""
    view = case.moment.view
    row = view.outflows.get(case.wallet_id)
    bound = case.moment.programme.policy.max_outflow_entries
    if row is None or row.day_24h.attempts < bound:
        return None
    inside = trailing(view.outflow_entries, case.wallet_id, row, case.moment.at).day_24h
    if inside.attempts < bound:
        return None
    return Refusal(RejectionReason.BOUND_EXCEEDED, "max_outflow_entries")


def _facts(case: Case, body: Transfer | PlaceHold) -> Outgoing:
    moment = case.moment
    view = moment.view
    programme = moment.programme
    wallet_id = case.wallet_id
    row = view.outflows.get(wallet_id) or NO_OUTFLOW
    day = programme.calendar.day(moment.at)
    return Outgoing(
        moment.at,
        programme.base(body.currency, body.amount),
        programme.tiers[case.owner().tier],
        row,
        trailing(view.outflow_entries, wallet_id, row, moment.at),
        day,
        month_of(day),
        view.payees.get((wallet_id, body.to_wallet_id)) is None,
        len(recent(row.new_payee_times, moment.at)),
    )


def _bounds(case: Case, outgoing: Outgoing) -> Refusal | None:
    if outgoing.new_payee and case.owner().payees >= case.moment.programme.policy.max_payees:
        return Refusal(RejectionReason.BOUND_EXCEEDED, "max_payees")
    return None


def _hold_bound(case: Case) -> Refusal | None:
    if case.owner().active_holds >= case.moment.programme.policy.max_active_holds:
        return Refusal(RejectionReason.BOUND_EXCEEDED, "max_active_holds")
    return None


def _funds(case: Case, currency: str, total: int) -> Refusal | None:
    if -balance_of(case.owner(), AVAILABLE, currency) < total:
        return Refusal(RejectionReason.INSUFFICIENT_FUNDS, currency)
    return None


def _payment(case: Case, body: Transfer, fee: int, outgoing: Outgoing) -> Payment:
    return Payment(
        case.command.command_id,
        Purpose.TRANSFER,
        case.wallet_id,
        body.to_wallet_id,
        body.currency,
        body.amount,
        fee,
        AVAILABLE,
        None,
        Consumption(outgoing.row.next_entry, outgoing.day, outgoing.month, outgoing.base_amount),
    )


def _refused(
    case: Case, outgoing: Outgoing, refusal: Refusal, risk: RiskAssessment | None = None
) -> Verdict:
    counted = AttemptCounted(case.wallet_id, outgoing.row.next_entry)
    return rejected(refusal, (counted,), risk)


def _consumed(case: Case, payee: str, outgoing: Outgoing) -> OutflowConsumed:
    return OutflowConsumed(
        case.wallet_id,
        outgoing.row.next_entry,
        outgoing.base_amount,
        outgoing.day,
        outgoing.month,
        payee,
        outgoing.new_payee,
    )


def _paid(
    case: Case, body: Transfer, outgoing: Outgoing, movement: Movement, risk: RiskAssessment
) -> Verdict:
    consumed = _consumed(case, body.to_wallet_id, outgoing)
    return accepted((consumed, *movement.events), movement.stage, risk)


def _held_for_review(
    case: Case, body: Transfer, fee: int, outgoing: Outgoing, risk: RiskAssessment
) -> Verdict:
    opened = ReviewOpened(
        case.wallet_id,
        case.command.command_id,
        body.to_wallet_id,
        body.currency,
        body.amount,
        fee,
        case.moment.at + case.moment.programme.review_ttl_us,
        outgoing.row.next_entry,
        outgoing.day,
        outgoing.month,
        outgoing.base_amount,
    )
    return accepted((_consumed(case, body.to_wallet_id, outgoing), opened), Stage.PENDING, risk)


def _placed(case: Case, body: PlaceHold, outgoing: Outgoing) -> HoldPlaced:
    moment = case.moment
    ttl_us = moment.programme.hold_ttl_us if body.ttl_s is None else body.ttl_s * 1_000_000
    return HoldPlaced(
        case.wallet_id,
        case.command.command_id,
        body.to_wallet_id,
        body.currency,
        body.amount,
        moment.at + ttl_us if ttl_us > 0 else 0,
        outgoing.row.next_entry,
        outgoing.day,
        outgoing.month,
        outgoing.base_amount,
    )
