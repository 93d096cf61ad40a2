"""RI04: every state change that must post has exactly its journal entry, and no entry is without.

Owns: what each event owes, said a second time: the flow, and how much is debited. An entry that is
missing, doubled, of another flow or of another amount means that what the ledger says happened is
not what it booked.
Never: asks the core what it would post.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, final

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
from schemas.messages.vocabulary import (
    Purpose,
    ReconAction,
    ReconCheck,
    ReconSeverity,
    ReviewVerdict,
)
from streams.reconciliation.internal.checks.check import Check

CHECK: Final = Check(ReconCheck.RI04, ReconSeverity.CRITICAL, ReconAction.CRITICAL)
# For other purposes an EntryPosted beside the event posts what travels.
POSTED_BY_THE_EVENT: Final = frozenset({Purpose.TRANSFER, Purpose.CAPTURE})
FEE_WAITS_THERE_ALREADY: Final = "W.POUT"


@final
@dataclass(frozen=True, slots=True)
class Owed:
    """The entry that an event owes: one of these flows, so much debited, or these very lines."""

    flows: tuple[str, ...]
    currency: str
    minor: int
    lines: tuple[Posting, ...] | None = None


def failed(events: Sequence[Event], entries: Sequence[JournalEntry]) -> str | None:
    """Return the first entry that is not the one owed, or that some are missing or too many."""
    owed = [each for event in events if (each := _owed(event)) is not None]
    for index, (want, entry) in enumerate(zip(owed, entries, strict=False)):
        if not _is_paid(want, entry, index):
            flows = " or ".join(want.flows)
            return f"entry {index} is {_said(entry)}, owed is {flows} of {want.minor}"
    if len(owed) != len(entries):
        all_owed = ", ".join([each.flows[0] for each in owed])
        return f"{len(entries)} entries where events owe {len(owed)}: {all_owed}"
    return None


def _is_paid(want: Owed, entry: JournalEntry, index: int) -> bool:
    if entry.index != index or entry.flow not in want.flows:
        return False
    if want.lines is not None:
        return entry.postings == want.lines
    return _debited(entry, want.currency) == want.minor


def _debited(entry: JournalEntry, currency: str) -> int:
    lines = [each for each in entry.postings if each.amount > 0]
    return sum([each.amount for each in lines if each.currency == currency])


def _said(entry: JournalEntry) -> str:
    sums = {each.currency: _debited(entry, each.currency) for each in entry.postings}
    amounts = ", ".join(f"{minor} {currency}" for currency, minor in sums.items())
    return f"{entry.flow} of {amounts}"


def _owed(event: Event) -> Owed | None:
    if isinstance(event, EntryPosted):
        return Owed((event.flow,), "", 0, event.postings)
    if isinstance(event, (TransferCompleted, TransferSettled, ToppedUp)):
        return _nonzero(_at_home(event))
    if isinstance(event, (TransferDebited, TransferCredited, TransferCompensated)):
        return _nonzero(_travelling(event)) if event.purpose in POSTED_BY_THE_EVENT else None
    if isinstance(event, (HoldPlaced, HoldIncremented, HoldCaptured, HoldReleased)):
        return _nonzero(_of_a_hold(event))
    return _of_a_review(event)


def _nonzero(owed: Owed) -> Owed | None:
    return owed if owed.minor != 0 else None


def _at_home(event: TransferCompleted | TransferSettled | ToppedUp) -> Owed:
    if isinstance(event, TransferCompleted):
        return Owed(("F4.1", "F7.5"), event.currency, event.amount + event.fee)
    if isinstance(event, TransferSettled):
        return Owed(("F5.3",), event.currency, event.fee)
    return Owed(("F1.1",), event.currency, event.amount - event.recovered)


def _travelling(event: TransferDebited | TransferCredited | TransferCompensated) -> Owed:
    if isinstance(event, TransferDebited):
        fee = 0 if event.source == FEE_WAITS_THERE_ALREADY else event.fee
        return Owed(("F5.1", "F7.3"), event.currency, event.amount + fee)
    if isinstance(event, TransferCredited):
        return Owed(("F5.2", "F7.4"), event.currency, event.amount)
    return Owed(("F5b.2",), event.currency, event.amount + event.fee)


def _of_a_hold(event: HoldPlaced | HoldIncremented | HoldCaptured | HoldReleased) -> Owed:
    if isinstance(event, HoldPlaced):
        return Owed(("F7.1",), event.currency, event.amount)
    if isinstance(event, HoldIncremented):
        return Owed(("F7.2",), event.currency, event.amount)
    flow = "F7.5" if isinstance(event, HoldCaptured) else "F7b.2"
    return Owed((flow,), event.currency, event.released)


def _of_a_review(event: Event) -> Owed | None:
    if isinstance(event, ReviewOpened):
        return Owed(("F4r.1",), event.currency, event.amount + event.fee)
    if isinstance(event, ReviewResolved) and event.verdict is ReviewVerdict.REJECT:
        return Owed(("F4r.2",), event.currency, event.amount + event.fee)
    return None
