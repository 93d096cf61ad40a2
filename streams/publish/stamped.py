"""Stamped: what every fact says of the Decision that it comes from.

Owns: the times of a fact and its UTC day.
Never: reads a clock; the times are those of the log.

Facts end with these times, in the order of `Stamp.times`.
"""

from __future__ import annotations

from typing import Final, final

from ledger.results import COMMAND_TOPICS
from schemas.codec import decode
from schemas.currencies import EXPONENTS
from schemas.messages.commands import WalletCommand
from schemas.messages.decisions import Decision, InputSource, TimerSource

DAY_US: Final = 86_400_000_000
Times = tuple[int, int, int | None, int]  # effective, decided, appended, logged


@final
class Stamp:
    """The times of one Decision, in microseconds; the day in days since 1970; its command."""

    __slots__ = ("command", "day", "decided_at", "logged_at", "times")

    def __init__(self, decision: Decision, logged_at: int) -> None:
        """Take them from a Decision that the broker took at `logged_at`."""
        source, decided_at = decision.source, decision.decided_at
        self.command: Final = command_of(decision)
        effective_at = decided_at
        if isinstance(source, TimerSource):
            effective_at = min(decided_at, source.due)
        elif self.command is not None:
            effective_at = min(decided_at, self.command.issued_at)
        appended_at = None if isinstance(source, TimerSource) else source.append_time
        self.times: Final[Times] = (effective_at, decided_at, appended_at, logged_at)
        self.decided_at: Final = decided_at
        self.logged_at: Final = logged_at
        self.day: Final = decided_at // DAY_US


def command_of(decision: Decision) -> WalletCommand | None:
    """Return the command that a Decision answers; None when it answers no readable one."""
    source = decision.source
    if not isinstance(source, InputSource) or source.topic not in COMMAND_TOPICS:
        return None
    return decode(WalletCommand, decision.input) if decision.input else None


def exponent_of(currency: str | None) -> int | None:
    """Return the digits of a currency; None where there is none, or one that nobody knows."""
    return EXPONENTS.get(currency or "")


def said(text: str) -> str | None:
    """Return the text, or None for what the log leaves empty: columns tell it from a word."""
    return text or None
