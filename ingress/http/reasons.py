"""Reasons: what the ledger's own refusals are in HTTP; the codes are those of the topic.

Owns: the status of every reason, and the sentence a person reads.
Never: a reason of its own.
"""

from __future__ import annotations

from http import HTTPStatus
from typing import Final

from schemas.messages.vocabulary import RejectionReason

R = RejectionReason
_BY_STATUS: Final[dict[HTTPStatus, tuple[RejectionReason, ...]]] = {
    HTTPStatus.BAD_REQUEST: (R.UNREADABLE, R.MISROUTED, R.KEY_MISMATCH),
    HTTPStatus.FORBIDDEN: (
        *(R.WALLET_NOT_ACTIVE, R.DEBIT_BLOCKED, R.CREDIT_BLOCKED, R.KYC_REQUIRED),
        *(R.RECIPIENT_REFUSED, R.RISK_BLOCKED, R.STEP_UP_REQUIRED, R.SELF_APPROVAL),
        R.APPROVAL_REQUIRED,
    ),
    HTTPStatus.NOT_FOUND: (R.UNKNOWN_WALLET, R.UNKNOWN_ACCOUNT),
    HTTPStatus.CONFLICT: (
        *(R.WALLET_EXISTS, R.DUPLICATE_EXTERNAL_REF, R.INVALID_TRANSITION, R.HOLD_NOT_ACTIVE),
        *(R.STALE_COMMAND, R.QUOTE_EXPIRED, R.RECIPIENT_ELSEWHERE, R.RISK_REVIEW),
    ),
    HTTPStatus.PRECONDITION_FAILED: (R.CONDITION_FAILED,),
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE: (R.TOO_LARGE,),
    HTTPStatus.UNPROCESSABLE_ENTITY: (
        *(R.IDEMPOTENCY_MISMATCH, R.MALFORMED_FIELD, R.UNKNOWN_CURRENCY, R.AMOUNT_NOT_POSITIVE),
        *(R.AMOUNT_OVERFLOW, R.SELF_TRANSFER, R.ISSUED_IN_FUTURE, R.HOLD_EXCEEDED),
        *(R.CURRENCY_NOT_HELD, R.BOUND_EXCEEDED, R.INSUFFICIENT_FUNDS, R.REFUND_EXCEEDED),
        *(R.LIMIT_PER_TX, R.LIMIT_BALANCE_CAP),
    ),
    # A window frees by itself: the detail says when.
    HTTPStatus.TOO_MANY_REQUESTS: (R.LIMIT_WINDOW, R.LIMIT_COUNT),
}
STATUS: Final = {
    reason: status.value for status, reasons in _BY_STATUS.items() for reason in reasons
}


def title_of(reason: RejectionReason) -> str:
    """Return the reason as a person says it: INSUFFICIENT_FUNDS is `Insufficient funds`."""
    return reason.value.replace("_", " ").capitalize()
