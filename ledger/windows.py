"""Rolling windows over a wallet's log of outgoing attempts: exact, half-open (t - W, t].

Owns: how windows advance, take in an entry and get one back.
Never: decides a limit; deletes only what no window can see any more.

One log serves all windows: entry number -> (at, base amount, count). A window keeps the number of
its first entry and its totals. Advancing drops entries from its front, each once, so the cost is
constant per entry. A give-back changes the entry itself and the windows that still hold it.
"""

from __future__ import annotations

from typing import Final, final

from ledger.errors import InvariantError
from ledger.view import Rows
from schemas.messages.rows import OutflowEntryRow, OutflowRow, RollingWindow

Entries = Rows[tuple[str, int], OutflowEntryRow]

MINUTES_10_US: Final = 600_000_000
HOUR_US: Final = 3_600_000_000
DAY_US: Final = 86_400_000_000

# Enough for every band a rule can sensibly have; beyond it the oldest is forgotten.
NEW_PAYEES_KEPT: Final = 64

NOTHING: Final = RollingWindow(0, 0, 0, 0)
NO_OUTFLOW: Final = OutflowRow(0, 0, NOTHING, NOTHING, NOTHING, 0, 0, 0, 0, ())


@final
class Trailing:
    """The three windows of a wallet as they stand at one instant."""

    __slots__ = ("day_24h", "hour", "minutes_10")

    def __init__(
        self, minutes_10: RollingWindow, hour: RollingWindow, day_24h: RollingWindow
    ) -> None:
        self.minutes_10: Final = minutes_10
        self.hour: Final = hour
        self.day_24h: Final = day_24h


@final
class Log:
    """A wallet's log of attempts, for whoever asks when something leaves a window."""

    __slots__ = ("_end", "_entries", "_wallet_id")

    def __init__(self, entries: Entries, wallet_id: str, row: OutflowRow) -> None:
        self._entries: Final = entries
        self._wallet_id: Final = wallet_id
        self._end: Final = row.next_entry

    def frees(self, window: RollingWindow, length: int, base_amount: int, count: int) -> int | None:
        """Return when entries of so much will have left a window; None if it holds less."""
        for number in range(window.head, self._end):
            entry = _present(self._entries, self._wallet_id, number)
            base_amount -= entry.base_amount
            count -= entry.count
            if base_amount <= 0 and count <= 0:
                return entry.at + length
        return None


def trailing(entries: Entries, wallet_id: str, row: OutflowRow, at: int) -> Trailing:
    """Return the windows at `at`, reading entries and writing nothing."""
    end = row.next_entry
    head = row.day_24h.head
    if row.minutes_10.head == head < end:
        # The hour lies between the two: all begin with the same entry, and when the shortest still
        # holds it, nothing has left any. One look instead of three.
        first = entries.get((wallet_id, head))
        if first is not None and first.at > at - MINUTES_10_US:
            return Trailing(row.minutes_10, row.hour, row.day_24h)
    return Trailing(
        _advanced(entries, wallet_id, row.minutes_10, end, at - MINUTES_10_US),
        _advanced(entries, wallet_id, row.hour, end, at - HOUR_US),
        _advanced(entries, wallet_id, row.day_24h, end, at - DAY_US),
    )


def with_attempt(window: RollingWindow, base_amount: int, count: int) -> RollingWindow:
    """Return the window with one more attempt at its end."""
    return RollingWindow(
        window.head, window.base_sum + base_amount, window.count + count, window.attempts + 1
    )


def without(window: RollingWindow, entry: int, base_amount: int, count: int) -> RollingWindow:
    """Return the window with part of an entry given back, if the entry is still inside."""
    if entry < window.head:
        return window
    return RollingWindow(
        window.head, window.base_sum - base_amount, window.count - count, window.attempts
    )


def _advanced(
    entries: Entries, wallet_id: str, window: RollingWindow, end: int, left: int
) -> RollingWindow:
    """Return the window without its entries at or before `left`."""
    head = window.head
    base_sum = window.base_sum
    count = window.count
    while head < end:
        entry = _present(entries, wallet_id, head)
        if entry.at > left:
            break
        base_sum -= entry.base_amount
        count -= entry.count
        head += 1
    if head == window.head:
        return window
    return RollingWindow(head, base_sum, count, window.attempts - (head - window.head))


def _present(entries: Entries, wallet_id: str, number: int) -> OutflowEntryRow:
    entry = entries.get((wallet_id, number))
    if entry is None:
        raise InvariantError(f"outflow entry {number} of wallet {wallet_id} is missing")
    return entry
