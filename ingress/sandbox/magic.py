"""Magic amounts: whoever sends one gets the failure it stands for, whatever the wallets hold.

Owns: which amount means what.
Never: changes the ledger: a command with such an amount is answered and not decided, except SLOW,
which is decided at once and answered when the clock has moved on.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import Enum
from types import MappingProxyType
from typing import Final

from schemas.messages.commands import Command
from schemas.messages.vocabulary import RejectionReason

# 9,900 of a currency with cents: the number after the point says which.
BASE: Final = 990_000
# What a command may have an amount in.
FIELDS: Final = ("amount", "sell_amount")


class Magic(Enum):
    """Failures that are no refusal of the ledger."""

    LOST = 90  # the broker does not acknowledge it
    SILENT = 91  # acknowledged, and never answered
    SLOW = 92  # decided, and answered after the clock moved by a minute


Meaning = RejectionReason | Magic


def _meanings() -> Mapping[int, Meaning]:
    refusals: dict[int, Meaning] = {
        BASE + number: reason
        for number, reason in enumerate(RejectionReason)
        if reason is not RejectionReason.NONE
    }
    return MappingProxyType({**refusals, **{BASE + each.value: each for each in Magic}})


MEANINGS: Final = _meanings()
AMOUNTS: Final = MappingProxyType({meaning: amount for amount, meaning in MEANINGS.items()})


def amount_for(meaning: Meaning) -> int:
    """Return the amount, in minor units of any currency, that provokes a failure."""
    return AMOUNTS[meaning]


def magic_amounts() -> Mapping[int, Meaning]:
    """Return every amount that means something."""
    return MEANINGS


def meaning_of(body: Command) -> Meaning | None:
    """Return what the amount of a command stands for; None for an ordinary one."""
    for name in FIELDS:
        found = MEANINGS.get(getattr(body, name, 0))
        if found is not None:
            return found
    return None
