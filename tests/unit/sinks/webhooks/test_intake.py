"""The reader of a topic: positions, repeats, trouble of servers, records nobody can read."""

import threading

import pytest
from confluent_kafka import OFFSET_BEGINNING

from schemas.codec import encode
from sinks.errors import BrokerAway, StoreAway, StoreMoved
from sinks.webhooks.intake import READERS, Intake
from tests.unit.sinks.webhooks.told import change
from tests.unit.sinks.webhooks.whole import whole
from topics.catalog import ATTEMPTS, AUTOMATION_NOTICES, TRANSACTIONS


class Topic:
    """A topic of two partitions in memory, as a source reads it."""

    def __init__(self, *records):
        self.records = list(records)  # (partition, offset, value)
        self.at, self.lost, self.assigned = {}, {}, []
        self.said = ""

    def describe(self):
        return 2, "id-1"

    def assign(self, offsets):
        self.at = dict(offsets)
        self.assigned.append(dict(offsets))

    def poll(self, _timeout_s):
        found = {}
        for partition, offset, value in self.records:
            if offset >= self.at[partition]:
                found.setdefault(partition, []).append((offset, value, None))
        for partition, some in found.items():
            self.at[partition] = some[-1][0] + 1
        lost, self.lost = self.lost, {}
        return found, lost

    def complaint(self):
        said, self.said = self.said, ""
        return said

    def end(self, partition):
        return max((each[1] + 1 for each in self.records if each[0] == partition), default=0)


class Book:
    """An inbox in memory: a position moves only from where it stands."""

    def __init__(self):
        self.held, self.events, self.trouble = {}, [], []
        self.stop = threading.Event()  # set when something was kept

    def positions(self, topic_id):
        assert topic_id == "id-1"
        return dict(self.held)

    def take(self, topic_id, moves, events):
        if self.trouble:
            raise self.trouble.pop()
        for partition, move in moves.items():
            if self.held.get(partition, -1) != move.before:
                raise StoreMoved("elsewhere")
        self.held.update({partition: move.after for partition, move in moves.items()})
        self.events += events
        self.stop.set()
        return len(events)


def record(partition, offset):
    fact = whole(change(change_id=f"{partition}-{offset}-0"))
    return partition, offset, encode(fact)


def intake_of(topic, book):
    return Intake(TRANSACTIONS.name, topic, book, threading.Event())


def ids(book):
    return [each.event_id for each in book.events]


def test_every_topic_of_facts_has_a_reader():
    assert set(READERS) == {TRANSACTIONS.name, ATTEMPTS.name, AUTOMATION_NOTICES.name}


def test_facts_are_read_once_and_the_position_moves_with_them():
    topic, book = Topic(record(0, 0), record(1, 0), record(0, 4)), Book()
    intake = intake_of(topic, book)
    intake.begin()
    assert topic.assigned == [{0: OFFSET_BEGINNING, 1: OFFSET_BEGINNING}]
    for _ in range(3):
        intake.turn()
    assert sorted(ids(book)) == ["transaction:0-0-0", "transaction:0-4-0", "transaction:1-0-0"]
    assert book.held == {0: 5, 1: 1}
    assert (intake.turns, intake.kept, intake.lag) == (3, 3, 0)


def test_another_process_reads_on_from_there():
    topic, book = Topic(record(0, 0), record(0, 1)), Book()
    book.held = {0: 1}
    intake = intake_of(topic, book)
    intake.begin()
    intake.turn()
    assert ids(book) == ["transaction:0-1-0"]


@pytest.mark.parametrize("trouble", [StoreAway("away"), BrokerAway("away")])
def test_what_was_not_kept_is_read_again(trouble):
    topic, book = Topic(record(0, 0)), Book()
    book.trouble = [trouble]
    intake = intake_of(topic, book)
    intake.begin()
    with pytest.raises(type(trouble)):
        intake.turn()
    intake.begin()
    intake.turn()
    assert ids(book) == ["transaction:0-0-0"]


def test_a_faster_process_is_followed_and_nothing_is_kept_twice():
    topic, book = Topic(record(0, 0), record(0, 1)), Book()
    intake = intake_of(topic, book)
    intake.begin()
    book.held = {0: 2}
    with pytest.raises(StoreMoved):
        intake.turn()
    intake.begin()
    intake.turn()
    assert ids(book) == []


def test_a_position_that_retention_deleted_is_said_and_the_rest_is_read(caplog):
    topic, book = Topic(record(0, 7)), Book()
    book.held = {0: 3}
    intake = intake_of(topic, book)
    intake.begin()
    topic.at, topic.lost = {0: 99, 1: 99}, {0: "offset out of range"}
    with pytest.raises(BrokerAway):
        intake.turn()
    intake.begin()
    assert topic.assigned[-1][0] == OFFSET_BEGINNING
    intake.turn()
    assert (ids(book), book.held) == (["transaction:0-7-0"], {0: 8})
    intake.begin()
    assert topic.assigned[-1][0] == 8
    assert "read from its beginning" in caplog.text


def test_a_record_nobody_can_read_is_not_skipped():
    topic, book = Topic((0, 0, b"\xff")), Book()
    intake = intake_of(topic, book)
    with pytest.raises(Exception, match=r"."):
        intake.run()
    assert book.held == {}


def test_it_runs_until_it_is_told_to_stop():
    topic, book = Topic(record(0, 0)), Book()
    stop = threading.Event()
    intake = Intake(TRANSACTIONS.name, topic, book, stop)
    book.trouble, book.stop = [StoreAway("away")], stop
    intake.run()
    assert ids(book) == ["transaction:0-0-0"]
    assert intake.retries == 1
