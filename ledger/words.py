"""Words: what a Decision changed of a wallet, where neither entries nor outcome say it.

Owns: the words for events, by wallet. What money did is said by the flows of its entries.
Never: amounts, names of customers.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from ledger.text import bounded
from schemas.messages.decisions import Event
from schemas.messages.events import (
    AdjustmentRecorded,
    EntryPosted,
    HoldExtended,
    InterestMoved,
    MerchantTermsSet,
    ReviewResolved,
    ScheduleMoved,
    TierChanged,
    TransactionMoved,
    TransferCancelAsked,
    TransferSettled,
    WalletOpened,
    WalletStatusChanged,
)

SAID: Final = frozenset(
    (
        AdjustmentRecorded,
        EntryPosted,
        HoldExtended,
        InterestMoved,
        MerchantTermsSet,
        ReviewResolved,
        ScheduleMoved,
        TierChanged,
        TransactionMoved,
        TransferCancelAsked,
        TransferSettled,
        WalletOpened,
        WalletStatusChanged,
    )
)
NOTHING: Final[dict[str, str]] = {}
Words = dict[str, dict[str, str]]  # wallet -> thing -> words; the last word on a thing counts


def words_of(events: Iterable[Event]) -> dict[str, str]:
    """Return the words for each wallet that the events are about; empty ones for some."""
    told = [event for event in events if type(event) in SAID]  # of most Decisions none
    if not told:
        return NOTHING
    found: Words = {}
    for event in told:
        if isinstance(event, TransactionMoved):
            found.setdefault(event.wallet_id, {})[event.transaction_id] = _moved(event)
        elif isinstance(event, EntryPosted):
            if event.wallet_id:
                found.setdefault(event.wallet_id, {})
        elif isinstance(event, (TransferSettled, TransferCancelAsked)):
            word = "SETTLED" if isinstance(event, TransferSettled) else "ANSWER ASKED FOR"
            found.setdefault(event.from_wallet_id, {})[event.transfer_id] = word
        else:
            _seldom(event, found)
    return {wallet: ", ".join(things.values()) for wallet, things in found.items()}


def _seldom(event: Event, found: Words) -> None:
    if isinstance(event, HoldExtended):
        found.setdefault(event.wallet_id, {})[event.hold_id] = "HOLD EXTENDED"
    elif isinstance(event, ReviewResolved):
        found.setdefault(event.wallet_id, {})[event.review_id] = f"REVIEW {event.verdict}"
    elif isinstance(event, AdjustmentRecorded):
        things = found.setdefault(event.wallet_id, {})
        things.setdefault(event.adjustment_id, "ADJUSTMENT SEEN")
    elif isinstance(event, InterestMoved):
        found.setdefault(event.wallet_id, {})[event.period] = "INTEREST"
    elif isinstance(event, MerchantTermsSet):
        found.setdefault(event.wallet_id, {})["terms"] = "TERMS SET"
    elif isinstance(event, ScheduleMoved):
        word = f"SCHEDULE {event.row.state}"
        found.setdefault(event.wallet_id, {})[event.schedule_id] = word
    else:
        assert isinstance(event, (WalletOpened, WalletStatusChanged, TierChanged)), "all of SAID"
        found.setdefault(event.wallet_id, {})["wallet"] = _standing(event)


def _moved(event: TransactionMoved) -> str:
    words = f"{event.row.kind} {event.row.state}"
    return f"{words} ({bounded(event.reason)})" if event.reason else words


def _standing(event: WalletOpened | WalletStatusChanged | TierChanged) -> str:
    if isinstance(event, WalletOpened):
        return "WALLET OPENED"
    if isinstance(event, TierChanged):
        return f"TIER {event.tier}"
    return f"WALLET {event.status}"
