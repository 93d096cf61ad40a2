"""RI12: the limit counters of a wallet are what comes out when its movements are added up again.

Owns: which counters there are, read from a wallet's rows, and the break that names those that
differ. Who adds up again must not do it as the writer does; both meet in `Counters`.
Never: compares at different places of the log; a wallet is judged at its latest movement, as its
rows are: a window moves on only when somebody tries to pay.

Counted are the windows of 10 minutes, an hour and 24 hours with each attempt in them, the calendar
day, week, month and the 30 days before, what was withdrawn, payees that were new, incoming days and
months, and what was paid since the latest strong authentication. A counter that is too low lets a
wallet pay more than it may; one too high refuses a customer. Either was so for some time, so a
break is a case for a person, and not ended by waiting.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import zip_longest
from typing import Final

from schemas.messages.rows import (
    InflowRow,
    OutflowDaysRow,
    OutflowEntryRow,
    OutflowRow,
    ProfileRow,
    RollingWindow,
)
from schemas.messages.vocabulary import ReconAction, ReconSeverity
from streams.reconciliation.external.exceptions.difference import Difference
from streams.reconciliation.external.exceptions.kinds import Kind
from streams.reconciliation.rounds.check import RoundCheck

CHECK: Final = RoundCheck(Kind.RI12, ReconSeverity.WARNING, ReconAction.CASE)

Counter = int | tuple[int, ...] | tuple[tuple[int, int, int], ...]
Counters = Mapping[str, Counter]  # by name; one that is missing is 0 or empty


def outgoing(row: OutflowRow) -> dict[str, Counter]:
    """Return what a wallet's outflow row counts."""
    windows = (("10m", row.minutes_10), ("1h", row.hour), ("24h", row.day_24h))
    return {
        "attempts": row.next_entry,
        "latest attempt": row.previous_at,
        **{name: value for each in windows for name, value in _window(*each).items()},
        "day out": row.day,
        "day out sum": row.day_sum,
        "day out count": row.day_count,
        "day withdrawn": row.withdrawal_day_sum,
        "week out sum": row.week_sum,
        "month out": row.month,
        "month out sum": row.month_sum,
        "new payees": row.new_payee_times,
    }


def _window(name: str, window: RollingWindow) -> dict[str, Counter]:
    return {
        f"{name} first": window.head,
        f"{name} sum": window.base_sum,
        f"{name} count": window.count,
        f"{name} attempts": window.attempts,
    }


def attempts(entries: Sequence[tuple[int, OutflowEntryRow]]) -> dict[str, Counter]:
    """Return the attempts that are kept, by number."""
    kept = tuple((each.at, each.base_amount, each.count) for _, each in entries)
    return {"kept from": entries[0][0] if entries else 0, "kept attempts": kept}


def days_before(row: OutflowDaysRow) -> dict[str, Counter]:
    """Return what the days before the current one count."""
    return {"30 days counts": without_end(row.counts), "30 days sums": without_end(row.sums)}


def incoming(row: InflowRow) -> dict[str, Counter]:
    """Return what a wallet's inflow row counts."""
    return {
        "day in": row.day,
        "day in sum": row.day_sum,
        "day in count": row.day_count,
        "month in": row.month,
        "month in sum": row.month_sum,
        "7 days in counts": without_end(row.past_counts),
        "7 days in sums": without_end(row.past_sums),
    }


def unauthenticated(row: ProfileRow) -> dict[str, Counter]:
    """Return what was paid since the latest strong authentication, one more than it is counted."""
    return {
        "since authentication count": row.unauthenticated_count + 1,
        "since authentication sum": row.unauthenticated_sum,
    }


def without_end(ring: Sequence[int]) -> tuple[int, ...]:
    """Return a ring of days without the zeros at its end: an old day without movement is none."""
    end = len(ring)
    while end and not ring[end - 1]:
        end -= 1
    return tuple(ring[:end])


def failed(
    place: tuple[int, int], wallet_id: str, held: Counters, again: Counters
) -> Difference | None:
    """Return the break of a wallet whose counters differ; `place` is partition and next offset."""
    partition, next_offset = place
    differing = [
        _apart(name, held.get(name) or 0, again.get(name) or 0)
        for name in dict.fromkeys((*again, *held))
        if (held.get(name) or 0) != (again.get(name) or 0)
    ]
    if not differing:
        return None
    return Difference(
        Kind.RI12,
        f"partition {partition}",
        "",
        0,
        f"wallet {wallet_id}",
        f"before offset {next_offset}: {'; '.join(differing)}",
    )


def _apart(name: str, held: Counter, again: Counter) -> str:
    """Say how a counter differs; of a row of them the first that does."""
    if isinstance(held, int) and isinstance(again, int):
        return f"{name} is {held}, adds up to {again}"
    left, right = _row(held), _row(again)
    pairs = enumerate(zip_longest(left, right, fillvalue="nothing"))
    number, (one, other) = next(pair for pair in pairs if pair[1][0] != pair[1][1])
    return f"{name}[{number}] is {one}, adds up to {other}"


def _row(counter: Counter) -> tuple[object, ...]:
    return () if isinstance(counter, int) else counter
