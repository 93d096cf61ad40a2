"""RI10: Cassandra holds exactly the history rows of the log, per wallet and month.

Compared are count and digest at the sequence at which the store stood. The log is the truth, so the
rows of that wallet and month are written again from it.

Owns: the comparison of one month, and its words.
Never: a table, a topic.
"""

from __future__ import annotations

from typing import Final

from schemas.messages.recon import MonthHeld, MonthPoint
from schemas.messages.vocabulary import ReconAction, ReconCheck, ReconSeverity
from streams.reconciliation.internal.checks.check import Check
from streams.reconciliation.stores.breaks import Wrong

CHECK: Final = Check(ReconCheck.RI10, ReconSeverity.CRITICAL, ReconAction.REPAIR)


def failed(expected: MonthPoint, held: MonthHeld) -> Wrong | None:
    """Return how the rows of a wallet and month are not those of the log."""
    if (expected.rows, expected.digest) == (held.rows, held.digest):
        return None
    off = held.rows - expected.rows
    how = f"{abs(off)} {'extra' if off > 0 else 'missing'}" if off else "some were altered"
    return Wrong(expected.sequence, f"{held.rows} rows of {expected.rows}, {how}")
