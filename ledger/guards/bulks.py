"""Bulks: guards of several transfers that happen together.

Owns: how many there may be, what each must look like, and that every recipient lives here.
Never: limits and funds, which are asked item by item (`ledger.decisions.bulks`).

The first item that is wrong is named by its place, from 0.
"""

from __future__ import annotations

from typing import Final

from ledger.case import Case
from ledger.guards.fields import malformed, text, transfer_refusal
from ledger.refusal import Refusal
from ledger.standing import debit_refusal
from schemas.messages.commands import BulkItem, BulkTransfer
from schemas.messages.vocabulary import RejectionReason

COMMANDS: Final = (BulkTransfer,)


def of_item(place: int, refusal: Refusal) -> Refusal:
    """Return the refusal of a bulk for what one of its items is refused for."""
    name = f"items[{place}]"
    return Refusal(refusal.reason, f"{name}: {refusal.detail}" if refusal.detail else name)


def shape(case: Case, body: BulkTransfer) -> Refusal | None:
    """Refuse too many items or none, malformed ones, and a reference that comes twice."""
    if not 1 <= len(body.items) <= case.moment.programme.policy.bulk_max_items:
        return Refusal(RejectionReason.BOUND_EXCEEDED, "bulk_max_items")
    references: set[str] = set()
    for place, item in enumerate(body.items):
        refusal = _item(case, item)
        if refusal is None and item.reference in references:
            refusal = malformed("reference")
        if refusal is not None:
            return of_item(place, refusal)
        references.add(item.reference)
    return None


def state(case: Case, body: BulkTransfer) -> Refusal | None:
    """Refuse a recipient of another partition, whose answer would come after the others'."""
    moment = case.moment
    for place, item in enumerate(body.items):
        if moment.place.home_of(moment.view, item.to_wallet_id) != moment.place.partition:
            elsewhere = Refusal(RejectionReason.RECIPIENT_ELSEWHERE, item.to_wallet_id)
            return of_item(place, elsewhere)
    return None


def status(case: Case, body: BulkTransfer) -> Refusal | None:
    """Refuse what the payer's status and currencies do not allow."""
    for place, item in enumerate(body.items):
        refusal = debit_refusal(case, item.currency)
        if refusal is not None:
            return of_item(place, refusal)
    return None


def _item(case: Case, item: BulkItem) -> Refusal | None:
    to, currency, amount = item.to_wallet_id, item.currency, item.amount
    refusal = transfer_refusal(case.moment.programme, case.wallet_id, to, currency, amount)
    return refusal or text(item.reference, "reference")
