"""Shape: what the realistic first day is made of, as numbers.

Owns: fractions, amounts and how many wallets do what. Change a number here and the day changes.
Never: makes commands; the generator does.

The numbers keep most commands inside the default policy. A wallet pays about nine times, to at
most three payees, so that the velocity rules stay quiet for honest customers and speak up for the
few wallets that send bursts.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from schemas.messages.vocabulary import Tier


class Deed(StrEnum):
    """What a record of the day is meant to show."""

    OPEN = "open"
    TOP_UP = "top-up"
    TRANSFER = "transfer"
    HOLD = "hold"
    CAPTURE = "capture"
    VOID = "void"
    OVER_LIMIT = "over limit"
    BURST = "velocity burst"
    RETRY = "client retry"
    MISMATCH = "same id, other content"
    POISON = "poison bytes"
    WRONG_PARTITION = "wrong partition"
    UPGRADE = "tier change"
    FREEZE = "freeze and unfreeze"
    HOT = "hot wallet"


@dataclass(frozen=True, slots=True)
class Amounts:
    """Smallest and largest amount of a tier's movements, in minor units of EUR."""

    first_top_up: tuple[int, int]
    top_up: tuple[int, int]
    pay: tuple[int, int]
    too_much: int  # above the tier's limit per movement


def _deeds() -> dict[Deed, float]:
    return {
        Deed.TOP_UP: 0.40,
        Deed.TRANSFER: 0.28,
        Deed.HOLD: 0.09,
        Deed.CAPTURE: 0.07,
        Deed.VOID: 0.02,
        Deed.OVER_LIMIT: 0.02,
        Deed.BURST: 0.03,
        Deed.RETRY: 0.03,
        Deed.MISMATCH: 0.005,
        Deed.POISON: 0.003,
        Deed.WRONG_PARTITION: 0.003,
        Deed.UPGRADE: 0.004,
        Deed.FREEZE: 0.006,
        # No wallet of this day is hot; benches have one.
    }


def _tiers() -> dict[Tier, float]:
    return {Tier.UNVERIFIED: 0.03, Tier.BASIC: 0.25, Tier.ENHANCED: 0.60, Tier.PREMIUM: 0.12}


def _amounts() -> dict[Tier, Amounts]:
    return {
        Tier.UNVERIFIED: Amounts((500, 1_000), (100, 300), (100, 500), 6_000),
        Tier.BASIC: Amounts((5_000, 12_000), (300, 2_000), (100, 1_500), 60_000),
        Tier.ENHANCED: Amounts((10_000, 60_000), (1_000, 20_000), (100, 6_000), 600_000),
        Tier.PREMIUM: Amounts((20_000, 200_000), (2_000, 80_000), (100, 20_000), 2_500_000),
    }


def _currencies() -> dict[str, float]:
    return {"EUR": 0.85, "USD": 0.10, "JPY": 0.05}


@dataclass(frozen=True, slots=True)
class DayShape:
    """The whole day. Fractions are of the commands after the openings, or of the wallets."""

    deeds: Mapping[Deed, float] = field(default_factory=_deeds)
    tiers: Mapping[Tier, float] = field(default_factory=_tiers)
    amounts: Mapping[Tier, Amounts] = field(default_factory=_amounts)
    currencies: Mapping[str, float] = field(default_factory=_currencies)
    merchants: float = 0.05
    bursting: float = 0.01
    frozen: float = 0.005
    across_partitions: float = 0.25
    capture_in_part: float = 0.3
    retry_window: int = 2_000  # a client retries one of its latest commands
    skew: float = 0.0  # exponent of Zipf's law of who acts how often; 0: everybody alike
