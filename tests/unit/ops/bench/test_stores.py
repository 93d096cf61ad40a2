"""The benches of the sinks, with stores, log and rig played: what is measured, and what ends it."""

from contextlib import contextmanager
from types import SimpleNamespace

import pytest

from ops.bench import sinks, sustained
from ops.bench.core import log_of
from ops.bench.profiles import loads_of
from sinks.batch import Position

DECISIONS = 60


@pytest.fixture(scope="module")
def log():
    return log_of(list(loads_of("mixed", 7, DECISIONS, 10, 2)), 2)


class FakeWriter:
    """A store without a sink that takes whatever it is given."""

    def __init__(self, place):
        self.calls = [place]
        self.rows = []

    def wipe(self):
        self.calls.append("wipe")

    def made(self, partition, decisions):
        return [(partition, each.sequence) for each in decisions]

    def write(self, partition, batches):
        self.rows += [row for batch in batches for row in batch]
        return sum(map(len, batches))

    def close(self):
        self.calls.append("close")


class FakeRunner:
    """Has written everything after its run, or is halted."""

    name = "postgres"

    def __init__(self, written, halted):
        self.lanes = {}
        self.halted = halted
        self._written = written

    def run(self):
        self.lanes = {n: SimpleNamespace(written=each) for n, each in enumerate(self._written)}


@pytest.fixture
def store(monkeypatch, log):
    writer = FakeWriter("pg://x")
    closed = []
    monkeypatch.setitem(sinks.plain_stores.WRITERS, "postgres", lambda place: writer)
    monkeypatch.setattr(sinks, "collect_seldom", lambda: None)
    monkeypatch.setattr(
        sinks, "open_sink", lambda *_: SimpleNamespace(close=lambda: closed.append(1))
    )
    stack = SimpleNamespace(endpoints=SimpleNamespace(kafka="h:1", postgres="pg://x"))

    def measured(halted):
        runner = FakeRunner(list(map(len, log)), halted)
        monkeypatch.setattr(sinks, "feeding", lambda *_: runner)
        return sinks.measure(stack, "postgres", log)

    return SimpleNamespace(measured=measured, writer=writer, closed=closed)


def test_the_plain_writes_are_of_every_row_of_the_log(store, log):
    figures = store.measured({})
    assert store.writer.calls == ["pg://x", "wipe", "wipe", "wipe", "close"], "warmed up before"
    rows = [
        (partition, number + 1) for partition, records in enumerate(log) for number in
        range(len(records))
    ]  # fmt: skip
    assert sorted(store.writer.rows) == sorted([*rows, *rows])
    assert figures["rows_per_decision"] == 1.0
    assert figures["ratio"] == pytest.approx(
        figures["decisions_per_s"] / figures["plain_per_s"], rel=0.01, abs=0.01
    )
    assert store.closed == [1]


def test_a_halted_sink_has_no_figure(store):
    with pytest.raises(RuntimeError, match="halted"):
        store.measured({1: "bug"})
    assert store.closed == [1]


def test_a_log_is_put_on_its_own_partitions_with_its_chain(monkeypatch, log):
    sent = []
    producer = SimpleNamespace(
        produce=lambda topic, value, key, partition, headers: sent.append(
            (partition, value, dict(headers)["chain"])
        ),
        flush=lambda: None,
    )
    monkeypatch.setattr(sinks, "producer_of", lambda *_: producer)
    sinks.publish("h:1", log)
    assert sent == [
        (partition, each.value, dict(each.headers)["chain"])
        for partition, records in enumerate(log)
        for each in records
    ]


class FakeConsumer:
    def close(self):
        pass


@pytest.fixture
def watched(monkeypatch):
    """A log of 100 and 50 records, and stores that stand somewhere in it."""
    monkeypatch.setattr(sustained, "Consumer", lambda settings: FakeConsumer())
    monkeypatch.setattr(sustained, "ends_of", lambda *_: {0: 100, 1: 50})
    places = {"postgres": {0: 100, 1: 50}, "redis": {0: 70}, "cassandra": {0: 40, 1: 50}}
    return {
        name: SimpleNamespace(
            position=lambda number, at=at: Position(at[number], 0, b"", "t") if number in at else
            None, close=lambda: None,
        )
        for name, at in places.items()
    }  # fmt: skip


def test_lag_is_what_a_store_has_not_taken(watched):
    watch = sustained.Watch("h:1", watched)
    assert watch.lags() == {"postgres": 0, "redis": 80, "cassandra": 60}


def test_a_sustained_run_ends_when_every_store_is_level(watched, monkeypatch):
    stopped, asked = [], []

    @contextmanager
    def started(stack, names):
        yield

    def start_sink(stack, store):
        return SimpleNamespace(stop=lambda: stopped.append(store))

    def wait_for(what, condition, deadline_s):
        asked.append(condition())
        return 0.5

    heads = {0: SimpleNamespace(sequence=0), 1: SimpleNamespace(sequence=0)}
    monkeypatch.setattr(sustained, "started", started)
    monkeypatch.setattr(sustained, "start_sink", start_sink)
    monkeypatch.setattr(sustained, "open_sink", lambda store, place: watched[store])
    monkeypatch.setattr(sustained, "producer_of", lambda *_: None)
    monkeypatch.setattr(sustained, "drip", lambda *_: None)
    monkeypatch.setattr(sustained, "wait_for", wait_for)
    monkeypatch.setattr(sustained, "last_sealed", lambda kafka: heads)
    ends = SimpleNamespace(kafka="h:1", postgres="p", cassandra="c", redis="r")
    figures = sustained.measure(SimpleNamespace(endpoints=ends), [1, 2, 3], 10)
    assert sorted(stopped) == ["cassandra", "postgres", "redis"]
    assert asked == [True]
    assert figures["level_after_s"] == 0.5
    heads[1] = SimpleNamespace(sequence=4)
    sustained.measure(SimpleNamespace(endpoints=ends), [], 10)
    assert asked == [True, False]
