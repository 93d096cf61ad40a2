"""RI13: at a day's close, what customers are owed is covered by money that is kept apart (I9).

Owns: when a currency is short, and the break that says by how much.
Never: works the cover out (`ledgerctl report safeguarding` does), or funds anything.

A closed day never changes, so a day's shortfall begins once. The treasury funds it the same day
(BANK.SAFE from BANK.CORP); it ends once the log says that the currency is covered again.
"""

from __future__ import annotations

from typing import Final, NamedTuple

from schemas.messages.vocabulary import ReconAction, ReconSeverity
from streams.reconciliation.external.exceptions.difference import Difference
from streams.reconciliation.external.exceptions.kinds import Kind
from streams.reconciliation.rounds.check import RoundCheck

CHECK: Final = RoundCheck(Kind.RI13, ReconSeverity.CRITICAL, ReconAction.CASE)
ACCOUNT: Final = "BANK.SAFE"


class Cover(NamedTuple):
    """What customers are owed in a currency, and what stands against it; minor units."""

    currency: str
    requirement: int
    safeguarded: int
    cards_in_time: int
    cards_too_old: int

    @property
    def missing(self) -> int:
        """Return the shortfall; negative for a surplus."""
        return self.requirement - self.safeguarded - self.cards_in_time


def failed(day: str, cover: Cover) -> Difference | None:
    """Return the break of a currency that was not covered when a day was closed."""
    if cover.missing <= 0:
        return None
    return Difference(
        Kind.RI13,
        ACCOUNT,
        cover.currency,
        cover.missing,
        f"{cover.currency}, close of {day}",
        f"owed {cover.requirement}, safeguarded {cover.safeguarded}, cards in time "
        f"{cover.cards_in_time}, cards too old {cover.cards_too_old}",
    )
