"""Limit rows of outgoing money: the log of attempts, its windows, calendar sums, days, payees.

Owns: outflow rows, entries and days, payee rows, and what a movement adds to the profile.
Never: decides a limit. A give-back never takes a sum below zero, and has no effect on a window or a
period that its entry already left.
"""

from __future__ import annotations

from typing import final

from ledger import profile
from ledger.calendar import week_of
from ledger.days import NO_DAYS, days_before, days_without, with_largest
from ledger.errors import present
from ledger.evolving import wallets
from ledger.profile import NO_PROFILE, PAYEE_AMOUNTS_KEPT
from ledger.view import PartitionView
from ledger.windows import (
    DAY_US,
    NEW_PAYEES_KEPT,
    NO_OUTFLOW,
    Trailing,
    trailing,
    with_attempt,
    without,
)
from schemas.messages.events import (
    AttemptCounted,
    OutflowConsumed,
    OutflowGivenBack,
)
from schemas.messages.rows import OutflowEntryRow, OutflowRow, PayeeRow
from schemas.messages.vocabulary import OutflowFamily


@final
class Sums:
    """The calendar sums of an outflow row, about to be changed."""

    __slots__ = (
        "day",
        "day_count",
        "day_sum",
        "month",
        "month_sum",
        "week_sum",
        "withdrawal_day_sum",
    )

    def __init__(self, row: OutflowRow) -> None:
        self.day = row.day
        self.day_sum = row.day_sum
        self.day_count = row.day_count
        self.withdrawal_day_sum = row.withdrawal_day_sum
        self.week_sum = row.week_sum
        self.month = row.month
        self.month_sum = row.month_sum

    def move_to(self, day: int, month: int) -> None:
        """Begin again what has begun with that day."""
        if day != self.day:
            self.day_sum = self.day_count = self.withdrawal_day_sum = 0
        if week_of(day) != week_of(self.day):
            self.week_sum = 0
        if month != self.month:
            self.month_sum = 0
        self.day = day
        self.month = month

    def take(self, amount: int, family: OutflowFamily) -> None:
        """Count a movement of the current day."""
        self.day_sum += amount
        self.day_count += 1
        self.week_sum += amount
        self.month_sum += amount
        if family is OutflowFamily.WITHDRAWAL:
            self.withdrawal_day_sum += amount

    def give_back(self, event: OutflowGivenBack) -> None:
        """Take a part out of the periods that it went into, where they are still the current."""
        amount = event.base_amount
        if event.day == self.day:
            self.day_sum = max(0, self.day_sum - amount)
            self.day_count = max(0, self.day_count - (1 if event.whole else 0))
            if event.family is OutflowFamily.WITHDRAWAL:
                self.withdrawal_day_sum = max(0, self.withdrawal_day_sum - amount)
        if week_of(event.day) == week_of(self.day):
            self.week_sum = max(0, self.week_sum - amount)
        if event.month == self.month:
            self.month_sum = max(0, self.month_sum - amount)


def consumed(view: PartitionView, event: OutflowConsumed, at: int) -> None:
    """An outgoing movement enters the log, its sums and perhaps the list of payees."""
    wallet_id = event.wallet_id
    known = view.outflows.get(wallet_id)
    # Whoever never paid has no days either: a row that is nowhere is the dearest to look for.
    days = NO_DAYS if known is None else view.outflow_days.get(wallet_id) or NO_DAYS
    row = known or NO_OUTFLOW
    times = row.new_payee_times
    if event.new_payee:
        times = (*recent(times, at), at)[-NEW_PAYEES_KEPT:]
        wallets.counted(view, wallet_id, payees=1)
    _know(view, event, at)
    changed = with_largest(days_before(event.day, row, days), event.day, event.base_amount)
    if changed is not days:
        view.outflow_days.put(wallet_id, changed)
    view.profiles.put(
        wallet_id, profile.paid(view.profiles.get(wallet_id) or NO_PROFILE, event, at)
    )
    sums = Sums(row)
    sums.move_to(event.day, event.month)
    sums.take(event.base_amount, event.family)
    _append(view, wallet_id, row, OutflowEntryRow(at, event.base_amount, 1), sums, times)


def attempted(view: PartitionView, event: AttemptCounted, at: int) -> None:
    """A refused attempt enters the log with nothing consumed."""
    row = view.outflows.get(event.wallet_id) or NO_OUTFLOW
    entry = OutflowEntryRow(at, 0, 0)
    _append(view, event.wallet_id, row, entry, Sums(row), row.new_payee_times)


def given_back(view: PartitionView, event: OutflowGivenBack) -> None:
    """Part or all of a movement leaves the sums it once entered."""
    wallet_id = event.wallet_id
    row = present(view.outflows.get(wallet_id), "outflow row")
    windows = Trailing(row.minutes_10, row.hour, row.day_24h)
    key = (wallet_id, event.entry)
    entry = view.outflow_entries.get(key)
    if entry is not None:
        amount = min(event.base_amount, entry.base_amount)
        count = entry.count if event.whole else 0
        view.outflow_entries.put(
            key, OutflowEntryRow(entry.at, entry.base_amount - amount, entry.count - count)
        )
        windows = Trailing(
            without(windows.minutes_10, event.entry, amount, count),
            without(windows.hour, event.entry, amount, count),
            without(windows.day_24h, event.entry, amount, count),
        )
    if event.day < row.day:
        days = view.outflow_days.get(wallet_id) or NO_DAYS
        less = days_without(days, row.day - event.day, event.base_amount, 1 if event.whole else 0)
        if less is not None:
            view.outflow_days.put(wallet_id, less)
    sums = Sums(row)
    sums.give_back(event)
    _put(view, wallet_id, (row.next_entry, row.previous_at), windows, sums, row.new_payee_times)


def recent(times: tuple[int, ...], at: int) -> tuple[int, ...]:
    """Return the instants of the last 24 hours."""
    if not times or times[0] > at - DAY_US:
        return times
    return tuple(each for each in times if each > at - DAY_US)


def _know(view: PartitionView, event: OutflowConsumed, at: int) -> None:
    """The payee is known from now on, and what it was paid."""
    key = (event.wallet_id, event.payee)
    # Of a new payee there is no row: what is nowhere is not looked for.
    row = (None if event.new_payee else view.payees.get(key)) or PayeeRow(at)
    amounts = (*row.amounts, event.base_amount)[-PAYEE_AMOUNTS_KEPT:]
    view.payees.put(key, PayeeRow(row.first_paid_at, amounts))


def _append(  # noqa: PLR0913 - the parts of one row
    view: PartitionView,
    wallet_id: str,
    row: OutflowRow,
    entry: OutflowEntryRow,
    sums: Sums,
    new_payee_times: tuple[int, ...],
) -> None:
    """Advance the windows, drop what all of them have left, append the entry."""
    entries = view.outflow_entries
    windows = trailing(entries, wallet_id, row, entry.at)
    for number in range(row.day_24h.head, windows.day_24h.head):
        entries.delete((wallet_id, number))
    entries.put((wallet_id, row.next_entry), entry)
    amount = entry.base_amount
    count = entry.count
    windows = Trailing(
        with_attempt(windows.minutes_10, amount, count),
        with_attempt(windows.hour, amount, count),
        with_attempt(windows.day_24h, amount, count),
    )
    _put(view, wallet_id, (row.next_entry + 1, entry.at), windows, sums, new_payee_times)


def _put(  # noqa: PLR0913 - the parts of one row
    view: PartitionView,
    wallet_id: str,
    ends: tuple[int, int],
    windows: Trailing,
    sums: Sums,
    new_payee_times: tuple[int, ...],
) -> None:
    view.outflows.put(
        wallet_id,
        OutflowRow(
            ends[0],
            ends[1],
            windows.minutes_10,
            windows.hour,
            windows.day_24h,
            sums.day,
            sums.day_sum,
            sums.month,
            sums.month_sum,
            new_payee_times,
            sums.week_sum,
            sums.day_count,
            sums.withdrawal_day_sum,
        ),
    )
