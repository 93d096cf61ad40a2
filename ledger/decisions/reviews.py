"""Reviews: the way out of a transfer that waits for a reviewer.

Owns: approval, rejection and expiry.
Never: opens a review (`ledger.decisions.outgoing`).

An approval that the recipient refuses leaves the review open (RECIPIENT_REFUSED): the reviewer may
try again or reject, and the timer still ends it.
"""

from __future__ import annotations

from typing import Final

from ledger.case import Case, Moment
from ledger.chart import PENDING_OUT
from ledger.decisions.payment import Consumption, Payment, move
from ledger.errors import InvariantError, present
from ledger.refusal import Refusal, accepted, rejected
from ledger.verdict import Verdict
from schemas.messages.commands import ResolveReview
from schemas.messages.events import OutflowGivenBack, ReviewResolved
from schemas.messages.rows import ReviewRow, TimerRow
from schemas.messages.vocabulary import Purpose, ReviewVerdict

BY_TIMER: Final = "timer"


def resolve_review(case: Case, body: ResolveReview) -> Verdict:
    """Pay from W.POUT, or put money and fee back into W.AVL."""
    key = (case.wallet_id, body.review_id)
    row = present(case.moment.view.reviews.get(key), "review")
    if body.verdict is ReviewVerdict.REJECT:
        return _rejected(key, row, body.reviewer)
    movement = move(case.moment, _payment(key, row))
    if isinstance(movement, Refusal):
        return rejected(movement)
    resolved = _resolved(key, row, ReviewVerdict.APPROVE, body.reviewer)
    return accepted((resolved, *movement.events), movement.stage)


def expire_review(moment: Moment, timer: TimerRow) -> Verdict:
    """Reject what nobody decided in time."""
    key = (timer.wallet_id, timer.timer_id)
    row = moment.view.reviews.get(key)
    if row is None or row.expires_at != timer.due:
        raise InvariantError(f"stale timer of review {timer.timer_id} of {timer.wallet_id}")
    return _rejected(key, row, BY_TIMER)


def _rejected(key: tuple[str, str], row: ReviewRow, reviewer: str) -> Verdict:
    back = OutflowGivenBack(
        key[0],
        row.entry,
        row.base_amount,
        row.day,
        row.month,
        True,  # noqa: FBT003 - positional like the schema
    )
    return accepted((_resolved(key, row, ReviewVerdict.REJECT, reviewer), back))


def _resolved(
    key: tuple[str, str], row: ReviewRow, verdict: ReviewVerdict, reviewer: str
) -> ReviewResolved:
    wallet_id, review_id = key
    return ReviewResolved(
        wallet_id, review_id, verdict, reviewer, row.currency, row.amount, row.fee
    )


def _payment(key: tuple[str, str], row: ReviewRow) -> Payment:
    wallet_id, review_id = key
    return Payment(
        review_id,
        Purpose.TRANSFER,
        wallet_id,
        row.to_wallet_id,
        row.currency,
        row.amount,
        row.fee,
        PENDING_OUT,
        None,
        Consumption(row.entry, row.day, row.month, row.base_amount),
    )
