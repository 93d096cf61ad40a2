"""RI03: Decisions come without gap or repeat, in whole sealed groups (I7).

A Decision that is missing, came twice or lies outside its group's seal was lost or put in after it
was written. The hash chain travels in record headers, which a job is not given; the chain head that
a checkpoint names is computed from the values, so whoever holds it beside the header of the same
record (`ledgerctl recon cuts --verify`) proves every value up to the cut.

The first sequence of an open group once more is no repeat: its owner decided a torn transaction
again, and what was buffered of it is void.
"""

from __future__ import annotations

from typing import Final

from schemas.messages.decisions import Decision
from schemas.messages.recon import FactsHeadRow
from schemas.messages.vocabulary import ReconAction, ReconCheck, ReconSeverity
from streams.reconciliation.internal.checks.check import Check

CHECK: Final = Check(ReconCheck.RI03, ReconSeverity.CRITICAL, ReconAction.CRITICAL)


def begins_again(head: FactsHeadRow, sequence: int) -> bool:
    """Tell whether a group begins again, which voids what was buffered of it."""
    return head.last > head.sequence and sequence == head.sequence + 1


def repeated(head: FactsHeadRow, sequence: int) -> str | None:
    """Return that a Decision was there before."""
    if sequence > head.last or begins_again(head, sequence):
        return None
    return f"sequence {sequence} came again after {head.last}"


def skipped(head: FactsHeadRow, sequence: int) -> str | None:
    """Return which sequences are missing."""
    expected = head.last + 1
    if sequence <= expected:
        return None
    return f"sequence {sequence} came where {expected} must follow"


def unsealed(head: FactsHeadRow, first: int, sealing: Decision) -> str | None:
    """Return that a seal is not that of the Decisions before it; `first` is the lowest of these."""
    seal = sealing.seal
    assert seal is not None, "asked of sealing Decisions only"
    whole = head.sequence < seal.first_sequence <= first
    if whole and seal.first_sequence + seal.count - 1 == sealing.sequence:
        return None
    return (
        f"the seal of {seal.count} from {seal.first_sequence} is not that of the Decisions "
        f"from {first} to {sealing.sequence}"
    )
