"""What travels to Cassandra together, and as which bytes."""

import pytest

from ledger.history import group_by_key, history_of
from sinks.cassandra.encoding import history_values, month_values
from sinks.cassandra.requests import (
    BYTES_PER_REQUEST,
    HISTORY,
    KEYS_PER_REQUEST,
    MONTH,
    ROWS_PER_REQUEST,
    requests_of,
)
from tests.unit.sinks.cassandra_driver import HISTORY_COLUMNS, MONTH_COLUMNS, prepared
from tests.unit.sinks.sample_log import SampleLog


@pytest.fixture(scope="module")
def log():
    return SampleLog(partition=3, seed=11, wallets=300).day(900)


def key_of(put):
    kind, values = put
    return kind, *values[: 2 if kind == HISTORY else 1]


def test_values_are_the_bytes_the_driver_would_bind(log):
    put = prepared(HISTORY_COLUMNS, [0, 1])
    rows = [row for decision in log.decisions for row in history_of(decision)]
    for row in rows:
        assert history_values(row) == put.bind((*row, row[2])).values
    assert any(len(row[13]) > 1 for row in rows), "several lines in one row"
    assert any(not row[13] for row in rows), "and none in another"


@pytest.mark.parametrize("wallet", ["", "w", "\u20ac-\U0001f600", "x" * 300])
def test_any_text_and_the_ends_of_numbers(wallet):
    ends = (2**63 - 1, 2**31 - 1, -(2**63))
    lines = [("W.AVL", "EUR", -(2**63)), (wallet, "", 2**63 - 1)]
    row = (wallet, 999_912, *ends, *[wallet] * 8, lines, [])
    put = prepared(HISTORY_COLUMNS, [0, 1])
    assert history_values(row) == put.bind((*row, row[2])).values
    assert (
        month_values((wallet, 202611)) == prepared(MONTH_COLUMNS, [0]).bind((wallet, 202611)).values
    )


def test_every_row_and_month_travels_once(log):
    grouped = group_by_key(log.decisions)
    puts = [put for request in requests_of(grouped, list(grouped)) for put in request]
    rows = [row for rows in grouped.values() for row in rows]
    wanted = [(HISTORY, history_values(row)) for row in rows]
    wanted += [(MONTH, month_values(key)) for key in grouped]
    assert puts == wanted


def test_requests_stay_within_what_cassandra_takes_without_a_warning(log):
    grouped = group_by_key(log.decisions)
    requests = requests_of(grouped, list(grouped))
    assert len(requests) < len(grouped), "and several keys share one"
    for request in requests:
        keys = {key_of(put) for put in request}
        size = sum(len(value) for _, values in request for value in values)
        assert len(keys) <= KEYS_PER_REQUEST
        assert len(keys) == 1 or size <= BYTES_PER_REQUEST


def test_many_rows_of_one_key_are_cut():
    sample = SampleLog(wallets=1)
    sample.opened = list(sample.wallets)
    decisions = [sample.refuse() for _ in range(2 * ROWS_PER_REQUEST + 1)]
    requests = requests_of(group_by_key(decisions), [])
    assert [len(request) for request in requests] == [ROWS_PER_REQUEST, ROWS_PER_REQUEST, 1]
