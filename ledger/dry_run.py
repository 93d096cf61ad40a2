"""Dry run: what a command would do, decided by the code that does it, and left at that.

Owns: the verdict without its effects, and what they would have been.
Never: writes to the view. A Decision of a dry run has no events, hence no rows: no identity, no
attempt, no timer, no leg, no sequence of a wallet.
"""

from __future__ import annotations

from ledger.effects import foreseen
from ledger.verdict import Verdict
from ledger.view import PartitionView
from schemas.messages.journal import WouldBe
from schemas.messages.vocabulary import Stage


def without_effect(view: PartitionView, verdict: Verdict, sequence: int) -> tuple[Verdict, WouldBe]:
    """Return the verdict without its events, and what they would have posted."""
    entries, balances = foreseen(view, verdict.events, sequence)
    said = Verdict(
        verdict.outcome,
        (),
        verdict.reason,
        verdict.detail,
        Stage.FINAL,
        verdict.duplicate_of,
        verdict.risk,
    )
    return said, WouldBe(verdict.stage, entries, balances)
