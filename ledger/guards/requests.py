"""Requests for money: the guards of RequestMoney, CancelRequest and PayRequest.

Owns: their fields, what the lifecycle of a request allows, and whether a payer may pay.
Never: looks at a request when it is paid; it lives with the requester, who answers.
"""

from __future__ import annotations

from typing import Final

from ledger.case import Case
from ledger.guards.fields import id_refusal, money, self_transfer, ttl
from ledger.guards.unused import unused
from ledger.lifecycle import transition_refusal
from ledger.refusal import Refusal
from ledger.standing import credit_refusal, debit_refusal
from schemas.messages.commands import CancelRequest, PayRequest, RequestMoney
from schemas.messages.vocabulary import FeeFlow, TransactionKind, TransactionState

COMMANDS: Final = (RequestMoney, CancelRequest, PayRequest)
Body = RequestMoney | CancelRequest | PayRequest


def shape(case: Case, body: Body) -> Refusal | None:
    """Check ids, amounts and the request's life."""
    if isinstance(body, PayRequest):
        return _pay(case, body)
    if isinstance(body, CancelRequest):
        return id_refusal(body.request_id, "request_id")
    return (
        id_refusal(body.payer_wallet_id, "payer_wallet_id")
        or ttl(body.ttl_s, "ttl_s")
        or money(case.moment.programme, body.currency, body.amount, None)
        or self_transfer(case.wallet_id, body.payer_wallet_id, "payer_wallet_id")
    )


def state(case: Case, body: Body) -> Refusal | None:
    """Refuse an id in use, and a cancel that comes too late."""
    if isinstance(body, CancelRequest):
        row = case.moment.view.transactions.get((case.wallet_id, body.request_id))
        return transition_refusal(row, TransactionKind.REQUEST_MONEY, TransactionState.CANCELLED)
    return unused(case)


def status(case: Case, body: Body) -> Refusal | None:
    """Refuse to ask for what may not come in, and to pay what may not go out."""
    if isinstance(body, PayRequest):
        return debit_refusal(case, body.currency)
    if isinstance(body, RequestMoney):
        return credit_refusal(case.moment.view, case.wallet_id, case.owner(), body.currency)
    return None


def _pay(case: Case, body: PayRequest) -> Refusal | None:
    return (
        id_refusal(body.requester_wallet_id, "requester_wallet_id")
        or id_refusal(body.request_id, "request_id")
        or money(case.moment.programme, body.currency, body.amount, FeeFlow.TRANSFER)
        or self_transfer(case.wallet_id, body.requester_wallet_id, "requester_wallet_id")
    )
