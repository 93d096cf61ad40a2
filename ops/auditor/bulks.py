"""Bulks: several transfers of one wallet, of which all happen or none.

Owns: BulkTransfer: its items are tried one after the other on a draft, and then carried out.
Never: a rule of a transfer (`spending.py`).
"""

from __future__ import annotations

from ops.auditor.answer import ACCEPTED, PENDING, Answer, Assessed, Refused
from ops.auditor.books import Books, ThingKey
from ops.auditor.draft import draft_of
from ops.auditor.fields import check_text
from ops.auditor.money import check_amount
from ops.auditor.risk import STRENGTH
from ops.auditor.spending import count_attempt, transfer
from ops.auditor.status import check_debit
from schemas.messages.commands import BulkItem, BulkTransfer, Transfer
from schemas.messages.policy import Policy
from schemas.messages.vocabulary import FeeFlow, RejectionReason
from schemas.values import WALLET_ID

RISK_REVIEW = RejectionReason.RISK_REVIEW


def check_shape(policy: Policy, wallet_id: str, body: BulkTransfer) -> None:
    """Refuse a bulk of no or too many items, and the first item that is none."""
    if not 0 < len(body.items) <= policy.bulk_max_items:
        raise Refused(RejectionReason.BOUND_EXCEEDED, "bulk_max_items")
    for place, item in enumerate(body.items):
        try:
            _check_item(policy, wallet_id, item)
            _check_new(item.reference, body.items[:place])
        except Refused as refused:
            raise _of(place, refused) from refused


def act(books: Books, key: ThingKey, body: BulkTransfer) -> Answer:
    """Try all, then do all."""
    for place, item in enumerate(body.items):
        if books.partition_of(item.to_wallet_id) != books.partition:
            elsewhere = Refused(RejectionReason.RECIPIENT_ELSEWHERE, item.to_wallet_id)
            raise _of(place, elsewhere)
    for place, item in enumerate(body.items):
        try:
            check_debit(books.wallets[key[0]], item.currency)
        except Refused as refused:
            raise _of(place, refused) from refused
    books.risk = _try(books, key, body)
    gravest = books.risk
    for place, item in enumerate(body.items):
        _pay(books, key, place, item)
    books.risk = gravest
    return ACCEPTED


def _try(books: Books, key: ThingKey, body: BulkTransfer) -> Assessed | None:
    """Return the gravest assessment; the first item that is refused refuses all."""
    draft = draft_of(books)
    asked: list[Assessed] = []
    for place, item in enumerate(body.items):
        counted = len(draft.wallets[key[0]].attempts)
        refused, risk = _tried(draft, key, place, item)
        asked += [] if risk is None else [risk]
        if refused is not None:
            books.risk = _gravest(asked)
            if refused.reason is RISK_REVIEW or len(draft.wallets[key[0]].attempts) > counted:
                count_attempt(books, key[0])
            raise _of(place, refused)
    return _gravest(asked)


def _tried(
    draft: Books, key: ThingKey, place: int, item: BulkItem
) -> tuple[Refused | None, Assessed | None]:
    """Say why an item would not happen now, and what the fraud rules said; else it has, there."""
    draft.risk = None
    try:
        waits = _pay(draft, key, place, item) == PENDING
    except Refused as refused:
        return refused, draft.risk
    return Refused(RISK_REVIEW, "") if waits else None, draft.risk


def _pay(books: Books, key: ThingKey, place: int, item: BulkItem) -> Answer:
    name = (key[0], f"{key[1]}/{place}")
    return transfer(books, name, Transfer(item.to_wallet_id, item.currency, item.amount))


def _gravest(asked: list[Assessed]) -> Assessed | None:
    return max(asked, key=lambda each: (STRENGTH.index(each[0]), each[1]), default=None)


def _check_item(policy: Policy, wallet_id: str, item: BulkItem) -> None:
    if not WALLET_ID.fullmatch(item.to_wallet_id):
        raise Refused(RejectionReason.MALFORMED_FIELD, "to_wallet_id")
    check_amount(policy, item.currency, item.amount, FeeFlow.TRANSFER)
    if item.to_wallet_id == wallet_id:
        raise Refused(RejectionReason.SELF_TRANSFER, "to_wallet_id")
    check_text(item.reference)


def _check_new(reference: str, earlier: tuple[BulkItem, ...]) -> None:
    if reference in {each.reference for each in earlier}:
        raise Refused(RejectionReason.MALFORMED_FIELD, "reference")


def _of(place: int, refused: Refused) -> Refused:
    """Name the item; the words about it only where they are predicted."""
    name = f"items[{place}]"
    if refused.detail is None:
        return Refused(refused.reason, None)
    return Refused(refused.reason, f"{name}: {refused.detail}" if refused.detail else name)
