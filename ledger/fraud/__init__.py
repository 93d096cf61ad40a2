"""Fraud features: what the rules of a ruleset look at, one integer and one file each.

Owns: the catalogue of features by the name a ruleset uses.
Never: bands, weights, actions; those are data. Never writes a row, never sees another rule.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Final

from ledger.fraud import (
    fr01_out_attempts_1h,
    fr01_out_attempts_10m,
    fr01_out_attempts_24h,
    fr04_new_payees_24h,
    fr05_amount_over_p95,
    fr05_first_payment,
    fr07_seconds_since_previous_out,
    fr07_seconds_to_new_payee,
)
from ledger.outgoing import Outgoing

Feature = Callable[[Outgoing], int | None]

RULES: Final[Mapping[str, Feature]] = MappingProxyType(
    {
        "out_attempts_10m": fr01_out_attempts_10m.feature,
        "out_attempts_1h": fr01_out_attempts_1h.feature,
        "out_attempts_24h": fr01_out_attempts_24h.feature,
        "new_payees_24h": fr04_new_payees_24h.feature,
        "first_payment": fr05_first_payment.feature,
        "amount_over_p95": fr05_amount_over_p95.feature,
        "seconds_since_previous_out": fr07_seconds_since_previous_out.feature,
        "seconds_since_previous_out_to_new_payee": fr07_seconds_to_new_payee.feature,
    }
)
FEATURES: Final = frozenset(RULES)
