"""Holds: what the active holds of each wallet have left.

Owns: the rows of holds, folded from events.
Never: reads a balance.
"""

from __future__ import annotations

from typing import Final, final

from ledger.holds import OPEN
from schemas.messages.decisions import Event
from schemas.messages.events import HoldCaptured, HoldIncremented, HoldPlaced, HoldReleased
from schemas.messages.recon import HoldLeft, HoldsRow
from streams.reconciliation.internal.facts_tables import Books
from streams.reconciliation.internal.sums import wrapped

NONE: Final = HoldsRow(())


@final
class Holds:
    """The active holds of one partition."""

    def __init__(self, books: Books) -> None:
        self._books: Final = books

    def take(self, event: Event) -> tuple[str, str] | None:
        """Fold an event of a hold; return the wallet and currency that it is about."""
        if isinstance(event, HoldPlaced):
            self._put(event, event.amount)
        elif isinstance(event, HoldIncremented):
            self._put(event, event.amount + self._left(event))
        elif isinstance(event, HoldCaptured):
            left = self._left(event) - event.amount - event.released
            self._put(event, left if event.status in OPEN else None)
        elif isinstance(event, HoldReleased):
            self._put(event, None)
        else:
            return None
        return event.wallet_id, event.currency

    def of(self, wallet_id: str) -> tuple[HoldLeft, ...]:
        """Return the active holds of a wallet."""
        return (self._books.holds.get(wallet_id) or NONE).holds

    def _left(self, event: HoldIncremented | HoldCaptured) -> int:
        found = [each.minor for each in self.of(event.wallet_id) if each.hold_id == event.hold_id]
        return found[0] if found else 0

    def _put(
        self,
        event: HoldPlaced | HoldIncremented | HoldCaptured | HoldReleased,
        left: int | None,
    ) -> None:
        """Write a hold with what it has left; None ends it."""
        others = [each for each in self.of(event.wallet_id) if each.hold_id != event.hold_id]
        if left is not None:
            others.append(HoldLeft(event.hold_id, event.currency, wrapped(left)))
        if others:
            self._books.holds.put(event.wallet_id, HoldsRow(tuple(others)))
        else:
            self._books.holds.delete(event.wallet_id)
