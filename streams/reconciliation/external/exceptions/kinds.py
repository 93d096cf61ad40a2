"""Kinds of exceptions, and which status or finding opens which."""

from __future__ import annotations

from enum import StrEnum
from typing import Final

from streams.reconciliation.external.matching.expectations import Status


class Kind(StrEnum):
    """What is wrong; internal checks add theirs by their own ids, RI01 to RI13."""

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
