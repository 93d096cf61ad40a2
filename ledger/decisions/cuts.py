"""Cuts: a place in this partition's log that the reconciliation knows by a number.

Owns: which cut may be taken. The log itself is the mark: sums are kept by who follows it.
Never: adds anything up, so a cut costs no other Decision anything.
"""

from __future__ import annotations

import re
from typing import Final

from ledger.refusal import Refusal
from ledger.view import ONE, PartitionView
from schemas.messages.control import TakeCut
from schemas.messages.vocabulary import RejectionReason

LABEL: Final = re.compile(r"(?:[0-9]{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12][0-9]|3[01]))?")


def refusal(view: PartitionView, body: TakeCut) -> Refusal | None:
    """Refuse what names no cut, or one that is not above the last."""
    if body.k <= 0:
        return Refusal(RejectionReason.MALFORMED_FIELD, "k")
    if LABEL.fullmatch(body.label) is None:
        return Refusal(RejectionReason.MALFORMED_FIELD, "label")
    last = view.cuts.get(ONE)
    if last is not None and body.k <= last.k:
        return Refusal(RejectionReason.INVALID_TRANSITION, "k")
    return None
