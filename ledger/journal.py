"""The journal: which journal entry an event posts.

Owns: `entry_of`, and the sides and signs of the flows of the hot path (debit +, credit -). All
other flows come ready-made from `ledger.catalogue`, in an EntryPosted. Each entry balances inside
its partition; across partitions IB:{peer} carries the other half.
Never: reads a balance, knows a limit. Lines of zero are left out; an entry without lines is None.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from ledger.chart import (
    AVAILABLE,
    IN_FLIGHT,
    PENDING_OUT,
    RAIL_RECEIVABLE,
    RESERVED,
    REVENUE_TOP_UP,
    REVENUE_TRANSFER,
)
from schemas.messages.decisions import Event
from schemas.messages.events import (
    EntryPosted,
    HoldCaptured,
    HoldIncremented,
    HoldPlaced,
    HoldReleased,
    ReviewOpened,
    ReviewResolved,
    ToppedUp,
    TransferCompensated,
    TransferCompleted,
    TransferCredited,
    TransferDebited,
    TransferSettled,
)
from schemas.messages.journal import JournalEntry, Posting
from schemas.messages.vocabulary import Purpose, ReviewVerdict


def entry_of(event: Event, index: int) -> JournalEntry | None:
    """Return the journal entry of an event, numbered `index` in its Decision, if it posts one."""
    if isinstance(event, TransferCompleted):
        return _transfer_completed(event, index)
    if isinstance(event, ToppedUp):
        return _topped_up(event, index)
    if isinstance(event, (TransferDebited, TransferCredited, TransferCompensated)):
        return _travelling(event, index) if event.purpose in POSTED_HERE else None
    if isinstance(event, TransferSettled):
        return _transfer_settled(event, index)
    if isinstance(event, EntryPosted):
        return JournalEntry(index, event.flow, event.postings)
    return _reservation(event, index)


# What travels for another purpose is posted by an EntryPosted beside it.
POSTED_HERE: Final = frozenset({Purpose.TRANSFER, Purpose.CAPTURE})


def _travelling(
    event: TransferDebited | TransferCredited | TransferCompensated, index: int
) -> JournalEntry:
    if isinstance(event, TransferDebited):
        return _transfer_debited(event, index)
    if isinstance(event, TransferCredited):
        return _transfer_credited(event, index)
    return _transfer_compensated(event, index)


def _reservation(event: Event, index: int) -> JournalEntry | None:
    """Movements between a wallet's own accounts: holds and reviews."""
    if isinstance(event, (HoldPlaced, HoldIncremented)):
        flow = "F7.1" if isinstance(event, HoldPlaced) else "F7.2"
        return _inside(event, index, flow, event.amount)
    if isinstance(event, HoldCaptured):
        return _inside(event, index, "F7.5", event.released)
    if isinstance(event, HoldReleased):
        return _inside(event, index, "F7b.2", event.released)
    if isinstance(event, ReviewOpened):
        return _inside(event, index, "F4r.1", event.amount + event.fee)
    if isinstance(event, ReviewResolved) and event.verdict is ReviewVerdict.REJECT:
        return _inside(event, index, "F4r.2", event.amount + event.fee)
    return None


# Flow -> debit and credit account of a movement inside one wallet.
INSIDE: Final[Mapping[str, tuple[str, str]]] = MappingProxyType(
    {
        "F7.1": (AVAILABLE, RESERVED),
        "F7.2": (AVAILABLE, RESERVED),
        "F7.5": (RESERVED, AVAILABLE),
        "F7b.2": (RESERVED, AVAILABLE),
        "F4r.1": (AVAILABLE, PENDING_OUT),
        "F4r.2": (PENDING_OUT, AVAILABLE),
    }
)


def _inside(
    event: HoldPlaced
    | HoldIncremented
    | HoldCaptured
    | HoldReleased
    | ReviewOpened
    | ReviewResolved,
    index: int,
    flow: str,
    amount: int,
) -> JournalEntry | None:
    if amount == 0:
        return None
    debit, credit = INSIDE[flow]
    wallet_id = event.wallet_id
    currency = event.currency
    return JournalEntry(
        index,
        flow,
        (
            Posting(debit, wallet_id, currency, amount),
            Posting(credit, wallet_id, currency, -amount),
        ),
    )


def _topped_up(event: ToppedUp, index: int) -> JournalEntry | None:
    currency = event.currency
    amount = event.amount - event.recovered  # the rest is another entry, F2c.7
    collected = Posting(RAIL_RECEIVABLE, event.rail, currency, amount)
    credited = Posting(AVAILABLE, event.wallet_id, currency, event.fee - amount)
    if event.fee == 0:
        return JournalEntry(index, "F1.1", (collected, credited)) if amount > 0 else None
    earned = Posting(REVENUE_TOP_UP, "", currency, -event.fee)
    if event.fee == amount:
        return JournalEntry(index, "F1.1", (collected, earned))
    return JournalEntry(index, "F1.1", (collected, credited, earned))


def _transfer_completed(event: TransferCompleted, index: int) -> JournalEntry:
    flow = "F4.1" if event.purpose is Purpose.TRANSFER else "F7.5"
    currency = event.currency
    paid = Posting(event.source, event.from_wallet_id, currency, event.amount + event.fee)
    credited = Posting(AVAILABLE, event.to_wallet_id, currency, -event.amount)
    if event.fee == 0:
        return JournalEntry(index, flow, (paid, credited))
    earned = Posting(REVENUE_TRANSFER, "", currency, -event.fee)
    return JournalEntry(index, flow, (paid, credited, earned))


def _transfer_debited(event: TransferDebited, index: int) -> JournalEntry:
    flow = "F5.1" if event.purpose is Purpose.TRANSFER else "F7.3"
    currency = event.currency
    sent = Posting(IN_FLIGHT, str(event.to_partition), currency, -event.amount)
    # From W.POUT the fee waits where the review already put it.
    fee = 0 if event.source == PENDING_OUT else event.fee
    paid = Posting(event.source, event.from_wallet_id, currency, event.amount + fee)
    if fee == 0:
        return JournalEntry(index, flow, (paid, sent))
    waiting = Posting(PENDING_OUT, event.from_wallet_id, currency, -fee)
    return JournalEntry(index, flow, (paid, sent, waiting))


def _transfer_credited(event: TransferCredited, index: int) -> JournalEntry:
    flow = "F5.2" if event.purpose is Purpose.TRANSFER else "F7.4"
    return JournalEntry(
        index,
        flow,
        (
            Posting(IN_FLIGHT, str(event.from_partition), event.currency, event.amount),
            Posting(AVAILABLE, event.to_wallet_id, event.currency, -event.amount),
        ),
    )


def _transfer_settled(event: TransferSettled, index: int) -> JournalEntry | None:
    if event.fee == 0:
        return None
    return JournalEntry(
        index,
        "F5.3",
        (
            Posting(PENDING_OUT, event.from_wallet_id, event.currency, event.fee),
            Posting(REVENUE_TRANSFER, "", event.currency, -event.fee),
        ),
    )


def _transfer_compensated(event: TransferCompensated, index: int) -> JournalEntry:
    currency = event.currency
    wallet_id = event.from_wallet_id
    back = Posting(IN_FLIGHT, str(event.to_partition), currency, event.amount)
    credited = Posting(AVAILABLE, wallet_id, currency, -event.amount - event.fee)
    if event.fee == 0:
        return JournalEntry(index, "F5b.2", (back, credited))
    unearned = Posting(PENDING_OUT, wallet_id, currency, event.fee)
    return JournalEntry(index, "F5b.2", (back, unearned, credited))
