"""The runner over a log in memory: halts, pauses, rewinds, outages of the broker."""

import threading
import time
from collections import defaultdict

import pytest

from schemas.codec import decode
from schemas.messages.decisions import Decision
from sinks import lane as lane_module
from sinks import runner as runner_module
from sinks.batch import Position
from sinks.digests import LogDigests, differences
from sinks.errors import BrokerAway, SettingsError, StoreAway
from sinks.lane import Lane, Limits
from sinks.memory.digest import digest
from sinks.memory.sink import MemorySink, MemoryStore
from sinks.runner import Runner
from tests.unit.sinks.sample_log import SampleLog

QUICK = Limits(batch_decisions=40, linger_s=0.005, queue_bytes=20_000)
DEADLINE_S = 20
PER_POLL = 25


@pytest.fixture(autouse=True)
def no_long_waits(monkeypatch):
    monkeypatch.setattr(lane_module, "wait_s", lambda *_: 0.001)
    monkeypatch.setattr(runner_module, "wait_s", lambda *_: 0.001)
    monkeypatch.setattr(runner_module, "REPORT_EVERY_POLLS", 3)


@pytest.fixture
def logs():
    return [SampleLog(number, seed=9).day(200, group=8, void_every=5) for number in range(3)]


class FakeSource:
    """A log in memory; says what was asked of it."""

    def __init__(self, logs):
        self.records = {number: list(log.records) for number, log in enumerate(logs)}
        self.next = {}
        self.paused = set()
        self.lost = {}
        self.said = ""
        self.away = 0
        self.refused_seeks = 0
        self.calls = defaultdict(list)
        self.closed = False

    def describe(self):
        if self.away:
            self.away -= 1
            raise BrokerAway("127.0.0.1:1 does not answer")
        return len(self.records), "t"

    def assign(self, offsets):
        self.next = dict(offsets)

    def poll(self, timeout_s):
        found = {}
        for number, at in self.next.items():
            if number not in self.paused:
                some = [record for record in self.records[number] if record[0] >= at][:PER_POLL]
                if some:
                    found[number] = some
                    self.next[number] = some[-1][0] + 1
        if not found:
            time.sleep(timeout_s / 10)
        lost, self.lost = self.lost, {}
        return found, lost

    def end(self, partition):
        return -1

    def complaint(self):
        said, self.said = self.said, ""
        return said

    def seek(self, partition, offset):
        if self.refused_seeks:
            self.refused_seeks -= 1
            return False
        self.calls["seek"].append((partition, offset))
        self.next[partition] = offset
        return True

    def pause(self, partition):
        self.calls["pause"].append(partition)
        self.paused.add(partition)

    def resume(self, partition):
        self.calls["resume"].append(partition)
        self.paused.discard(partition)

    def close(self):
        self.closed = True


class Run:
    """A runner in a thread."""

    def __init__(self, source, sink, partitions=None, limits=QUICK):
        self.stop = threading.Event()
        self.source = source
        self.runner = Runner("memory", source, self.lane, self.stop, partitions)
        self.sink, self.limits, self.code, self.error = sink, limits, None, None
        self.thread = threading.Thread(target=self.work, daemon=True)

    def lane(self, number, topic_id):
        def read(value):
            return decode(Decision, value)

        return Lane(number, topic_id, self.sink, read, self.limits, self.stop)

    def work(self):
        try:
            self.code = self.runner.run()
        except Exception as error:  # noqa: BLE001 - handed to the test
            self.error = error

    def __enter__(self):
        self.thread.start()
        return self

    def __exit__(self, *_):
        self.stop.set()
        self.thread.join(DEADLINE_S)
        assert not self.thread.is_alive()
        assert self.source.closed


def until(condition):
    deadline = time.monotonic() + DEADLINE_S
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.002)


def at_end(store, log):
    held = store.positions.get(log.partition)
    return held is not None and held.sequence == log.sequence


def assert_holds_exactly(store, log):
    expected = LogDigests(log.partition)
    expected.add(log.decisions)
    assert differences(expected.result(), digest(store, log.partition)) == []


def test_every_partition_is_written(logs):
    store, source = MemoryStore(), FakeSource(logs)
    with Run(source, MemorySink(store)) as run:
        until(lambda: all(at_end(store, log) for log in logs))
    assert run.code == 0
    for log in logs:
        assert_holds_exactly(store, log)


def test_only_the_chosen_partitions_are_written(logs):
    store = MemoryStore()
    with Run(FakeSource(logs), MemorySink(store), partitions=(1,)):
        until(lambda: at_end(store, logs[1]))
    assert set(store.positions) == {1}


def test_a_partition_the_topic_does_not_have_is_refused(logs):
    with Run(FakeSource(logs), MemorySink(MemoryStore()), partitions=(0, 3)) as run:
        run.thread.join(DEADLINE_S)
    assert isinstance(run.error, SettingsError)
    assert "the topic has 3" in str(run.error)


def test_a_broker_that_is_away_at_the_start_is_waited_for(logs):
    store, source = MemoryStore(), FakeSource(logs)
    source.away = 20
    with Run(source, MemorySink(store)):
        until(lambda: all(at_end(store, log) for log in logs))


def test_stopped_before_the_broker_answered(logs):
    source = FakeSource(logs)
    source.away = 10**9
    with Run(source, MemorySink(MemoryStore())) as run:
        time.sleep(0.05)
    assert (run.code, run.error) == (0, None)


def test_a_damaged_partition_is_halted_and_its_neighbours_go_on(logs, caplog):
    store, source = MemoryStore(), FakeSource(logs)
    del source.records[1][100]
    with Run(source, MemorySink(store)) as run:
        until(lambda: at_end(store, logs[0]) and at_end(store, logs[2]) and run.runner.halted)
        until(lambda: 1 in source.paused)
    assert run.code == 1
    assert list(run.runner.halted) == [1]
    assert "partition 1 HALTED" in caplog.text
    assert store.positions[1].sequence < logs[1].sequence
    assert 1 in source.paused


def test_a_topic_id_that_changed_halts_only_what_was_filled_from_it(logs):
    store = MemoryStore()
    store.positions[2] = Position(5, 4, bytes(32), "an older topic")
    with Run(FakeSource(logs), MemorySink(store)) as run:
        until(lambda: at_end(store, logs[0]) and at_end(store, logs[1]))
    assert run.code == 1
    assert "TopicReplaced" in run.runner.halted[2]


def test_a_partition_that_cannot_be_read_on_is_halted(logs):
    source = FakeSource(logs)
    source.lost = {0: "offset out of range"}
    with Run(source, MemorySink(MemoryStore())) as run:
        until(lambda: run.runner.halted)
    assert run.runner.halted == {0: "offset out of range"}


def test_what_the_client_complains_of_is_logged_once(logs, caplog):
    store, source = MemoryStore(), FakeSource(logs)
    with Run(source, MemorySink(store)):
        for _ in range(3):
            source.said = "all brokers are down"
            until(lambda: source.said == "")
        until(lambda: all(at_end(store, log) for log in logs))
    assert caplog.text.count("all brokers are down") == 1


class Gate(MemorySink):
    """A store that is away until it is let back."""

    def __init__(self, store):
        super().__init__(store)
        self.away = threading.Event()

    def write(self, batch):
        if not self.away.is_set():
            raise StoreAway("not yet")
        super().write(batch)


def test_a_store_that_is_away_costs_bounded_memory_and_nothing_else(logs):
    store, source = MemoryStore(), FakeSource(logs)
    gate = Gate(store)
    largest = max(len(value) for log in logs for _, value, _ in log.records)
    with Run(source, gate) as run:
        until(lambda: source.paused == {0, 1, 2})
        time.sleep(0.05)
        bound = QUICK.queue_bytes + PER_POLL * largest
        assert all(lane.queued <= bound for lane in run.runner.lanes.values())
        gate.away.set()
        until(lambda: all(at_end(store, log) for log in logs))
    assert set(source.calls["resume"]) == {0, 1, 2}
    for log in logs:
        assert_holds_exactly(store, log)


def test_a_wiped_store_is_read_again_from_the_start_even_if_the_client_refuses_at_first(
    logs, monkeypatch
):
    monkeypatch.setattr(lane_module, "IDLE_CHECK_S", 0.05)
    store, source = MemoryStore(), FakeSource(logs)
    with Run(source, MemorySink(store)):
        until(lambda: all(at_end(store, log) for log in logs))
        source.refused_seeks = 4
        with store.lock:
            for table in (store.positions, store.rows, store.balances, store.fields, store.steps):
                table.clear()
        until(lambda: all(at_end(store, log) for log in logs))
    assert sorted(source.calls["seek"]) == [(0, 0), (1, 0), (2, 0)]
    for log in logs:
        assert_holds_exactly(store, log)


def test_two_runners_on_the_same_partitions_give_the_rows_once(logs, monkeypatch):
    monkeypatch.setattr(lane_module, "IDLE_CHECK_S", 0.05)
    store = MemoryStore()
    runs = [Run(FakeSource(logs), MemorySink(store)) for _ in range(2)]
    with runs[0], runs[1]:
        until(lambda: all(at_end(store, log) for log in logs))
    assert [run.code for run in runs] == [0, 0]
    for log in logs:
        assert_holds_exactly(store, log)
