"""RI02: the balances that Decisions state are the sums of their postings, so they add up to zero.

A partition's trial balance is zero at every offset (I2) when every entry is (RI01) and every
balance moved by exactly what was posted to it. A break names the account: the writer's state is not
what its log says, and it decides by its state, so the partition must be halted.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from ledger.view import AccountKey
from schemas.messages.journal import JournalEntry
from schemas.messages.vocabulary import ReconAction, ReconCheck, ReconSeverity
from streams.reconciliation.internal.checks.check import Check

CHECK: Final = Check(ReconCheck.RI02, ReconSeverity.CRITICAL, ReconAction.HALT)


def failed(entries: Sequence[JournalEntry], moved: Mapping[AccountKey, int]) -> str | None:
    """Return which account moved by something else than its postings."""
    posted: dict[AccountKey, int] = {}
    for entry in entries:
        for posting in entry.postings:
            key = posting.account, posting.owner, posting.currency
            posted[key] = posted.get(key, 0) + posting.amount
    for key in {**posted, **moved}:
        found, expected = moved.get(key, 0), posted.get(key, 0)
        if found != expected:
            account, owner, currency = key
            return f"{account}:{owner} {currency} moved by {found}, postings say {expected}"
    return None


def uneven(totals: Mapping[str, int]) -> str | None:
    """Return in which currency all classes together are not zero."""
    wrong = {currency: minor for currency, minor in totals.items() if minor != 0}
    return f"the trial balance is {wrong}" if wrong else None
