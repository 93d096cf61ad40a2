"""Status: what a wallet may do in the state it is in.

Owns: the table of `what may it do` by status, and what is left of a wallet.
Never: money, limits.
"""

from __future__ import annotations

from typing import Final

from ops.auditor.answer import Refused
from ops.auditor.books import WALLET_ACCOUNTS, Books, Wallet
from ops.auditor.kept import COURT
from schemas.messages.vocabulary import RejectionReason, Tier, TransactionState, WalletStatus

ASLEEP: Final = (WalletStatus.RESTRICTED, WalletStatus.DORMANT)
DEBTS = ("RCV.CUST", "RCV.MERCH")
UNDER_WAY = (TransactionState.PENDING, TransactionState.PROCESSING, TransactionState.DISPUTED)


def check_debit(wallet: Wallet, currency: str) -> None:
    """Refuse its owner to take money out of a wallet."""
    if wallet.closed:
        raise Refused(RejectionReason.WALLET_NOT_ACTIVE)
    if wallet.debit_blocked:
        raise Refused(RejectionReason.DEBIT_BLOCKED)
    if wallet.standing.life in ASLEEP:
        raise Refused(RejectionReason.STEP_UP_REQUIRED, wallet.standing.life.name)
    if wallet.standing.life is WalletStatus.CLOSING or wallet.tier is Tier.UNVERIFIED:
        raise Refused(RejectionReason.WALLET_NOT_ACTIVE)
    if currency not in wallet.currencies:
        raise Refused(RejectionReason.CURRENCY_NOT_HELD)


def check_payout(wallet: Wallet, currency: str) -> None:
    """Refuse to pay a merchant out."""
    if wallet.closed:
        raise Refused(RejectionReason.WALLET_NOT_ACTIVE)
    if wallet.debit_blocked:
        raise Refused(RejectionReason.DEBIT_BLOCKED)
    if wallet.tier is Tier.UNVERIFIED and wallet.standing.life is WalletStatus.ACTIVE:
        raise Refused(RejectionReason.WALLET_NOT_ACTIVE)
    if currency not in wallet.currencies:
        raise Refused(RejectionReason.CURRENCY_NOT_HELD)


def check_handover(wallet: Wallet) -> None:
    """Refuse to hand over what was taken out of W.AVL before."""
    if wallet.debit_blocked and (wallet.credit_blocked or wallet.standing.frozen_by == COURT):
        raise Refused(RejectionReason.DEBIT_BLOCKED)


def check_credit(wallet: Wallet, currency: str) -> None:
    """Refuse to put money into a wallet."""
    if wallet.standing.life is WalletStatus.CLOSING:
        raise Refused(RejectionReason.WALLET_NOT_ACTIVE)
    check_owed(wallet, currency)


def check_top_up(wallet: Wallet, currency: str) -> None:
    """Refuse its owner to put money in."""
    check_credit(wallet, currency)
    if wallet.standing.life is WalletStatus.DORMANT:
        raise Refused(RejectionReason.KYC_REQUIRED, "DORMANT")


def check_owed(wallet: Wallet, currency: str) -> None:
    """Refuse to put in what is the wallet's already."""
    if wallet.closed:
        raise Refused(RejectionReason.WALLET_NOT_ACTIVE)
    if wallet.credit_blocked:
        raise Refused(RejectionReason.CREDIT_BLOCKED)
    if currency not in wallet.currencies:
        raise Refused(RejectionReason.CURRENCY_NOT_HELD)


def let_go(books: Books, wallet_id: str) -> None:
    """Nothing is blocked: refunds that came meanwhile may be spent."""
    for owner, currency in [key for key in books.liens if key[0] == wallet_id]:
        amount = books.liens.pop((owner, currency))
        books.post(currency, ("W.LIEN", owner, amount), ("W.AVL", owner, -amount))


def something_left(books: Books, wallet_id: str) -> bool:
    """Tell whether anything keeps a wallet from being closed."""
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
