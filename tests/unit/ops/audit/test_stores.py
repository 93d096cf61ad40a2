"""Whether a store is level with the log."""

from types import SimpleNamespace

import pytest

from ops.audit import stores
from ops.audit.stores import StoreView
from ops.demo.proof import NAMES
from ops.stack import Endpoints
from sinks.batch import Position
from sinks.errors import StoreAway


def view(sequences):
    return StoreView((), lambda: sequences, lambda partitions: {})


@pytest.mark.parametrize(
    ("found", "level"),
    [
        ({0: 5, 1: 7}, True),
        ({0: 6, 1: 7, 2: 1}, True),
        ({0: 4, 1: 7}, False),
        ({0: 5}, False),
        ({}, False),
    ],
)
def test_a_store_is_level_when_it_applied_every_sequence(found, level):
    assert view(found).level({0: 5, 1: 7}) is level


ENDS = Endpoints(
    kafka="h:1", postgres="postgresql://h:3/x", cassandra_port=2, redis="redis://h:4/0"
)


def test_between_them_the_stores_hold_every_view():
    found = stores.stores_of(ENDS)
    assert list(found) == ["PostgreSQL", "Cassandra", "Redis"]
    assert {name for store in found.values() for name in store.views} == set(NAMES)


def test_each_store_is_asked_by_its_own_reads_and_one_that_is_away_has_nothing(monkeypatch):
    def away():
        raise StoreAway("gone")

    place = {3: Position(9, 7, b"", "t")}
    for name in ("PostgresReads", "CassandraReads", "RedisReads"):
        reads = SimpleNamespace(positions=lambda: place, close=lambda: None)
        monkeypatch.setattr(stores, name, lambda *where, reads=reads: reads)
    assert [each.sequences() for each in stores.stores_of(ENDS).values()] == [{3: 7}] * 3
    gone = SimpleNamespace(positions=away, close=lambda: None)
    monkeypatch.setattr(stores, "RedisReads", lambda *where: gone)
    assert stores.sequences_of("redis", ENDS) == {}
