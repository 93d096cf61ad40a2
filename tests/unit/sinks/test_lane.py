"""One partition's way into a store: outages, moved stores, bounds."""

import random
import threading
import time
from contextlib import contextmanager

import pytest

from ledger.sealing import LogError
from schemas.codec import decode, encode
from schemas.messages.decisions import Decision
from sinks import lane as lane_module
from sinks.batch import Position
from sinks.digests import LogDigests, differences
from sinks.errors import StoreAway, StoreMoved, TopicReplaced
from sinks.lane import Lane, Limits, Stopped
from sinks.memory.digest import digest
from sinks.memory.sink import MemorySink, MemoryStore
from tests.unit.sinks.sample_log import SampleLog

QUICK = Limits(batch_decisions=50, linger_s=0.005, queue_bytes=20_000)
DEADLINE_S = 20


@pytest.fixture(autouse=True)
def no_long_waits(monkeypatch):
    monkeypatch.setattr(lane_module, "wait_s", lambda *_: 0.001)
    monkeypatch.setattr(lane_module, "IDLE_CHECK_S", 0.05)


@pytest.fixture(scope="module")
def log():
    return SampleLog(seed=3).day(300, group=9, void_every=4)


class Flaky:
    """A store that is away, or lies about having failed, as often as it is told to."""

    def __init__(self, sink, away=0, lost_answers=0):
        self.sink, self.away, self.lost_answers = sink, away, lost_answers

    def position(self, partition):
        self.fail_if_away()
        return self.sink.position(partition)

    def write(self, batch):
        self.fail_if_away()
        self.sink.write(batch)
        if self.lost_answers:
            self.lost_answers -= 1
            raise StoreAway("the connection broke after the commit")

    def fail_if_away(self):
        if self.away:
            self.away -= 1
            raise StoreAway("gone for lunch")

    def close(self):
        self.sink.close()


def make(sink, stop=None, limits=QUICK):
    return Lane(
        0, "t", sink, lambda value: decode(Decision, value), limits, stop or threading.Event()
    )


@contextmanager
def running(lane, stop):
    thread = threading.Thread(target=lane.run, daemon=True)
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join(DEADLINE_S)
    assert not thread.is_alive()


def feed(lane, log, position, expected, at=0):
    """Offer the log in random portions as a runner would, until the store stands at the end."""
    dice = random.Random(1)
    deadline = time.monotonic() + DEADLINE_S
    while position() != expected:
        assert time.monotonic() < deadline
        wanted = lane.rewind_to()
        if wanted is not None:
            at = next((n for n, r in enumerate(log.records) if r[0] >= wanted), len(log.records))
            lane.rewound()
        if at < len(log.records) and not lane.crowded:
            size = dice.randint(1, 40)
            lane.offer(log.records[at : at + size])
            at += size
        else:
            time.sleep(0.001)


def end_of(log):
    last = log.sealed_groups()[-1]
    return Position(last.next_offset, last.last_sequence, last.chain, "t")


def assert_holds_exactly(store, log):
    expected = LogDigests(log.partition)
    expected.add(log.decisions)
    assert differences(expected.result(), digest(store, log.partition)) == []


def run_through(log, sink, store):
    stop = threading.Event()
    lane = make(sink, stop)
    assert lane.locate() == 0
    with running(lane, stop):
        feed(lane, log, lambda: store.positions.get(0), end_of(log))
    assert_holds_exactly(store, log)
    return lane


def test_everything_offered_is_written_once(log):
    store = MemoryStore()
    lane = run_through(log, MemorySink(store), store)
    assert lane.written == len(log.decisions)


def test_an_outage_is_waited_out(log):
    store = MemoryStore()
    run_through(log, Flaky(MemorySink(store), away=25), store)


def test_a_commit_whose_answer_was_lost_is_not_repeated(log):
    store = MemoryStore()
    run_through(log, Flaky(MemorySink(store), lost_answers=3), store)


def test_a_lane_continues_where_the_store_stands(log):
    half = SampleLog(seed=3).day(150, group=9, void_every=4)
    store = MemoryStore()
    run_through(half, MemorySink(store), store)
    stop = threading.Event()
    lane = make(MemorySink(store), stop)
    start = lane.locate()
    assert start == store.positions[0].next_offset > 0
    with running(lane, stop):
        lane.offer([record for record in log.records if record[0] >= start])
        feed(lane, SampleLog(), lambda: store.positions.get(0), end_of(log))
    assert_holds_exactly(store, log)


def test_a_store_moved_by_another_writer_is_followed(log):
    store = MemoryStore()
    stop = threading.Event()
    lane = make(MemorySink(store), stop)
    lane.locate()
    run_through(log, MemorySink(store), store)
    with running(lane, stop):
        lane.offer(log.records)
        deadline = time.monotonic() + DEADLINE_S
        while lane.rewind_to() is None:
            assert time.monotonic() < deadline
            time.sleep(0.001)
    assert lane.rewind_to() == end_of(log).next_offset
    assert_holds_exactly(store, log)


def test_a_wiped_store_is_noticed_without_traffic_and_filled_again(log):
    store = MemoryStore()
    stop = threading.Event()
    lane = make(MemorySink(store), stop)
    lane.locate()
    with running(lane, stop):
        feed(lane, log, lambda: store.positions.get(0), end_of(log))
        with store.lock:
            for table in (store.positions, store.rows, store.balances, store.fields, store.steps):
                table.clear()
        feed(lane, log, lambda: store.positions.get(0), end_of(log), at=len(log.records))
    assert_holds_exactly(store, log)


def test_a_store_filled_from_another_topic_is_refused(log):
    store = MemoryStore()
    store.positions[0] = Position(5, 4, bytes(32), "an older topic")
    with pytest.raises(TopicReplaced, match="an older topic"):
        make(MemorySink(store)).locate()


@pytest.mark.parametrize("damage", ["changed", "dropped", "repeated"])
def test_a_damaged_log_stops_the_lane_before_the_damage_is_written(log, damage):
    records = list(log.records)
    # Inside a whole transaction: what is torn may be damaged, and a first record may come again.
    groups = log.groups[len(log.groups) // 2 :]
    whole = encode(next(group for group in groups if len(group) > 2)[1])
    at = max(number for number, record in enumerate(records) if record[1] == whole)
    if damage == "changed":
        offset, value, chain = records[at]
        records[at] = (offset, value.replace(b"as received", b"As received"), chain)
    elif damage == "dropped":
        del records[at]
    else:
        records.insert(at, records[at])
    store = MemoryStore()
    lane = make(MemorySink(store))
    lane.locate()
    lane.offer(records)
    with pytest.raises(LogError):
        lane.run()
    assert all(key[1] < log.sequence for key in store.rows["outcomes"])


def test_a_bug_of_a_store_gets_out(log):
    class Broken(MemorySink):
        def write(self, batch):
            raise ZeroDivisionError

    lane = make(Broken(MemoryStore()))
    lane.locate()
    lane.offer(log.records)
    with pytest.raises(ZeroDivisionError):
        lane.run()


def test_told_to_stop_while_the_store_is_away(log):
    stop = threading.Event()
    lane = make(Flaky(MemorySink(MemoryStore()), away=10**9), stop)
    threading.Timer(0.05, stop.set).start()
    with pytest.raises(Stopped):
        lane.locate()


def test_a_full_queue_asks_for_a_pause_and_later_for_more(log):
    lane = make(MemorySink(MemoryStore()))
    assert not lane.crowded
    assert lane.roomy
    lane.offer(log.records)
    assert lane.crowded
    assert not lane.roomy


def test_a_halted_lane_keeps_nothing_and_takes_nothing(log):
    lane = make(MemorySink(MemoryStore()))
    lane.offer(log.records)
    lane.halt("a bug")
    lane.offer(log.records)
    assert lane.queued == 0
    assert lane.crowded
    assert not lane.roomy


def test_what_comes_before_the_rewind_is_done_is_not_taken(log):
    store = MemoryStore()
    run_through(log, MemorySink(store), store)
    stop = threading.Event()
    lane = make(MemorySink(MemoryStore()), stop)
    lane._sink = Moved(store)
    lane.locate()
    with running(lane, stop):
        lane.offer(log.records[:30])
        deadline = time.monotonic() + DEADLINE_S
        while lane.rewind_to() is None:
            assert time.monotonic() < deadline
            time.sleep(0.001)
        lane.offer(log.records)
        assert lane.queued == 0
        lane.rewound()
        assert lane.rewind_to() is None


class Moved:
    """Claims to be empty, then that another writer has been there."""

    def __init__(self, store):
        self.store, self.asked = store, 0

    def position(self, partition):
        self.asked += 1
        return None if self.asked == 1 else self.store.positions[partition]

    def write(self, batch):
        raise StoreMoved("elsewhere")
