"""Kept: what is remembered of single movements.

Owns: sales that no merchant could have, top-ups by card, schedules, flags, what a merchant trades.
Never: a rule.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

from ops.auditor.history import Sold
from schemas.messages.vocabulary import Authority, ScheduleState, WalletStatus

# Who freezes, the lowest first.
BY_RANK: Final = (
    Authority.CUSTOMER,
    Authority.OPERATOR,
    Authority.COMPLIANCE,
    Authority.COURT,
)
COURT: Final = BY_RANK.index(Authority.COURT)


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
    frozen_by: int = 0  # index in BY_RANK; 0 when nothing is frozen
    freeze_due: int = 0
    dormancy_due: int = 0


@dataclass(slots=True)
class Schedule:
    """Payments that are wanted later."""

    currency: str
    state: ScheduleState = ScheduleState.ACTIVE


@dataclass(frozen=True, slots=True)
class Told:
    """A flag of the risk job."""

    value: int
    as_of: int
    until: int


@dataclass(slots=True)
class Traded:
    """All that a merchant sold and gave back, and what its rules found at each sale."""

    sales: list[Sold] = field(default_factory=list)
    refunds: list[tuple[int, int]] = field(default_factory=list)  # day, base minor units
    disputes: list[int] = field(default_factory=list)  # day
    found: list[tuple[int, object]] = field(default_factory=list)  # by the latest Decision
