"""Expectations: what the ledger knows must appear on an account outside.

Owns: the records `Expectation` and `Rules`, the statuses.
Never: says what a status leads to; `external/exceptions` does.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from types import MappingProxyType
from typing import Final


class Status(StrEnum):
    """Where an expectation stands; the words are those of Hyperswitch's reconciliation."""

    EXPECTED = "EXPECTED"
    MISSING = "MISSING"  # expected for longer than the rail takes
    MATCHED = "MATCHED"
    PARTIALLY_MATCHED = "PARTIALLY_MATCHED"
    OVER_AMOUNT = "OVER_AMOUNT"
    UNDER_AMOUNT = "UNDER_AMOUNT"
    CURRENCY_MISMATCH = "CURRENCY_MISMATCH"
    DATA_MISMATCH = "DATA_MISMATCH"
    SPLIT_MISMATCH = "SPLIT_MISMATCH"
    AMBIGUOUS = "AMBIGUOUS"
    VOIDED = "VOIDED"
    ARCHIVED = "ARCHIVED"


class Manner(StrEnum):
    """Who matched: a pass, a person who was convinced, a person in spite of a difference."""

    AUTO = "AUTO"
    MANUAL = "MANUAL"
    FORCED = "FORCED"


@dataclass(frozen=True, slots=True, kw_only=True)
class Expectation:
    """One amount the ledger expects on an account outside; money coming in is positive."""

    expectation_id: str
    account: str
    amount: int  # signed minor units, before the rail's fee
    currency: str
    rail: str
    expected_on: date
    rail_ref: str = ""
    end_to_end_id: str = ""
    batch_id: str = ""
    counterparty: str = ""
    fee: int = 0  # what the rail is expected to keep back
    priority: int = 0  # lower first


@dataclass(frozen=True, slots=True)
class Tolerance:
    """How far an amount may be off: the larger of the two; nothing by default."""

    absolute: int = 0
    bps: int = 0

    def allows(self, expected: int, found: int) -> bool:
        """Say whether a difference is within, of amounts of the same sign."""
        if expected * found <= 0:
            return False
        room = max(self.absolute, abs(expected) * self.bps // 10_000)
        return abs(expected - found) <= room


NO_TOLERANCE: Final = Tolerance()


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """The numbers of matching: data, like a policy. By rail; the rest by default."""

    tolerances: Mapping[str, Tolerance] = field(default_factory=lambda: MappingProxyType({}))
    window_days: Mapping[str, int] = field(default_factory=lambda: MappingProxyType({}))
    window_days_default: int = 2  # business days around the expected one
    sla_days: Mapping[str, int] = field(default_factory=lambda: MappingProxyType({}))
    sla_days_default: int = 3  # business days until what is expected is missing
    holidays: frozenset[date] = frozenset()
    fee_rounding: int = 1  # minor units per item of a batch that has fees
    id_pattern: re.Pattern[str] = re.compile(r"[A-Z]{2,8}[-_][A-Z0-9][A-Z0-9-]{5,40}")
    reference_min: int = 6  # shorter ones, once normalised, say too little
    subset_max: int = 24  # items of an exact search
    chance_one_in: int = 1_000  # a sum that could be chance more often is only proposed
    likeness_percent: int = 92
    pairs_max: int = 4_000  # pairs compared inside one group; beyond, all are ambiguous

    def tolerance(self, rail: str) -> Tolerance:
        """Return how far a rail's amounts may be off."""
        return self.tolerances.get(rail, NO_TOLERANCE)

    def window(self, rail: str) -> int:
        """Return how many business days a rail's lines may be early or late."""
        return self.window_days.get(rail, self.window_days_default)

    def sla(self, rail: str) -> int:
        """Return after how many business days a rail's lines are missing."""
        return self.sla_days.get(rail, self.sla_days_default)
