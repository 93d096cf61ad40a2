"""Rolling windows and calendar sums equal a count over the whole history, at every instant."""

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from ledger.calendar import Calendar, month_of
from ledger.days import NO_DAYS, days_before
from ledger.evolving import spending, wallets
from ledger.view import memory_view
from ledger.windows import DAY_US, HOUR_US, MINUTES_10_US, NO_OUTFLOW, trailing
from schemas.messages.events import (
    AttemptCounted,
    OutflowConsumed,
    OutflowGivenBack,
    WalletOpened,
)
from schemas.messages.vocabulary import Tier, WalletKind, WalletStatus
from tests.support.builders import NOON, policy

EPOCH = date(1970, 1, 1)
CALENDAR = Calendar(policy().zone)
# Pauses that meet the edges of the windows exactly, and miss them by one.
EDGES = (MINUTES_10_US, HOUR_US, DAY_US)
# Days enough to leave a week and the ring of days.
LONG = (2 * DAY_US, 8 * DAY_US, 31 * DAY_US)
PAUSES = (
    *(0, 1, 60_000_000, *EDGES, *LONG),
    *(edge - 1 for edge in EDGES),
    *(edge + 1 for edge in EDGES),
)

pauses = st.sampled_from(PAUSES)
steps = st.lists(
    st.one_of(
        st.tuples(st.just("consume"), pauses, st.integers(1, 100)),
        st.tuples(st.just("attempt"), pauses),
        st.tuples(st.just("give back"), pauses, st.integers(0, 10), st.integers(0, 120)),
    ),
    max_size=40,
)


class History:
    """Every attempt since the beginning: [at, base amount, count, period]."""

    def __init__(self):
        self.entries = []

    def totals(self, at, window):
        inside = [each for each in self.entries if at - window < each[0] <= at]
        amounts = sum(each[1] for each in inside)
        return amounts, sum(each[2] for each in inside), len(inside)

    def day_sum(self, day):
        return sum(amount for _, amount, _, each in self.entries if each == day)

    def week_sum(self, monday):
        week = range(monday, monday + 7)
        return sum(amount for _, amount, _, each in self.entries if each in week)

    def count_of(self, days):
        return sum(count for _, _, count, each in self.entries if each in days)

    def sums_of(self, days):
        return [self.day_sum(each) for each in days]


@given(steps)
def test_windows_equal_brute_force(steps):
    view = opened()
    history = History()
    at = NOON
    for kind, pause, *values in steps:
        at += pause
        if kind == "consume":
            consume(view, history, at, *values)
        elif kind == "attempt":
            spending.attempted(view, AttemptCounted("alice", len(history.entries)), at)
            history.entries.append([at, 0, 0, None])
        elif history.entries:
            give_back(view, history, *values)
        compare(view, history, at)
        compare(view, history, at + DAY_US)


def opened():
    view = memory_view()
    event = WalletOpened("alice", WalletKind.CUSTOMER, Tier.BASIC, WalletStatus.ACTIVE, ("EUR",))
    wallets.opened(view, event, NOON)
    return view


def consume(view, history, at, amount):
    day = CALENDAR.day(at)
    number = len(history.entries)
    event = OutflowConsumed("alice", number, amount, day, month_of(day), "bob", False)
    spending.consumed(view, event, at)
    history.entries.append([at, amount, 1, day])


def give_back(view, history, back, amount):
    """Give back part of a recent entry; all that is left of it also gives its count back."""
    number = max(0, len(history.entries) - 1 - back)
    entry = history.entries[number]
    amount = min(amount, entry[1])
    day = entry[3] or 0
    whole = amount == entry[1] and entry[2] > 0  # a movement ends once
    event = OutflowGivenBack("alice", number, amount, day, month_of(day), whole)
    spending.given_back(view, event)
    entry[1] -= amount
    if whole:
        entry[2] = 0


def compare(view, history, at):
    row = view.outflows.get("alice") or NO_OUTFLOW
    windows = trailing(view.outflow_entries, "alice", row, at)
    for window, length in (
        (windows.minutes_10, MINUTES_10_US),
        (windows.hour, HOUR_US),
        (windows.day_24h, DAY_US),
    ):
        assert (window.base_sum, window.count, window.attempts) == history.totals(at, length)
    assert row.day_sum == history.day_sum(row.day)
    assert row.day_count == history.count_of((row.day,))
    weekday = (EPOCH + timedelta(days=row.day)).weekday()
    assert row.week_sum == history.week_sum(row.day - weekday)
    today = CALENDAR.day(at)
    days = days_before(today, row, view.outflow_days.get("alice") or NO_DAYS)
    before = [today - ago for ago in range(1, 31)]
    kept = len(days.counts)
    assert list(days.counts) == [history.count_of((each,)) for each in before[:kept]]
    assert list(days.sums) == history.sums_of(before[:kept])
    assert history.count_of(before[kept:]) == 0
    if row.day == today:
        inside = (today, *before)
        assert sum(days.counts) + row.day_count == history.count_of(inside)
        exact = history.totals(at, 30 * DAY_US)[1]
        assert exact <= history.count_of(inside)
