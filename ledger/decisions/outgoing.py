"""Outgoing money: transfers and holds, from attempt counters to the fraud decision.

Owns: the second half of the order of precedence, step by step for everything that pays
(`attempted`, the caller's movement, `cleared`), and what a refused attempt leaves behind.
Never: the movement itself (`ledger.decisions.payment`).

From the counters on a refusal carries AttemptCounted, so that declines count for velocity. The one
exception is BOUND_EXCEEDED of the log itself: a full log cannot take the attempt.
"""

from __future__ import annotations

from typing import Final

from ledger.balances import balance_of, overdraft_refusal
from ledger.calendar import month_of
from ledger.case import Case
from ledger.chart import AVAILABLE
from ledger.days import NO_DAYS, days_before
from ledger.decisions.payment import Consumption, Movement, Payment, move
from ledger.evolving.spending import recent
from ledger.limits import outgoing_refusal
from ledger.outgoing import Habits, Intent, Outgoing
from ledger.profile import NO_INFLOW, NO_PROFILE, near_thresholds
from ledger.refusal import Refusal, accepted, rejected
from ledger.risk import REASONS, assess
from ledger.verdict import Verdict
from ledger.windows import NO_OUTFLOW, Log, trailing
from schemas.messages.commands import (
    BulkTransfer,
    Convert,
    FundEscrow,
    IncrementHold,
    Pay,
    PayBill,
    PayRequest,
    PlaceHold,
    SendToAlias,
    Transfer,
    Withdraw,
)
from schemas.messages.decisions import RiskAssessment
from schemas.messages.events import AttemptCounted, HoldPlaced, OutflowConsumed, ReviewOpened
from schemas.messages.rows import WalletRow
from schemas.messages.vocabulary import (
    FeeFlow,
    OutflowFamily,
    Purpose,
    RejectionReason,
    RiskAction,
    Stage,
)

# Every command that goes by `attempted`. A capture beyond its hold does too, but is none by itself.
ATTEMPTS: Final = (
    *(Transfer, PlaceHold, IncrementHold, Pay, PayRequest),
    *(FundEscrow, SendToAlias, PayBill, Withdraw, Convert, BulkTransfer),
)


def transfer(case: Case, body: Transfer) -> Verdict:
    """Counters, limits, funds, recipient, fraud decision; the first refusal wins."""
    fee = case.moment.programme.fee(FeeFlow.TRANSFER, body.amount)
    total = body.amount + fee
    intent = Intent(body.to_wallet_id, body.currency, body.amount, total, OutflowFamily.P2P)
    outgoing = attempted(case, intent)
    if isinstance(outgoing, Verdict):
        return outgoing
    movement = move(case.moment, _payment(case, body, fee, outgoing))
    if isinstance(movement, Refusal):
        return refused(case, outgoing, movement)
    risk = assess(case.moment.programme, outgoing)
    if risk.action is RiskAction.ALLOW:
        return paid(case, intent, outgoing, movement, risk)
    if risk.action is RiskAction.REVIEW:
        return _held_for_review(case, intent, fee, outgoing, risk)
    return refused(case, outgoing, Refusal(REASONS[risk.action]), risk)


def place_hold(case: Case, body: PlaceHold) -> Verdict:
    """The same for a hold; its payee is asked at capture, wherever it lives. A review refuses."""
    intent = Intent(body.to_wallet_id, body.currency, body.amount, body.amount)
    outgoing = attempted(case, intent, _hold_bound(case))
    if isinstance(outgoing, Verdict):
        return outgoing
    risk = cleared(case, outgoing)
    if isinstance(risk, Verdict):
        return risk
    return accepted(
        (consumed(case, intent, outgoing), _placed(case, body, outgoing)), Stage.FINAL, risk
    )


def attempted(case: Case, intent: Intent, bound: Refusal | None = None) -> Outgoing | Verdict:
    """Check counters, bounds (also the caller's own), limits and funds of an attempt to pay."""
    full = _log_is_full(case)
    if full is not None:
        return rejected(full)
    outgoing = _facts(case, intent)
    refusal = (
        _bounds(case, outgoing)
        or bound
        or outgoing_refusal(outgoing)
        or _funds(case, intent.currency, intent.total)
    )
    return outgoing if refusal is None else refused(case, outgoing, refusal)


def cleared(case: Case, outgoing: Outgoing) -> RiskAssessment | Verdict:
    """Ask the fraud rules about something that cannot wait for a reviewer: a review refuses it."""
    risk = assess(case.moment.programme, outgoing)
    if risk.action is RiskAction.ALLOW:
        return risk
    return refused(case, outgoing, Refusal(REASONS[risk.action]), risk)


def refused(
    case: Case, outgoing: Outgoing, refusal: Refusal, risk: RiskAssessment | None = None
) -> Verdict:
    """Refuse an attempt, which counts for velocity."""
    counted = AttemptCounted(case.wallet_id, outgoing.row.next_entry)
    return rejected(refusal, (counted,), risk)


def declined(case: Case, refusal: Refusal) -> Verdict:
    """Refuse a command before its limits were asked; one that is an attempt counts as such."""
    if not isinstance(case.command.body, ATTEMPTS):
        return rejected(refusal)
    full = _log_is_full(case)
    if full is not None:
        return rejected(full)
    row = case.moment.view.outflows.get(case.wallet_id) or NO_OUTFLOW
    return rejected(refusal, (AttemptCounted(case.wallet_id, row.next_entry),))


def consumed(case: Case, intent: Intent, outgoing: Outgoing) -> OutflowConsumed:
    """Return what an accepted attempt takes of the wallet's limits."""
    return OutflowConsumed(
        case.wallet_id,
        outgoing.row.next_entry,
        outgoing.base_amount,
        outgoing.day,
        outgoing.month,
        intent.payee,
        outgoing.new_payee,
        intent.family,
        outgoing.habits.round_amount,
        outgoing.habits.near,
        outgoing.habits.origin.device_id,
        outgoing.habits.origin.authentication,
        outgoing.habits.origin.country,
    )


def consumption_of(outgoing: Outgoing) -> Consumption:
    """Return the outflow entry that an accepted attempt fills."""
    return Consumption(outgoing.row.next_entry, outgoing.day, outgoing.month, outgoing.base_amount)


def paid(
    case: Case, intent: Intent, outgoing: Outgoing, movement: Movement, risk: RiskAssessment
) -> Verdict:
    """Accept a payment with its movement."""
    return accepted((consumed(case, intent, outgoing), *movement.events), movement.stage, risk)


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


def _facts(case: Case, intent: Intent) -> Outgoing:
    moment = case.moment
    view = moment.view
    programme = moment.programme
    wallet_id = case.wallet_id
    row = view.outflows.get(wallet_id) or NO_OUTFLOW
    day = programme.calendar.day(moment.at)
    owner = case.owner()
    limits = programme.tiers[owner.tier]
    base_amount = programme.base(intent.currency, intent.amount)
    payee = view.payees.get((wallet_id, intent.payee))
    habits = Habits(
        payee,
        view.profiles.get(wallet_id) or NO_PROFILE,
        view.inflows.get(wallet_id) or NO_INFLOW,
        programme.base(intent.currency, _available(owner, intent.currency) - intent.total),
        owner.opened_at,
        near_thresholds(base_amount, programme.ruleset.structuring_at, limits.per_tx_out),
        programme.is_round(intent.currency, intent.amount),
        programme.ruleset.small_top_up,
        case.origin(),
        programme.denied,
        intent.rail,
    )
    return Outgoing(
        moment.at,
        base_amount,
        intent.family,
        limits,
        programme.calendar,
        Log(view.outflow_entries, wallet_id, row),
        row,
        trailing(view.outflow_entries, wallet_id, row, moment.at),
        day,
        month_of(day),
        days_before(day, row, view.outflow_days.get(wallet_id) or NO_DAYS),
        recent(row.new_payee_times, moment.at),
        payee is None,
        habits,
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
    if _available(case.owner(), currency) < total:
        return overdraft_refusal(case.owner(), currency, total)
    return None


def _available(owner: WalletRow, currency: str) -> int:
    return -balance_of(owner, AVAILABLE, currency)


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
        consumption_of(outgoing),
    )


def _held_for_review(
    case: Case, intent: Intent, fee: int, outgoing: Outgoing, risk: RiskAssessment
) -> Verdict:
    opened = ReviewOpened(
        case.wallet_id,
        case.command.command_id,
        intent.payee,
        intent.currency,
        intent.amount,
        fee,
        case.moment.at + case.moment.programme.review_ttl_us,
        outgoing.row.next_entry,
        outgoing.day,
        outgoing.month,
        outgoing.base_amount,
    )
    return accepted((consumed(case, intent, outgoing), opened), Stage.PENDING, risk)


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
