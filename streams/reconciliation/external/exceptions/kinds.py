"""Kinds of exceptions: what opens which, who owns it, how long it may take.

Owns: the list of kinds, their groups and their times.
Never: a state; the life of an exception is `workflow.py`.
"""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum
from hashlib import sha256
from typing import Final

from streams.reconciliation.external.matching.expectations import Status


class Kind(StrEnum):
    """What is wrong; those of RI are breaks of the ledger's own checks."""

    MISSING_EXTERNAL = "MISSING_EXTERNAL"
    MISSING_INTERNAL = "MISSING_INTERNAL"
    OVER = "OVER"
    UNDER = "UNDER"
    CURRENCY = "CURRENCY"
    DUPLICATE = "DUPLICATE"
    DATE = "DATE"
    REFERENCE = "REFERENCE"
    SPLIT = "SPLIT"
    AMBIGUOUS = "AMBIGUOUS"
    STATEMENT_ARITHMETIC = "STATEMENT_ARITHMETIC"
    STATEMENT_GAP = "STATEMENT_GAP"
    FEE = "FEE"
    RETURN_WITHOUT_ORIGINAL = "RETURN_WITHOUT_ORIGINAL"
    RI01 = "RI01"
    RI02 = "RI02"
    RI03 = "RI03"
    RI04 = "RI04"
    RI05 = "RI05"
    RI06 = "RI06"
    RI07 = "RI07"
    RI08 = "RI08"
    RI09 = "RI09"
    RI10 = "RI10"
    RI11 = "RI11"
    RI12 = "RI12"
    RI13 = "RI13"


OPENED_BY_STATUS: Final = {
    Status.MISSING: Kind.MISSING_EXTERNAL,
    Status.OVER_AMOUNT: Kind.OVER,
    Status.UNDER_AMOUNT: Kind.UNDER,
    Status.PARTIALLY_MATCHED: Kind.UNDER,
    Status.CURRENCY_MISMATCH: Kind.CURRENCY,
    Status.DATA_MISMATCH: Kind.REFERENCE,
    Status.SPLIT_MISMATCH: Kind.SPLIT,
    Status.AMBIGUOUS: Kind.AMBIGUOUS,
}
OPENED_BY_FINDING: Final = {
    "DuplicateFile": Kind.DUPLICATE,
    "DuplicateStatement": Kind.DUPLICATE,
    "BalanceAbsent": Kind.STATEMENT_ARITHMETIC,
    "ArithmeticBreak": Kind.STATEMENT_ARITHMETIC,
    "OpeningBreak": Kind.STATEMENT_GAP,
    "SequenceGap": Kind.STATEMENT_GAP,
    "CurrencyBreak": Kind.CURRENCY,
}
INTERNAL: Final = frozenset(each for each in Kind if each.name.startswith("RI"))
# Kinds that time alone may end: what was missing on one side arrives, or it is equal again.
TIMING_KINDS: Final = frozenset(
    {
        Kind.MISSING_EXTERNAL,
        Kind.MISSING_INTERNAL,
        Kind.DATE,
        Kind.STATEMENT_GAP,
        Kind.RI06,
        Kind.RI07,
        # A store is repaired by itself.
        Kind.RI09,
        Kind.RI10,
        Kind.RI11,
        # A shortfall is funded, and the log says so. A state or a counter that was wrong (RI08,
        # RI12) is no such kind: what was decided by it stays, and somebody has to look at that.
        Kind.RI13,
    }
)
# Calendar days until somebody must have ended it. What shakes the ledger itself is for today;
# what a bank has to answer takes a bank's time.
SLA_DAYS_DEFAULT: Final = 5
SLA_DAYS: Final = {
    **dict.fromkeys(INTERNAL, 0),
    Kind.RI06: 1,
    Kind.STATEMENT_ARITHMETIC: 1,
    Kind.STATEMENT_GAP: 2,
    Kind.DUPLICATE: 2,
    Kind.FEE: 30,
}


def sla_days(kind: Kind) -> int:
    """Return in how many calendar days it must be ended."""
    return SLA_DAYS.get(kind, SLA_DAYS_DEFAULT)


def group_of(kind: Kind) -> str:
    """Return who owns an exception until somebody takes it."""
    return "ledger" if kind in INTERNAL and kind is not Kind.RI13 else "treasury"


def case_id_of(kind: Kind, about: Iterable[str]) -> str:
    """Return the id of an exception: the same difference has the same, however often found."""
    # Each text counts with its length, so that none runs into the next.
    text = "".join(f"{len(each)}:{each}" for each in (kind.value, *about))
    return f"case-{sha256(text.encode()).hexdigest()[:24]}"
