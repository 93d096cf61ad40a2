"""Limit rows: the log of outgoing attempts, its windows and calendar sums, incoming sums, payees.

Owns: outflow rows and entries, inflow rows, payee rows.
Never: decides a limit. A give-back never takes a sum below zero, and has no effect on a window or a
period that its entry already left.
"""

from __future__ import annotations

from typing import Final

from ledger.errors import present
from ledger.evolving import wallets
from ledger.view import PartitionView
from ledger.windows import DAY_US, NO_OUTFLOW, trailing, with_attempt, without
from schemas.messages.events import (
    AttemptCounted,
    InflowConsumed,
    InflowGivenBack,
    OutflowConsumed,
    OutflowGivenBack,
)
from schemas.messages.rows import InflowRow, OutflowEntryRow, OutflowRow, PayeeRow

# Enough for every band a rule can sensibly have; beyond it the oldest is forgotten.
NEW_PAYEES_KEPT: Final = 64


def consumed(view: PartitionView, event: OutflowConsumed, at: int) -> None:
    """An outgoing movement enters the log, its sums and perhaps the list of payees."""
    wallet_id = event.wallet_id
    row = view.outflows.get(wallet_id) or NO_OUTFLOW
    times = row.new_payee_times
    if event.new_payee:
        times = (*recent(times, at), at)[-NEW_PAYEES_KEPT:]
        view.payees.put((wallet_id, event.payee), PayeeRow(at))
        wallets.counted(view, wallet_id, payees=1)
    day_sum = row.day_sum if row.day == event.day else 0
    month_sum = row.month_sum if row.month == event.month else 0
    amount = event.base_amount
    calendar = (event.day, day_sum + amount, event.month, month_sum + amount)
    _append(view, wallet_id, row, OutflowEntryRow(at, amount, 1), calendar, times)


def attempted(view: PartitionView, event: AttemptCounted, at: int) -> None:
    """A refused attempt enters the log with nothing consumed."""
    row = view.outflows.get(event.wallet_id) or NO_OUTFLOW
    calendar = (row.day, row.day_sum, row.month, row.month_sum)
    entry = OutflowEntryRow(at, 0, 0)
    _append(view, event.wallet_id, row, entry, calendar, row.new_payee_times)


def given_back(view: PartitionView, event: OutflowGivenBack) -> None:
    """Part or all of a movement leaves the sums it once entered."""
    wallet_id = event.wallet_id
    row = present(view.outflows.get(wallet_id), "outflow row")
    key = (wallet_id, event.entry)
    entry = view.outflow_entries.get(key)
    minutes_10, hour, day_24h = row.minutes_10, row.hour, row.day_24h
    if entry is not None:
        amount = min(event.base_amount, entry.base_amount)
        count = entry.count if event.whole else 0
        view.outflow_entries.put(
            key, OutflowEntryRow(entry.at, entry.base_amount - amount, entry.count - count)
        )
        minutes_10 = without(minutes_10, event.entry, amount, count)
        hour = without(hour, event.entry, amount, count)
        day_24h = without(day_24h, event.entry, amount, count)
    back_day = event.base_amount if row.day == event.day else 0
    back_month = event.base_amount if row.month == event.month else 0
    view.outflows.put(
        wallet_id,
        OutflowRow(
            row.next_entry,
            row.previous_at,
            minutes_10,
            hour,
            day_24h,
            row.day,
            max(0, row.day_sum - back_day),
            row.month,
            max(0, row.month_sum - back_month),
            row.new_payee_times,
        ),
    )


def received(view: PartitionView, event: InflowConsumed) -> None:
    """An incoming movement enters the calendar sums."""
    row = view.inflows.get(event.wallet_id)
    day_sum = row.day_sum if row is not None and row.day == event.day else 0
    month_sum = row.month_sum if row is not None and row.month == event.month else 0
    amount = event.base_amount
    view.inflows.put(
        event.wallet_id,
        InflowRow(event.day, day_sum + amount, event.month, month_sum + amount),
    )


def inflow_given_back(view: PartitionView, event: InflowGivenBack) -> None:
    """An incoming movement, or part of it, leaves the calendar sums it once entered."""
    row = present(view.inflows.get(event.wallet_id), "inflow row")
    back_day = event.base_amount if row.day == event.day else 0
    back_month = event.base_amount if row.month == event.month else 0
    view.inflows.put(
        event.wallet_id,
        InflowRow(
            row.day,
            max(0, row.day_sum - back_day),
            row.month,
            max(0, row.month_sum - back_month),
        ),
    )


def recent(times: tuple[int, ...], at: int) -> tuple[int, ...]:
    """Return the instants of the last 24 hours."""
    if not times or times[0] > at - DAY_US:
        return times
    return tuple(each for each in times if each > at - DAY_US)


def _append(  # noqa: PLR0913 - the parts of one row
    view: PartitionView,
    wallet_id: str,
    row: OutflowRow,
    entry: OutflowEntryRow,
    calendar: tuple[int, int, int, int],
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
    day, day_sum, month, month_sum = calendar
    view.outflows.put(
        wallet_id,
        OutflowRow(
            row.next_entry + 1,
            entry.at,
            with_attempt(windows.minutes_10, amount, count),
            with_attempt(windows.hour, amount, count),
            with_attempt(windows.day_24h, amount, count),
            day,
            day_sum,
            month,
            month_sum,
            new_payee_times,
        ),
    )
