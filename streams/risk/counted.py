"""Counted: who uses one device or card, and who is told of it.

Owns: the window, the bound of a subject's row, and when something is told.
Never: reads a table; knows a ruleset (`bands.py` says in which band a count is).

The row is a set of wallets with the last day of each, of which the last 32 are kept. It is the same
whatever order sightings come in, and however often. Told is a band that is entered or left, to all
who are in it; else only a wallet that comes in, or comes again on a later day.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final, final

from schemas.messages.risk import Party, SubjectRow

DAY_US: Final = 86_400_000_000
WINDOW_DAYS: Final = 30
PARTIES_KEPT: Final = 32
NOBODY: Final = SubjectRow((), 0, 0, 0)

BandOf = Callable[[int], int]


@final
class Counted:
    """What a sighting or the end of a day leads to: the row, and who is to be told of it."""

    __slots__ = ("row", "told")

    def __init__(self, row: SubjectRow, told: tuple[Party, ...]) -> None:
        self.row: Final = row
        self.told: Final = told


def seen(row: SubjectRow, wallet_id: str, at: int, band_of: BandOf) -> Counted | None:
    """Return what one sighting leads to; None when it says nothing new."""
    day = at // DAY_US
    today = max(row.day, day)
    earlier = [each.day for each in row.parties if each.wallet_id == wallet_id]
    if day <= today - WINDOW_DAYS or (earlier and day <= earlier[0]):
        return None
    others = [each for each in _within(row.parties, today) if each.wallet_id != wallet_id]
    newest = Party(wallet_id, day)
    parties = tuple(sorted((*others, newest), key=_longest_away))[-PARTIES_KEPT:]
    if newest not in parties:
        return None  # 32 others were here later
    return _told(row, parties, (today, at), (newest,), band_of)


def day_begins(row: SubjectRow, at: int, band_of: BandOf) -> Counted:
    """Return what is left of a subject when a day has begun."""
    today = max(row.day, at // DAY_US)
    return _told(row, tuple(_within(row.parties, today)), (today, at), (), band_of)


def leaves_at(day: int) -> int:
    """Return when a wallet that was here on a day last is not counted any more."""
    return (day + WINDOW_DAYS) * DAY_US


def _told(
    row: SubjectRow,
    parties: tuple[Party, ...],
    now: tuple[int, int],
    newest: tuple[Party, ...],
    band_of: BandOf,
) -> Counted:
    today, at = now
    band = band_of(len(parties))
    whom = newest if band else ()
    told = whom if band == row.band else parties
    # Never before the day that is known to have begun, and never twice the same instant.
    as_of = max(row.as_of + 1, at, today * DAY_US) if told else row.as_of
    return Counted(SubjectRow(parties, today, band, as_of), told)


def _within(parties: tuple[Party, ...], today: int) -> list[Party]:
    return [each for each in parties if each.day > today - WINDOW_DAYS]


def _longest_away(party: Party) -> tuple[int, str]:
    return party.day, party.wallet_id
