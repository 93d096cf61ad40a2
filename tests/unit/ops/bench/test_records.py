"""The bench's records: poured, dripped, moved and drained, over a played client."""

import pytest
from confluent_kafka import KafkaError

from ops.bench import drain as draining
from ops.bench import load, plain
from ops.bench.limit import write_samples
from ops.bench.load import Load, drip, pour
from schemas.codec import encode
from schemas.messages.commands import VoidHold, WalletCommand
from tests.unit.ops.kafka_doubles import FakeConsumer, FakeMessage, FakeProducer, trouble
from tests.unit.ops.ledger_day import day
from topics.catalog import EVENTS

LOADS = [Load(b"k%d" % n, b"v%d" % n, n % 2, f"tag-{n}") for n in range(5)]
RECORDS = [("t", each.key, each.value, each.partition) for each in LOADS]


def test_everything_is_poured_however_full_the_queue():
    producer = FakeProducer(full=3)
    assert pour(producer, "t", LOADS) == 5
    assert producer.records == RECORDS
    assert producer.polls == 3


def test_what_was_not_acknowledged_is_an_error():
    with pytest.raises(TimeoutError, match="t: the broker did not acknowledge everything"):
        pour(FakeProducer(unflushed=1), "t", LOADS)


class PlayedTime:
    """A clock that only moves when somebody waits; a stall now and then."""

    def __init__(self, stalls=()):
        self.now = 100.0
        self.stalls = list(stalls)

    def monotonic(self):
        return self.now


class TickingProducer(FakeProducer):
    def __init__(self, clock):
        super().__init__()
        self.clock = clock

    def poll(self, timeout):
        self.clock.now += timeout

    def produce(self, *record, **more):
        super().produce(*record, **more)
        if self.clock.stalls:
            self.clock.now += self.clock.stalls.pop(0)


@pytest.mark.parametrize("stalls", [(), (0.0, 0.5, 0.3)])
def test_a_due_time_is_the_plans_not_the_calls(monkeypatch, stalls):
    clock = PlayedTime(stalls)
    monkeypatch.setattr(load, "time", clock)
    told = []
    producer = TickingProducer(clock)
    assert drip(producer, "t", LOADS, 10, lambda tag, due: told.append((tag, due))) == 5
    assert [tag for tag, _ in told] == [each.tag for each in LOADS]
    assert [due for _, due in told] == pytest.approx([100.0 + n / 10 for n in range(5)])
    assert producer.records == RECORDS
    assert clock.now >= 100.4


@pytest.mark.parametrize(
    ("answers", "keys"),
    [(plain.answer_coded, [b"c0", b"c1", b"c2"]), (plain.answer_bytes, [b"k0", b"k1", b"k2"])],
)
def test_the_plain_loop_moves_a_batch_in_one_transaction(tmp_path, answers, keys):
    values = [each.value for each in day()[0].log][:2]
    commands = [encode(WalletCommand(f"c{n}", "w", 1, VoidHold("h"))) for n in range(3)]
    batch = [FakeMessage(n % 2, n, value, b"k%d" % n) for n, value in enumerate(commands)]
    producer = FakeProducer()
    plain._move(producer, "out", batch, answers(write_samples(tmp_path, values)), 1)
    assert producer.calls == ["begin", "commit"]
    assert [(key, where) for _, key, _, where in producer.records] == list(
        zip(keys, (0, 1, 0), strict=True)
    )
    # The samples come in turn, to the byte: with a codec and without.
    assert [value for _, _, value, _ in producer.records] == [
        values[1][5:], values[0][5:], values[1][5:],
    ]  # fmt: skip


def test_the_plain_loop_stops_at_an_error():
    with pytest.raises(RuntimeError):
        plain._batch(FakeConsumer({0: 1}, [trouble(KafkaError.TOPIC_AUTHORIZATION_FAILED)]))
    assert plain._batch(FakeConsumer({0: 1})) == []


def a_log(count, first_ms=1_000):
    """Records of two partitions, one a millisecond, with a trouble between them."""
    made = [FakeMessage(n % 2, n // 2, b"%d" % n, time_ms=first_ms + n) for n in range(count)]
    return FakeConsumer({0: (count + 1) // 2, 1: count // 2}, made[:3],
                        [trouble(KafkaError._TRANSPORT)], made[3:])  # fmt: skip


@pytest.fixture
def drained(monkeypatch):
    monkeypatch.setattr(draining, "wait_for", lambda what, condition, deadline_s: 0.0)

    def drain(consumer, since):
        monkeypatch.setattr(draining, "Consumer", consumer)
        return draining.drain("nowhere", since)

    return drain


def test_a_log_is_read_to_its_end_and_timed_from_a_moment_on(drained):
    consumer = a_log(10)
    found = drained(consumer, 1.004)
    assert (found.total, found.inside) == (10, 6)
    assert found.seconds == pytest.approx(0.005)
    assert consumer.closed
    assert consumer.assigned == [(EVENTS.name, 0, 0), (EVENTS.name, 1, 0)]


def test_nothing_after_the_moment_takes_no_time(drained):
    found = drained(a_log(4), 99.0)
    assert (found.total, found.inside, found.seconds) == (4, 0, 0.0)


def test_every_so_many_th_value_is_a_sample(drained):
    every = draining.SAMPLE_EVERY
    found = drained(a_log(every * 3 + 1), 0.0)
    assert found.samples == [b"%d" % (every * n - 1) for n in (1, 2, 3)]


def test_there_are_never_many_more_samples_than_wanted(drained, monkeypatch):
    monkeypatch.setattr(draining, "SAMPLES", 4)
    found = drained(a_log(draining.SAMPLE_EVERY * 20), 0.0)
    assert len(found.samples) == 4


def test_a_log_is_quiet_once_it_has_records_and_stands_still(monkeypatch):
    consumer, seen = FakeConsumer({0: 0}), []
    clock = PlayedTime()
    monkeypatch.setattr(draining, "time", clock)

    def wait_for(what, quiet, deadline_s):
        for after, end in ((0, 0), (5, 0), (0, 3), (1, 3), (1, 4), (1.5, 4), (1, 4)):
            clock.now += after
            consumer.ends[0] = end
            seen.append(quiet())

    monkeypatch.setattr(draining, "wait_for", wait_for)
    draining._until_quiet(consumer)
    assert seen == [False, False, False, False, False, False, True]
