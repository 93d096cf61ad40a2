"""RI12: a counter that does not add up again is named, whichever it is, and so is its wallet."""

from functools import cache

import pytest

from ops.recon.rounds.limits import WALLETS_MAX
from schemas.codec import decode, encode
from schemas.messages.rows import (
    InflowRow,
    OutflowDaysRow,
    OutflowEntryRow,
    OutflowRow,
    ProfileRow,
)
from streams.reconciliation.external.exceptions.kinds import Kind
from streams.wallet.tables import INFLOWS, OUTFLOW_DAYS, OUTFLOW_ENTRIES, OUTFLOWS, PROFILES
from tests.support.rounds import counters_of, held_by
from tests.support.traffic import PARTITIONS, Traffic


@cache
def writer():
    return Traffic().run(3, 120).writers[0]


def rows_in(spec, kind):
    """Rows of a table as (key, message), in order."""
    found = sorted((key, row) for key, row in writer().rows.items() if key[:1] == spec.prefix)
    return [(key, decode(kind, row)) for key, row in found]


def planted(key, row):
    found = counters_of(writer(), PARTITIONS, held_by(writer(), [(key, row)]))
    assert not found.equal
    return found.differing


def changed(row, **fields):
    return type(row)(*[fields.get(name, getattr(row, name)) for name in row.__match_args__])


def with_more(window):
    return changed(window, count=window.count + 1)


OUT = {
    "day out sum": lambda row: changed(row, day_sum=row.day_sum - 1),
    "week out sum": lambda row: changed(row, week_sum=row.week_sum + 1),
    "month out sum": lambda row: changed(row, month_sum=0 if row.month_sum else 1),
    "month out": lambda row: changed(row, month=row.month + 1),
    "day out count": lambda row: changed(row, day_count=row.day_count + 1),
    "day withdrawn": lambda row: changed(row, withdrawal_day_sum=row.withdrawal_day_sum + 1),
    "1h count": lambda row: changed(row, hour=with_more(row.hour)),
    "24h count": lambda row: changed(row, day_24h=with_more(row.day_24h)),
    "10m count": lambda row: changed(row, minutes_10=with_more(row.minutes_10)),
    "attempts": lambda row: changed(row, next_entry=row.next_entry + 1),
    "new payees[0]": lambda row: changed(row, new_payee_times=()),
    "latest attempt": lambda row: changed(row, previous_at=row.previous_at + 1),
}
IN = {
    "day in sum": lambda row: changed(row, day_sum=row.day_sum + 1),
    "day in count": lambda row: changed(row, day_count=row.day_count + 1),
    "month in sum": lambda row: changed(row, month_sum=row.month_sum - 1),
    "7 days in sums": lambda row: changed(row, past_sums=(*row.past_sums, 0, 5)),
}


@pytest.mark.parametrize("name", OUT)
def test_an_outgoing_counter_that_does_not_add_up_is_named(name):
    rows = rows_in(OUTFLOWS, OutflowRow)
    key, row = next((key, row) for key, row in rows if row.new_payee_times and row.day_sum)
    (found,) = planted(key, encode(OUT[name](row)))
    assert (found.kind, found.subject) == (Kind.RI12, f"wallet {key[1:].decode()}")
    assert f"{name} is " in found.detail


@pytest.mark.parametrize("name", IN)
def test_an_incoming_counter_that_does_not_add_up_is_named(name):
    key, row = next((key, row) for key, row in rows_in(INFLOWS, InflowRow) if row.day_sum)
    (found,) = planted(key, encode(IN[name](row)))
    assert found.subject == f"wallet {key[1:].decode()}"
    assert name in found.detail


def test_attempts_that_are_kept_are_compared_one_by_one():
    key, row = rows_in(OUTFLOW_ENTRIES, OutflowEntryRow)[-1]
    (found,) = planted(key, encode(changed(row, base_amount=row.base_amount + 1)))
    assert "kept attempts[" in found.detail
    (gone,) = planted(key, None)
    assert "is nothing, adds up to" in gone.detail


def test_the_days_before_are_compared_and_a_day_without_movement_is_none():
    key, row = rows_in(OUTFLOW_DAYS, OutflowDaysRow)[0]
    (found,) = planted(key, encode(changed(row, counts=(*row.counts, *(0,) * 3, 2))))
    assert f"30 days counts[{len(row.counts)}] is 0, adds up to nothing" in found.detail
    quiet = held_by(writer(), [(key, encode(changed(row, counts=(*row.counts, 0))))])
    assert counters_of(writer(), PARTITIONS, quiet).equal


def test_payments_since_the_latest_authentication_are_compared():
    key, row = rows_in(PROFILES, ProfileRow)[0]
    (found,) = planted(key, encode(changed(row, unauthenticated_count=7)))
    assert "since authentication count is 8, adds up to 0" in found.detail


def test_a_wallet_that_the_log_does_not_know_is_a_break_and_one_that_lost_its_row_too():
    key, row = rows_in(OUTFLOWS, OutflowRow)[0]
    (found,) = planted(OUTFLOWS.prefix + b"mallory", encode(row))
    assert found.subject == "wallet mallory"
    (lost,) = planted(key, None)
    assert "attempts is 0, adds up to" in lost.detail


def test_more_wallets_than_a_person_can_read_are_counted():
    row = writer().rows[rows_in(INFLOWS, InflowRow)[0][0]]
    forged = [(INFLOWS.prefix + b"m%03d" % each, row) for each in range(WALLETS_MAX + 3)]
    found = counters_of(writer(), PARTITIONS, held_by(writer(), forged))
    assert len(found.differing) == WALLETS_MAX + 3
    assert len(found.differences) == WALLETS_MAX
    assert list(found.lines())[-1] == "and 3 wallets more, told of in another round"


def test_a_log_that_the_auditor_cannot_follow_is_no_round():
    other = Traffic().run(9, 40).writers[1]
    mixed = held_by(writer())
    found = counters_of(other, 1, mixed)
    assert not found.equal or found.otherwise, "another partitioning is another ledger"
