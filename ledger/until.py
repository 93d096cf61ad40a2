"""Until when: the refusal of a window's ceiling says when the same attempt would pass it.

Owns: the form of the detail, and when the windows of limits move on: a customer is told when to
try again instead of trying again and again.
Never: decides a limit.

The detail is the window's name, then ` until ` and the instant in UTC, rounded up to the second:
`rolling_24h_out until 2026-11-28T12:00:00Z`. Where waiting does not help it is the name alone.
It holds when nothing else happens in between; a give-back frees earlier.
"""

from __future__ import annotations

from ledger.calendar import in_words, month_begins, week_begins
from ledger.days import KEPT
from ledger.outgoing import Incoming, Outgoing
from ledger.refusal import Refusal
from schemas.messages.vocabulary import RejectionReason


def window(name: str, frees: int | None) -> Refusal:
    """Return LIMIT_WINDOW."""
    return Refusal(RejectionReason.LIMIT_WINDOW, _detail(name, frees))


def period(name: str, movement: Outgoing | Incoming, ceiling: int, ends: int) -> Refusal:
    """Return LIMIT_WINDOW of a calendar period; what is above the ceiling alone never passes."""
    return window(name, ends if movement.base_amount <= ceiling else None)


def count(name: str, frees: int | None) -> Refusal:
    """Return LIMIT_COUNT."""
    return Refusal(RejectionReason.LIMIT_COUNT, _detail(name, frees))


def next_day(movement: Outgoing | Incoming) -> int:
    """Return when the calendar day is over."""
    return movement.calendar.begins(movement.day + 1)


def next_week(outgoing: Outgoing) -> int:
    """Return when the calendar week is over."""
    return outgoing.calendar.begins(week_begins(outgoing.week + 1))


def next_month(movement: Outgoing | Incoming) -> int:
    """Return when the calendar month is over."""
    return movement.calendar.begins(month_begins(movement.month + 1))


def days_leave(outgoing: Outgoing, over: int) -> int | None:
    """Return when so many movements will have left the ring of days."""
    counts = (outgoing.day_count, *outgoing.days.counts)
    for ago in range(len(counts) - 1, -1, -1):
        over -= counts[ago]
        if over <= 0:
            return outgoing.calendar.begins(outgoing.day - ago + KEPT + 1)
    return None


def _detail(name: str, frees: int | None) -> str:
    return name if frees is None else f"{name} until {in_words(frees)}"
