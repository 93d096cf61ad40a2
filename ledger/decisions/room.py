"""Room: do entries still fit the 64 bits of the accounts they post to?

Owns: AMOUNT_OVERFLOW of entries about to be posted; what follows a decision must succeed.
Never: posts.
"""

from __future__ import annotations

from ledger.balances import balance_of, held_in
from ledger.case import Moment
from ledger.chart import INT64_MAX, INT64_MIN, WALLET_ACCOUNTS
from ledger.errors import present
from ledger.refusal import Refusal
from ledger.view import AccountKey
from schemas.messages.events import EntryPosted
from schemas.messages.vocabulary import RejectionReason


def no_room(moment: Moment, *entries: EntryPosted) -> Refusal | None:
    """Refuse entries that would take an account out of 64 bits; the first account is named."""
    after: dict[AccountKey, int] = {}
    for entry in entries:
        for each in entry.postings:
            key = (each.account, each.owner, each.currency)
            minor = after[key] if key in after else _balance(moment, key)
            after[key] = minor + each.amount
            if not INT64_MIN <= after[key] <= INT64_MAX:
                return Refusal(RejectionReason.AMOUNT_OVERFLOW, each.account)
    return None


def _balance(moment: Moment, key: AccountKey) -> int:
    account, owner, currency = key
    if account in WALLET_ACCOUNTS:
        return balance_of(present(moment.view.wallets.get(owner), "wallet"), account, currency)
    row = moment.view.accounts.get(key)
    return 0 if row is None else row.minor


def room_refusal(moment: Moment, entry: EntryPosted) -> Refusal | None:
    """Refuse AMOUNT_OVERFLOW, naming the account; of a wallet all accounts together must fit."""
    for posting in entry.postings:
        key = (posting.account, posting.owner, posting.currency)
        if posting.account in WALLET_ACCOUNTS:
            if _wallet_total(moment, entry, posting.owner, posting.currency) > INT64_MAX:
                return Refusal(RejectionReason.AMOUNT_OVERFLOW, "balance")
            continue
        row = moment.view.accounts.get(key)
        minor = posting.amount if row is None else row.minor + posting.amount
        if not INT64_MIN <= minor <= INT64_MAX:
            return Refusal(RejectionReason.AMOUNT_OVERFLOW, posting.account)
    return None


def _wallet_total(moment: Moment, entry: EntryPosted, wallet_id: str, currency: str) -> int:
    """Return what the wallet will hold in the currency, so that money can move inside it."""
    row = present(moment.view.wallets.get(wallet_id), "wallet")
    total = -held_in(row.balances, currency)
    for posting in entry.postings:
        if (
            posting.account in WALLET_ACCOUNTS
            and posting.owner == wallet_id
            and posting.currency == currency
        ):
            total -= posting.amount
    return total
