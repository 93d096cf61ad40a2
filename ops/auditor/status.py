"""Status: what a wallet may do in the state it is in.

Owns: the table of `what may it do` by status, and what a status change needs.
Never: money, limits.
"""

from __future__ import annotations

from ops.auditor.answer import Refused
from ops.auditor.books import WALLET_ACCOUNTS, Books, Wallet
from schemas.messages.vocabulary import RejectionReason, StatusAction, Tier, TransactionState

DEBTS = ("RCV.CUST", "RCV.MERCH")
UNDER_WAY = (TransactionState.PENDING, TransactionState.PROCESSING, TransactionState.DISPUTED)


def check_debit(wallet: Wallet, currency: str) -> None:
    """Refuse to take money out of a wallet."""
    if wallet.closed:
        raise Refused(RejectionReason.WALLET_NOT_ACTIVE)
    if wallet.debit_blocked:
        raise Refused(RejectionReason.DEBIT_BLOCKED)
    if wallet.tier is Tier.UNVERIFIED:
        raise Refused(RejectionReason.WALLET_NOT_ACTIVE)
    if currency not in wallet.currencies:
        raise Refused(RejectionReason.CURRENCY_NOT_HELD)


def check_credit(wallet: Wallet, currency: str) -> None:
    """Refuse to put money into a wallet."""
    if wallet.closed:
        raise Refused(RejectionReason.WALLET_NOT_ACTIVE)
    if wallet.credit_blocked:
        raise Refused(RejectionReason.CREDIT_BLOCKED)
    if currency not in wallet.currencies:
        raise Refused(RejectionReason.CURRENCY_NOT_HELD)


def check_change(books: Books, wallet_id: str, action: StatusAction) -> None:
    """Refuse a change that the wallet's life does not know, or a close with something left."""
    wallet = books.wallets[wallet_id]
    frozen = wallet.debit_blocked or wallet.credit_blocked
    if wallet.closed or (action is StatusAction.UNFREEZE and not frozen):
        raise Refused(RejectionReason.INVALID_TRANSITION)
    if action is StatusAction.CLOSE and (wallet.debit_blocked or _something_left(books, wallet_id)):
        raise Refused(RejectionReason.INVALID_TRANSITION)


def change(wallet: Wallet, action: StatusAction) -> None:
    """Make the change."""
    if action is StatusAction.CLOSE:
        wallet.closed = True
    elif action is StatusAction.UNFREEZE:
        wallet.debit_blocked = wallet.credit_blocked = False
    else:
        if action is not StatusAction.FREEZE_CREDIT:
            wallet.debit_blocked = True
        if action is not StatusAction.FREEZE_DEBIT:
            wallet.credit_blocked = True


def let_go(books: Books, wallet_id: str) -> None:
    """Nothing is blocked: refunds that came meanwhile may be spent."""
    for owner, currency in [key for key in books.liens if key[0] == wallet_id]:
        amount = books.liens.pop((owner, currency))
        books.post(currency, ("W.LIEN", owner, amount), ("W.AVL", owner, -amount))


def _something_left(books: Books, wallet_id: str) -> bool:
    under_way = [key for key, each in books.transactions.items() if each.state in UNDER_WAY]
    open_movements = [
        key for key in (*books.sagas, *books.reviews, *under_way) if key[0] == wallet_id
    ]
    money = [
        key
        for key, minor in books.balances.items()
        if key[1] == wallet_id and key[0] in WALLET_ACCOUNTS and minor != 0
    ]
    owed = [
        key
        for key, minor in books.balances.items()
        if key[1] == wallet_id and key[0] in DEBTS and minor != 0
    ]
    return bool(books.wallets[wallet_id].open_holds or open_movements or money or owed)
