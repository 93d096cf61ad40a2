"""Overlay: rows that may be changed while those beneath stay as they are.

Owns: a view over another, in which one part of an input sees what the parts before it would do.
Never: writes to what is beneath; nothing of an overlay is taken over. What it was good for is
decided again, as events.

Timers are looked at, never changed: what is decided on an overlay either happens at once or not at
all.
"""

from __future__ import annotations

from typing import Final, Generic, TypeVar, final

from ledger.errors import InvariantError
from ledger.view import PartitionView, Rows, SortedRows, TimerKey
from schemas.messages.rows import TimerRow

K = TypeVar("K")
R = TypeVar("R")


@final
class LaidOver(Generic[K, R]):
    """A table over another: what was put or deleted here hides what is beneath."""

    def __init__(self, beneath: Rows[K, R]) -> None:
        self._beneath: Final = beneath
        self._own: Final[dict[K, R | None]] = {}

    def get(self, key: K, /) -> R | None:
        """Return the row under `key`, or None."""
        return self._own[key] if key in self._own else self._beneath.get(key)

    def put(self, key: K, row: R, /) -> None:
        """Write `row` under `key`, here only."""
        self._own[key] = row

    def delete(self, key: K, /) -> None:
        """Hide the row under `key`."""
        self._own[key] = None


@final
class LookedAt:
    """The timers beneath, to be read."""

    def __init__(self, beneath: SortedRows[TimerKey, TimerRow]) -> None:
        self._beneath: Final = beneath

    def get(self, key: TimerKey, /) -> TimerRow | None:
        """Return the timer under `key`, or None."""
        return self._beneath.get(key)

    def first(self, limit: int, /) -> list[tuple[TimerKey, TimerRow]]:
        """Return at most `limit` timers, the first due first."""
        return self._beneath.first(limit)

    def put(self, key: TimerKey, row: TimerRow, /) -> None:
        """Refuse: nothing decided here waits."""
        raise InvariantError(f"a timer of {key[2]} is set on an overlay: {row.timer_id}")

    def delete(self, key: TimerKey, /) -> None:
        """Refuse: nothing decided here waited."""
        raise InvariantError(f"a timer of {key[2]} is dropped on an overlay: {key[3]}")


def laid_over(view: PartitionView) -> PartitionView:
    """Return a view that begins as this one is."""
    return PartitionView(
        head=LaidOver(view.head),
        policy=LaidOver(view.policy),
        ruleset=LaidOver(view.ruleset),
        wallets=LaidOver(view.wallets),
        accounts=LaidOver(view.accounts),
        holds=LaidOver(view.holds),
        outflows=LaidOver(view.outflows),
        outflow_entries=LaidOver(view.outflow_entries),
        inflows=LaidOver(view.inflows),
        payees=LaidOver(view.payees),
        sagas=LaidOver(view.sagas),
        reviews=LaidOver(view.reviews),
        identities=LaidOver(view.identities),
        external_refs=LaidOver(view.external_refs),
        inbox=LaidOver(view.inbox),
        pairs_in=LaidOver(view.pairs_in),
        pairs_out=LaidOver(view.pairs_out),
        open_credits=LaidOver(view.open_credits),
        timers=LookedAt(view.timers),
        controls=LaidOver(view.controls),
        transactions=LaidOver(view.transactions),
        adjustments=LaidOver(view.adjustments),
        interest=LaidOver(view.interest),
        rates=LaidOver(view.rates),
        merchant_terms=LaidOver(view.merchant_terms),
        outflow_days=LaidOver(view.outflow_days),
        profiles=LaidOver(view.profiles),
        suspended_sales=LaidOver(view.suspended_sales),
        liens=LaidOver(view.liens),
        evidence=LaidOver(view.evidence),
        candidate=LaidOver(view.candidate),
        schedules=LaidOver(view.schedules),
        schedule_counts=LaidOver(view.schedule_counts),
        standings=LaidOver(view.standings),
        cuts=LaidOver(view.cuts),
        trades=LaidOver(view.trades),
    )
