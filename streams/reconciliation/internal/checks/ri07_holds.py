"""RI07: a wallet's W.RSV is what its active holds have left (control account = sub-ledger, I5).

Money that is reserved for no hold can never be spent, and a hold without money could not be
captured: rows of holds and the account are not the fold of the same events any more.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from schemas.messages.recon import HoldLeft
from schemas.messages.vocabulary import ReconAction, ReconCheck, ReconSeverity
from streams.reconciliation.internal.checks.check import Check

CHECK: Final = Check(ReconCheck.RI07, ReconSeverity.CRITICAL, ReconAction.CRITICAL)


def failed(holds: Sequence[HoldLeft], currency: str, reserved: int) -> str | None:
    """Return that active holds have something else left than is reserved."""
    left = sum([each.minor for each in holds if each.currency == currency])
    if left == -reserved:
        return None
    return f"W.RSV has {-reserved} {currency}, active holds have {left} left"
