"""Until when: when an attempt above a ceiling would pass, by trying later and later instants.

Owns: the words `<window> until <instant>` of a refusal's detail.
Never: decides a ceiling.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Final

from ops.auditor.answer import Refused
from ops.auditor.books import Attempt
from ops.auditor.money import EPOCH, day_and_month
from schemas.messages.policy import Policy
from schemas.messages.vocabulary import RejectionReason

DAY_US: Final = 86_400_000_000


def refuse(reason: RejectionReason, window: str, frees: int | None) -> Refused:
    """Return the refusal; None = waiting does not help."""
    if frees is None:
        return Refused(reason, window)
    moment = EPOCH + timedelta(seconds=-(-frees // 1_000_000))
    return Refused(reason, f"{window} until {moment:%Y-%m-%dT%H:%M:%S}Z")


def midnight(policy: Policy, at: int, day: int) -> int:
    """Return the first instant after `at` that a day number has come, by halving."""
    early, late = at, at + (day - day_and_month(policy, at)[0] + 3) * DAY_US
    while early + 1 < late:
        middle = (early + late) // 2
        if day_and_month(policy, middle)[0] >= day:
            late = middle
        else:
            early = middle
    return late


def monday_after(day: int) -> int:
    """Return the day number of the next Monday."""
    return day + 7 - date.fromordinal(day + EPOCH.toordinal()).weekday()


def first_after(day: int) -> int:
    """Return the day number of the next first of a month."""
    later = date.fromordinal(day + EPOCH.toordinal()).replace(day=1) + timedelta(days=32)
    return later.replace(day=1).toordinal() - EPOCH.toordinal()


def leaves(
    inside: list[Attempt], window_us: int, over: int, size: Callable[[Attempt], int]
) -> int | None:
    """Return when attempts of more than `over` have left a window; `inside` is newest first."""
    for attempt in reversed(inside):
        over -= size(attempt)
        if over <= 0:
            return attempt.at + window_us
    return None
