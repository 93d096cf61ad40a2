"""RI06: money does not travel for longer than it may.

A CREDIT without a final answer after `LATE_US` is late, not lost: the saga asks again by itself,
and whoever runs the partition at the other end should be looked at. It closes with the answer.
"""

from __future__ import annotations

from typing import Final

from schemas.messages.recon import OpenRow
from schemas.messages.vocabulary import ReconAction, ReconCheck, ReconSeverity
from streams.reconciliation.internal.checks.check import Check

CHECK: Final = Check(ReconCheck.RI06, ReconSeverity.WARNING, ReconAction.CASE)
# The saga asks after one minute, then after two more: by then two questions have had their time.
LATE_US: Final = 5 * 60 * 1_000_000


def late(row: OpenRow, until: int) -> str | None:
    """Return that a CREDIT is late, said once."""
    if row.due == 0 or row.due > until:
        return None
    return f"{row.amount} {row.currency} of transfer {row.transfer_id} of {row.wallet_id}"
