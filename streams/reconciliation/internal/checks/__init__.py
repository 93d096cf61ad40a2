"""Checks of the internal reconciliation: a file each, in the order in which one Decision is judged.

Owns: the list. The first check that a Decision fails names its break; those behind it would say
the same thing once more.
Never: a table, a topic.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from schemas.messages.vocabulary import ReconCheck
from streams.reconciliation.internal.checks import (
    ri01_entries,
    ri02_balances,
    ri03_sequence,
    ri04_postings,
    ri05_pairs,
    ri06_in_flight,
    ri07_holds,
)
from streams.reconciliation.internal.checks.check import Check

CHECKS: Final[Mapping[ReconCheck, Check]] = MappingProxyType(
    {
        each.code: each
        for each in (
            ri03_sequence.CHECK,
            ri01_entries.CHECK,
            ri04_postings.CHECK,
            ri02_balances.CHECK,
            ri05_pairs.CHECK,
            ri06_in_flight.CHECK,
            ri07_holds.CHECK,
        )
    }
)
