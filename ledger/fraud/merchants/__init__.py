"""Merchant features: what the merchant rules of a ruleset look at when a sale arrives.

Owns: the catalogue of merchants' features by the name a ruleset uses.
Never: bands, weights, what follows; those are data. Never writes a row, never sees another rule.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Final

from ledger.fraud.merchants import (
    fr27_dispute_ratio_30d,
    fr27_refund_ratio_30d,
    fr28_night_share,
    fr28_payer_repeats,
    fr28_ticket_sigmas,
)
from ledger.trades import Selling

Feature = Callable[[Selling], int | None]

RULES: Final[Mapping[str, Feature]] = MappingProxyType(
    {
        "refund_ratio_30d": fr27_refund_ratio_30d.feature,
        "dispute_ratio_30d": fr27_dispute_ratio_30d.feature,
        "ticket_sigmas": fr28_ticket_sigmas.feature,
        "night_share": fr28_night_share.feature,
        "payer_repeats": fr28_payer_repeats.feature,
    }
)
FEATURES: Final = frozenset(RULES)
