"""The order of the Cassandra sink's writes, against a session that fails where it is told to."""

import pytest
from cassandra import OperationTimedOut
from cassandra.query import BatchStatement

from ledger.history import history_of
from sinks.batch import Batch, Position
from sinks.cassandra.encoding import history_values
from sinks.cassandra.sink import CassandraSink
from sinks.errors import StoreAway
from tests.unit.sinks.cassandra_driver import HISTORY_COLUMNS, MONTH_COLUMNS, prepared
from tests.unit.sinks.sample_log import SampleLog

ROWS, REQUESTS = 18, 2
MONTH = 2  # values


class AboutPosition:
    """A statement about the position."""

    def __init__(self, text):
        self.text = text


class Future:
    """Answers at once, well or badly; the driver looks at the rest when it wraps an answer."""

    _col_names = _col_types = None
    has_more_pages = False

    def __init__(self, error):
        self.error = error

    def add_callbacks(self, callback, errback, callback_args=(), errback_args=(), **_):
        if self.error is None:
            callback([], *callback_args)
        else:
            errback(self.error, *errback_args)

    def clear_callbacks(self):
        pass


class Session:
    """Remembers what was written; the n-th request fails."""

    def __init__(self, failing=None):
        self.failing, self.requests, self.rows, self.positions = failing, 0, 0, []
        self.values = []

    def prepare(self, text):
        if "history" in text:
            return prepared(HISTORY_COLUMNS, [0, 1])
        return prepared(MONTH_COLUMNS, [0]) if "wallet_month" in text else AboutPosition(text)

    def execute(self, statement, values):
        if "INSERT" in statement.text:
            self.positions.append(values)
        return self

    def one(self):
        return None

    def execute_async(self, statement, *_, **__):
        self.requests += 1
        if isinstance(statement, BatchStatement):
            values = [each[2] for each in statement._statements_and_parameters]
        else:
            values = [statement.values]
        assert values[0][0] in statement.routing_key, "it goes to a server that has its first row"
        self.rows += len(values)
        self.values += values
        failed = self.requests == self.failing
        return Future(OperationTimedOut("no answer") if failed else None)


@pytest.fixture
def batch():
    log = SampleLog(wallets=9)
    log.seal([log.open() for _ in log.wallets])
    (group,) = log.sealed_groups()
    after = Position(group.next_offset, group.last_sequence, group.chain, "t")
    return Batch(0, group.decisions, None, after)


def test_the_position_follows_the_rows(batch):
    session = Session()
    CassandraSink(session).write(batch)
    assert session.rows == ROWS, "a history row and a month for each wallet"
    assert session.requests == REQUESTS, "small ones travel together"
    assert [values[1] for values in session.positions] == [batch.after.next_offset]


def test_each_row_is_sent_with_its_own_values(batch):
    session = Session()
    CassandraSink(session).write(batch)
    rows = [history_values(row) for each in batch.decisions for row in history_of(each)]
    assert [values for values in session.values if len(values) == len(rows[0])] == rows
    assert [values for values in session.values if len(values) == MONTH] == [
        row[:MONTH] for row in rows
    ]


@pytest.mark.parametrize("failing", range(1, REQUESTS + 1))
def test_no_position_while_any_row_is_missing(batch, failing):
    session = Session(failing)
    sink = CassandraSink(session)
    with pytest.raises(StoreAway, match="no answer"):
        sink.write(batch)
    assert session.positions == []
    before = session.rows
    sink.write(batch)
    assert len(session.positions) == 1
    assert session.rows == before + ROWS, "what failed was sent again, months too"
