"""Whether a store is level with the log, also while it is away."""

from types import SimpleNamespace

import pytest

from ops.audit import stores
from ops.stack import Endpoints
from ops.stack.workers import SINKS
from sinks.batch import Position
from sinks.errors import StoreAway

ENDS = Endpoints(
    kafka="h:1", postgres="postgresql://h:3/x", cassandra_port=2, redis="redis://h:4/0"
)
READS = ("PostgresReads", "CassandraReads", "RedisReads")


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
def test_a_store_is_level_when_it_applied_every_sequence(monkeypatch, found, level):
    monkeypatch.setattr(stores, "sequences_of", lambda store, ends: found)
    assert stores.is_level("redis", ENDS, {0: 5, 1: 7}) is level


def test_each_store_is_asked_by_its_own_reads(monkeypatch):
    for number, name in enumerate(READS):
        place = {3: Position(9, number, b"", "t")}
        reads = SimpleNamespace(positions=lambda place=place: place, close=lambda: None)
        monkeypatch.setattr(stores, name, lambda *where, reads=reads: reads)
    assert {store: stores.sequences_of(store, ENDS) for store in SINKS} == {
        "postgres": {3: 0},
        "cassandra": {3: 1},
        "redis": {3: 2},
    }


def test_a_store_that_is_away_has_nothing(monkeypatch):
    def away():
        raise StoreAway("gone")

    gone = SimpleNamespace(positions=away, close=lambda: None)
    monkeypatch.setattr(stores, "RedisReads", lambda *where: gone)
    assert stores.sequences_of("redis", ENDS) == {}
