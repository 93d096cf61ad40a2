"""Interest: accrued day by day, paid at the end of a period.

Owns: the events of AccrueInterest and PayInterest, and that no wallet is paid more than was
accrued for it. The amount comes from outside: rates of interest are no business of the ledger.
Never: limits; what we pay is not the customer's inflow.
"""

from __future__ import annotations

from ledger.case import Case
from ledger.catalogue import posted
from ledger.chart import INTEREST_PAYABLE
from ledger.decisions.room import room_refusal
from ledger.refusal import Refusal, accepted, rejected
from ledger.verdict import Verdict
from schemas.messages.commands import AccrueInterest, PayInterest
from schemas.messages.events import InterestMoved
from schemas.messages.vocabulary import RejectionReason


def act(case: Case, body: AccrueInterest | PayInterest) -> Verdict:
    """Accrue or pay."""
    row = case.moment.view.interest.get((case.wallet_id, body.currency))
    accrued = 0 if row is None else row.accrued
    if isinstance(body, AccrueInterest):
        return _posted(case, body, "F18.1", accrued + body.amount)
    if body.amount > accrued:
        return rejected(Refusal(RejectionReason.INSUFFICIENT_FUNDS, INTEREST_PAYABLE))
    return _posted(case, body, "F18.2", accrued - body.amount)


def _posted(case: Case, body: AccrueInterest | PayInterest, flow: str, accrued: int) -> Verdict:
    subject = (case.wallet_id, case.command.command_id)
    owners = {"wallet": case.wallet_id}
    entry = posted(flow, subject, body.currency, owners, {"amount": body.amount})
    full = room_refusal(case.moment, entry)
    if full is not None:
        return rejected(full)
    return accepted((InterestMoved(case.wallet_id, body.currency, body.period, accrued), entry))
