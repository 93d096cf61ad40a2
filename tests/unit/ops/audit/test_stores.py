"""Whether a store is level with the log."""

from types import SimpleNamespace

import pytest

from ops.audit import stores
from ops.audit.stores import StoreView
from ops.demo.proof import NAMES
from ops.stack import Endpoints
from sinks.batch import Position


def view(sequences):
    places = {number: Position(9, sequence, b"", "t") for number, sequence in sequences.items()}
    return StoreView((), lambda: places, lambda partitions: {})


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


def test_between_them_the_stores_hold_every_view(monkeypatch):
    for name in ("PostgresReads", "CassandraReads", "RedisReads"):
        monkeypatch.setattr(stores, name, lambda *place: SimpleNamespace(positions=dict))
    ends = Endpoints(
        kafka="h:1", postgres="postgresql://h:3/x", cassandra_port=2, redis="redis://h:4/0"
    )
    found = stores.stores_of(ends)
    assert list(found) == ["PostgreSQL", "Cassandra", "Redis"]
    assert {name for store in found.values() for name in store.views} == set(NAMES)
