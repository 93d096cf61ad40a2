"""Savings pots: money that a wallet sets aside in itself.

Owns: both commands.
Never: limits.
"""

from __future__ import annotations

from ops.auditor.answer import ACCEPTED, Answer, Refused
from ops.auditor.attempts import check_funds
from ops.auditor.books import Books, ThingKey
from ops.auditor.money import check_amount
from schemas.messages.commands import MoveFromPot, MoveToPot
from schemas.messages.policy import Policy
from schemas.messages.vocabulary import RejectionReason

Body = MoveToPot | MoveFromPot


def check_shape(policy: Policy, wallet_id: str, body: Body) -> None:  # noqa: ARG001 - as the others
    """Refuse what no state could make right."""
    if body.pot not in range(1, 9):
        raise Refused(RejectionReason.MALFORMED_FIELD)
    check_amount(policy, body.currency, body.amount, None)


def act(books: Books, key: ThingKey, body: Body) -> Answer:
    """Move money in or out."""
    wallet_id = key[0]
    wallet = books.wallets[wallet_id]
    if wallet.closed:
        raise Refused(RejectionReason.WALLET_NOT_ACTIVE)
    if wallet.debit_blocked:
        raise Refused(RejectionReason.DEBIT_BLOCKED)
    if body.currency not in wallet.currencies:
        raise Refused(RejectionReason.CURRENCY_NOT_HELD)
    pot = f"W.POT.{body.pot}"
    source, target = ("W.AVL", pot) if isinstance(body, MoveToPot) else (pot, "W.AVL")
    check_funds(books, source, wallet_id, body.currency, body.amount)
    books.post(body.currency, (source, wallet_id, body.amount), (target, wallet_id, -body.amount))
    books.touched.add(wallet_id)
    return ACCEPTED
