"""Conditions: what the caller wanted to be true, and what an unmet one comes after.

Owns: their shape, CONDITION_FAILED, and which refusals are said before it.
Never: decides the command: it is tried on a draft, to see what stands in its way first.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from ops.auditor.answer import Answer, Refused
from ops.auditor.books import Books
from ops.auditor.credit import available
from ops.auditor.draft import draft_of
from ops.auditor.fields import check_id
from ops.auditor.money import rates
from ops.auditor.spending import count_attempt
from ops.auditor.status import ASLEEP
from schemas.messages.commands import (
    AvailableAtLeast,
    BulkTransfer,
    Condition,
    Convert,
    FundEscrow,
    IncrementHold,
    Pay,
    PayBill,
    PayRequest,
    PlaceHold,
    ScheduleIsActive,
    SendToAlias,
    Transfer,
    WalletCommand,
    Withdraw,
)
from schemas.messages.policy import Policy
from schemas.messages.vocabulary import RejectionReason

MOST: Final = 8
SPENDING: Final = (
    *(Convert, FundEscrow, IncrementHold, Pay, PayBill),
    *(PayRequest, PlaceHold, SendToAlias, Transfer, Withdraw, BulkTransfer),
)
# What a limit, the funds, the payee, the room or the fraud rules say is said after a condition.
LATER: Final = frozenset(
    {
        RejectionReason.LIMIT_PER_TX,
        RejectionReason.LIMIT_WINDOW,
        RejectionReason.LIMIT_COUNT,
        RejectionReason.LIMIT_BALANCE_CAP,
        RejectionReason.KYC_REQUIRED,
        RejectionReason.BOUND_EXCEEDED,
        RejectionReason.INSUFFICIENT_FUNDS,
        RejectionReason.QUOTE_EXPIRED,
        RejectionReason.RECIPIENT_REFUSED,
        RejectionReason.AMOUNT_NOT_POSITIVE,
        RejectionReason.AMOUNT_OVERFLOW,
        RejectionReason.RISK_BLOCKED,
        RejectionReason.RISK_REVIEW,
        RejectionReason.STEP_UP_REQUIRED,
    }
)

# A status asks for a step-up or another verification too, and says which it is.
FIRST_OF_A_BULK: Final = "items[0]: "  # a later item is asked after the conditions
BY_STATUS: Final = {each.name for each in ASLEEP}


def check_shape(policy: Policy, conditions: tuple[Condition, ...]) -> None:
    """Refuse malformed conditions."""
    if len(conditions) > MOST:
        raise Refused(RejectionReason.MALFORMED_FIELD, "conditions")
    for place, each in enumerate(conditions):
        if isinstance(each, AvailableAtLeast):
            if each.currency not in rates(policy):
                raise Refused(RejectionReason.UNKNOWN_CURRENCY, each.currency)
            if each.amount < 0:
                raise Refused(RejectionReason.MALFORMED_FIELD, f"conditions[{place}].amount")
        elif isinstance(each, ScheduleIsActive):
            check_id(each.schedule_id)
        elif each.sequence < 0:
            raise Refused(RejectionReason.MALFORMED_FIELD, f"conditions[{place}].sequence")


def check(
    books: Books, given: WalletCommand, decide: Callable[[Books, WalletCommand], Answer]
) -> None:
    """Refuse a command whose conditions do not hold, unless something earlier refuses it."""
    for place, each in enumerate(given.conditions):
        found = _found(books, given.wallet_id, each)
        if found:
            _refuse(books, given, decide, f"conditions[{place}]: {found}")


def _refuse(
    books: Books, given: WalletCommand, decide: Callable[[Books, WalletCommand], Answer], why: str
) -> None:
    spending = isinstance(given.body, SPENDING)
    try:
        decide(draft_of(books), given)
    except Refused as refused:
        detail = (refused.detail or "").removeprefix(FIRST_OF_A_BULK)
        full = spending and detail == "max_outflow_entries"
        if refused.reason not in LATER or full or detail in BY_STATUS:
            raise
    if spending:
        count_attempt(books, given.wallet_id)
    raise Refused(RejectionReason.CONDITION_FAILED, why)


def _found(books: Books, wallet_id: str, condition: Condition) -> str:
    """Say what is instead; nothing if the condition holds."""
    if isinstance(condition, AvailableAtLeast):
        code, least = condition.currency, condition.amount
        there = available(books, wallet_id, code)
        return "" if there >= least else f"available {code} is {there}, not {least} or more"
    if isinstance(condition, ScheduleIsActive):
        schedule = books.schedules.get((wallet_id, condition.schedule_id))
        state = "not there" if schedule is None else schedule.state.name
        return "" if state == "ACTIVE" else f"schedule {condition.schedule_id} is {state}"
    wallet = books.wallets.get(wallet_id)
    stands = 0 if wallet is None else wallet.sequence
    wanted = condition.sequence
    return "" if stands == wanted else f"sequence is {stands}, not {wanted}"
