"""Life: how a wallet's status changes, asked for or because a time has come.

Owns: ChangeWalletStatus, the end of a freeze, and when a wallet is dormant.
Never: what a wallet may do in a status (`status.py`).
"""

from __future__ import annotations

from typing import Final

from ops.auditor.answer import ACCEPTED, Answer, Refused
from ops.auditor.books import Books, Wallet
from ops.auditor.kept import BY_RANK
from ops.auditor.status import let_go, something_left
from schemas.messages.commands import ChangeWalletStatus
from schemas.messages.vocabulary import (
    RejectionReason,
    StatusAction,
    Tier,
    TimerKind,
    WalletKind,
    WalletStatus,
)

SECOND_US: Final = 1_000_000
YEAR_S: Final = 366 * 86_400
FREEZES: Final = (
    StatusAction.FREEZE_DEBIT,
    StatusAction.FREEZE_CREDIT,
    StatusAction.FREEZE_BOTH,
)
LIVES: Final = {
    StatusAction.RESTRICT: WalletStatus.RESTRICTED,
    StatusAction.LIFT_RESTRICTION: WalletStatus.ACTIVE,
    StatusAction.REVERIFY: WalletStatus.ACTIVE,
    StatusAction.START_CLOSING: WalletStatus.CLOSING,
}


def check_shape(body: ChangeWalletStatus) -> None:
    """Refuse an end of anything but a freeze."""
    longest = YEAR_S if body.action in FREEZES else 0
    if not 0 <= body.ttl_s <= longest:
        raise Refused(RejectionReason.MALFORMED_FIELD, "ttl_s")


def change_status(books: Books, wallet_id: str, body: ChangeWalletStatus) -> Answer:
    """Judge and carry out."""
    wallet, action = books.wallets[wallet_id], body.action
    rank = BY_RANK.index(body.authority)
    outranked = action is StatusAction.UNFREEZE and rank < wallet.standing.frozen_by
    if wallet.closed or outranked or not _is_allowed(books, wallet_id, wallet, action):
        raise Refused(RejectionReason.INVALID_TRANSITION)
    books.touched.add(wallet_id)
    if action in FREEZES:
        _freeze(books, wallet_id, body)
    elif action is StatusAction.UNFREEZE:
        _thaw(books, wallet_id)
    elif action is StatusAction.CLOSE:
        wallet.closed = True
        _set_freeze(books, wallet_id, 0)
        _set_dormancy(books, wallet_id, 0)
    else:
        wallet.standing.life = LIVES[action]
        if action is StatusAction.REVERIFY:
            _set_dormancy(books, wallet_id, 0)
        watch(books, wallet_id)
    return ACCEPTED


def watch(books: Books, wallet_id: str) -> None:
    """An active customer is looked at some time, unless that is set already."""
    wallet, after_us = books.wallets[wallet_id], books.policy.dormant_after_s * SECOND_US
    watched = wallet.standing.dormancy_due or wallet.kind is not WalletKind.CUSTOMER
    if after_us and _is_active(wallet) and not watched:
        _set_dormancy(books, wallet_id, books.at + after_us)


def freeze_ends(books: Books, wallet_id: str) -> None:
    """Lift a freeze that was not to last."""
    _thaw(books, wallet_id)
    books.touched.add(wallet_id)


def look(books: Books, wallet_id: str) -> None:
    """A wallet from which nobody tried to pay for long enough is dormant."""
    wallet, after_us = books.wallets[wallet_id], books.policy.dormant_after_s * SECOND_US
    latest = wallet.attempts[-1].at if wallet.attempts else 0
    due = latest + after_us
    active = _is_active(wallet) and after_us > 0
    _set_dormancy(books, wallet_id, due if active and due > books.at else 0)
    if active and due <= books.at:
        wallet.standing.life = WalletStatus.DORMANT
    books.touched.add(wallet_id)


def _is_allowed(books: Books, wallet_id: str, wallet: Wallet, action: StatusAction) -> bool:
    frozen = wallet.debit_blocked or wallet.credit_blocked
    if action in FREEZES:
        return True
    if action is StatusAction.UNFREEZE:
        return frozen
    if action is StatusAction.CLOSE:
        return not (wallet.debit_blocked or something_left(books, wallet_id))
    if action is StatusAction.START_CLOSING:
        return not frozen and wallet.standing.life is not WalletStatus.CLOSING
    if action is StatusAction.LIFT_RESTRICTION:
        return not frozen and wallet.standing.life is WalletStatus.RESTRICTED
    dormant = not frozen and wallet.standing.life is WalletStatus.DORMANT
    return _is_active(wallet) or (action is StatusAction.REVERIFY and dormant)


def _is_active(wallet: Wallet) -> bool:
    frozen = wallet.debit_blocked or wallet.credit_blocked
    verified = wallet.tier is not Tier.UNVERIFIED
    return (
        verified
        and not frozen
        and not wallet.closed
        and wallet.standing.life is WalletStatus.ACTIVE
    )


def _freeze(books: Books, wallet_id: str, body: ChangeWalletStatus) -> None:
    wallet = books.wallets[wallet_id]
    frozen = wallet.debit_blocked or wallet.credit_blocked
    ends = [books.at + body.ttl_s * SECOND_US if body.ttl_s else 0]
    if frozen:
        ends.append(wallet.standing.freeze_due)
    _set_freeze(books, wallet_id, max(ends) if all(ends) else 0)
    rank = BY_RANK.index(body.authority)
    wallet.standing.frozen_by = max(rank, wallet.standing.frozen_by)
    wallet.debit_blocked |= body.action is not StatusAction.FREEZE_CREDIT
    wallet.credit_blocked |= body.action is not StatusAction.FREEZE_DEBIT


def _thaw(books: Books, wallet_id: str) -> None:
    wallet = books.wallets[wallet_id]
    wallet.debit_blocked = wallet.credit_blocked = False
    wallet.standing.frozen_by = 0
    _set_freeze(books, wallet_id, 0)
    let_go(books, wallet_id)
    watch(books, wallet_id)


def _set_freeze(books: Books, wallet_id: str, due: int) -> None:
    wallet, key = books.wallets[wallet_id], (wallet_id, "freeze")
    books.drop_timer(wallet.standing.freeze_due, TimerKind.FREEZE_EXPIRY.index, key)
    books.set_timer(due, TimerKind.FREEZE_EXPIRY.index, key)
    wallet.standing.freeze_due = due


def _set_dormancy(books: Books, wallet_id: str, due: int) -> None:
    wallet, key = books.wallets[wallet_id], (wallet_id, "dormancy")
    books.drop_timer(wallet.standing.dormancy_due, TimerKind.DORMANCY.index, key)
    books.set_timer(due, TimerKind.DORMANCY.index, key)
    wallet.standing.dormancy_due = due
