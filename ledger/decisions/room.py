"""Room: does an entry still fit the 64 bits of every account it touches?

Owns: that question, for entries of the catalogue.
Never: asks whether there is money; an entry that fits may still take what is not there.
"""

from __future__ import annotations

from ledger.case import Moment
from ledger.chart import INT64_MAX, INT64_MIN, WALLET_ACCOUNTS
from ledger.errors import present
from ledger.refusal import Refusal
from schemas.messages.events import EntryPosted
from schemas.messages.vocabulary import RejectionReason


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
    """Return what the wallet will have in the currency, so that money can move inside it."""
    row = present(moment.view.wallets.get(wallet_id), "wallet")
    total = -sum([each.minor for each in row.balances if each.currency == currency])
    for posting in entry.postings:
        if (
            posting.account in WALLET_ACCOUNTS
            and posting.owner == wallet_id
            and posting.currency == currency
        ):
            total -= posting.amount
    return total
