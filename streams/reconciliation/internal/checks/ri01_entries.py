"""RI01: every journal entry sums to zero in every currency (I1).

A line that was changed, lost or doubled makes money out of nothing. The writer asserts the same
before it commits, so a break is a bug of it or damage of the log: the partition must be halted.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from schemas.messages.journal import JournalEntry
from schemas.messages.vocabulary import ReconAction, ReconCheck, ReconSeverity
from streams.reconciliation.internal.checks.check import Check

CHECK: Final = Check(ReconCheck.RI01, ReconSeverity.CRITICAL, ReconAction.HALT)


def failed(entries: Sequence[JournalEntry]) -> str | None:
    """Return which entry does not balance, and by how much."""
    for entry in entries:
        sums: dict[str, int] = {}
        for posting in entry.postings:
            sums[posting.currency] = sums.get(posting.currency, 0) + posting.amount
        for currency, minor in sums.items():
            if minor != 0:
                return f"entry {entry.index} ({entry.flow}) sums to {minor} {currency}"
    return None
