"""Kept: what is remembered of single movements.

Owns: sales that no merchant could have, top-ups by card, schedules.
Never: a rule.
"""

from __future__ import annotations

from dataclasses import dataclass

from schemas.messages.vocabulary import ScheduleState, WalletStatus


@dataclass(slots=True)
class Suspended:
    """A sale that no merchant could have."""

    payer: str
    command_id: str
    currency: str
    amount: int
    order_ref: str
    waits: bool = True


@dataclass(frozen=True, slots=True)
class CardTopUp:
    """A top-up by card, as its scheme knows it."""

    wallet_id: str
    currency: str
    amount: int


@dataclass(slots=True)
class Standing:
    """What a wallet's blocks and tier do not say; `life` is ACTIVE where it says nothing."""

    life: WalletStatus = WalletStatus.ACTIVE
    frozen_by_court: bool = False
    freeze_due: int = 0
    dormancy_due: int = 0


@dataclass(slots=True)
class Schedule:
    """Payments that are wanted later."""

    currency: str
    state: ScheduleState = ScheduleState.ACTIVE
