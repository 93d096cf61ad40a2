"""Lag is counted in Decisions, by sequence; inputs at most in records."""

from ops.lag.plan import lag_rows, waiting_rows
from schemas.messages.decisions import InputPosition, Seal
from sinks.batch import Position
from tests.unit.sinks.sample_log import SampleLog, with_seal


def head(sequence=50, offset=7):
    log = SampleLog().day(sequence)
    last = log.groups[-1][-1]
    return with_seal(last, Seal(1, 1, 0, b"", (InputPosition("wallet.commands.v1", offset),)))


def test_lag_is_the_difference_of_sequences():
    decision = head()
    stores = {"redis": {0: Position(999, decision.sequence - 8, b"", "id")}}
    (row,) = lag_rows({0: decision}, stores)
    assert (row["log"], row["applied"], row["lag"]) == (
        decision.sequence,
        decision.sequence - 8,
        8,
    )


def test_a_partition_the_store_never_heard_of_lags_by_everything():
    decision = head()
    rows = list(lag_rows({0: decision, 1: None}, {"postgres": {}}))
    assert [row["lag"] for row in rows] == [decision.sequence, 0]


def test_a_store_ahead_of_the_log_is_told():
    (row,) = lag_rows({0: None}, {"postgres": {0: Position(1, 5, b"", "id")}})
    assert row["lag"] == -5
    assert "ahead of the log" in row["note"]


def test_a_store_that_is_away_has_no_lag():
    (row,) = lag_rows({0: None}, {"cassandra": "away: no host"})
    assert row["lag"] is None
    assert row["note"] == "away: no host"


def test_waiting_inputs_are_bounded_by_offsets():
    rows = list(waiting_rows({0: head(offset=7), 1: None}, {"wallet.commands.v1": {0: 10, 1: 4}}))
    assert [row["waiting at most"] for row in rows] == [3, 4]
