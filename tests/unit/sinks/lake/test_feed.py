"""A topic read into its table: when it is committed, where it goes on, and what it never does."""

import threading
from dataclasses import replace

import pytest
from confluent_kafka import OFFSET_BEGINNING

from schemas.codec import CodecError
from sinks.errors import BrokerAway, RecordsGone, StoreAway, StoreMoved
from sinks.lake.columns import schema_of
from sinks.lake.feed import Feed, Limits
from sinks.lake.table import Standing
from tests.support.lakes import LATER, POSTINGS, FactTopic, facts_of_rigs, rigs_of_day


class Shelf:
    """A table in memory: rows and standing change together, by compare."""

    def __init__(self):
        self.arrow = schema_of(POSTINGS).as_arrow()
        self.commits, self.held, self.trouble, self.elsewhere = [], Standing(), [], 0
        self.seen = None

    def standing(self, topic_id):
        assert topic_id == "id-1"
        self.seen = self.elsewhere
        return self.held

    def append(self, topic_id, rows, after):
        assert topic_id == "id-1"
        if self.trouble:
            raise self.trouble.pop()
        if self.seen != self.elsewhere:
            raise StoreMoved("another snapshot")
        self.commits.append(rows["posting_id"].to_pylist())
        self.held = after

    def ids(self):
        return [each for some in self.commits for each in some]


class Hands:
    """A clock that somebody moves."""

    def __init__(self):
        self.at = 0.0

    def __call__(self):
        return self.at


@pytest.fixture(scope="module")
def parts():
    found = facts_of_rigs(rigs_of_day(length=150))[POSTINGS.topic.name]
    assert all(len(part) > 30 for part in found)
    return found


def feed_of(topic, shelf, limits=LATER, clock=None, **given):
    return Feed(POSTINGS, topic, shelf, threading.Event(), clock or Hands(), limits, **given)


def drained(feed, topic):
    feed.begin()
    while any(topic.at[number] < topic.end(number) for number in topic.at):
        feed.turn()
    feed.commit()


def everything(parts):
    shelf, topic = Shelf(), FactTopic(parts)
    drained(feed_of(topic, shelf), topic)
    return sorted(shelf.ids())


def test_everything_once_and_on_from_where_the_table_stands(parts):
    shelf = Shelf()
    early, late = FactTopic([part[:20] for part in parts]), FactTopic(parts)
    drained(feed_of(early, shelf), early)
    assert early.assigned == [dict.fromkeys(range(3), OFFSET_BEGINNING)]
    drained(feed_of(late, shelf), late)
    assert late.assigned == [dict.fromkeys(range(3), 39)]
    assert sorted(shelf.ids()) == everything(parts)
    assert len(set(shelf.ids())) == sum(map(len, parts))


def test_a_commit_waits_for_rows_or_bytes_or_age(parts):
    of_two_polls = sum(len(value) for part in parts for value in part[:6])
    for limits, polls in (
        (replace(LATER, rows=25), 3),
        (replace(LATER, bytes=of_two_polls + 1), 3),
        (replace(LATER, age_s=3.0), 3),
    ):
        shelf, hands = Shelf(), Hands()
        feed = feed_of(FactTopic([part[:30] for part in parts], per_poll=3), shelf, limits, hands)
        feed.begin()
        for turn in range(1, polls + 1):
            assert shelf.commits == [], limits
            feed.turn()
            hands.at = float(turn) * 1.5
        assert len(shelf.commits) == 1, limits


def test_nothing_new_is_no_commit(parts):
    shelf, topic = Shelf(), FactTopic(parts)
    feed = feed_of(topic, shelf, Limits(age_s=0.0))
    drained(feed, topic)
    before = len(shelf.commits)
    for _ in range(5):
        feed.turn()
    feed.commit()
    assert len(shelf.commits) == before
    assert feed.lag == 0


def test_what_was_gathered_is_dropped_when_somebody_else_wrote(parts):
    shelf, topic = Shelf(), FactTopic(parts)
    zombie = feed_of(topic, shelf)
    zombie.begin()
    zombie.turn()
    other = FactTopic(parts)
    drained(feed_of(other, shelf), other)
    shelf.elsewhere += 1
    with pytest.raises(StoreMoved):
        zombie.commit()
    zombie.begin()
    zombie.turn()
    zombie.commit()
    assert sorted(shelf.ids()) == everything(parts)


def test_trouble_is_waited_out_and_begun_again(parts):
    shelf, topic = Shelf(), FactTopic(parts, per_poll=10)
    shelf.trouble = [StoreAway("sleeps"), BrokerAway("too"), StoreMoved("elsewhere")]
    feed, wanted = feed_of(topic, shelf, Limits(age_s=0.0)), everything(parts)

    def until_all():
        if len(shelf.ids()) >= len(wanted):
            feed._stop.set()
        return ""

    topic.complaint = until_all
    feed.run()
    assert feed.retries == 3
    assert sorted(shelf.ids()) == wanted
    assert topic.closed


def test_what_is_gathered_is_committed_when_it_is_told_to_stop(parts):
    shelf, topic = Shelf(), FactTopic([part[:5] for part in parts])
    feed = feed_of(topic, shelf)
    topic.complaint = lambda: feed._stop.set() or ""
    feed.run()
    assert len(shelf.ids()) == 15


def test_a_fact_that_comes_again_under_another_offset_is_left_out(parts):
    shelf = Shelf()
    twice = FactTopic([[*part, *part] for part in parts])
    feed = feed_of(twice, shelf, Limits(rows=40))
    drained(feed, twice)
    assert sorted(shelf.ids()) == everything(parts)
    assert feed.repeats == sum(map(len, parts))


def test_what_retention_deleted_ends_it_unless_it_was_told_to_go_on(parts):
    shelf = Shelf()
    early = FactTopic([part[:10] for part in parts])
    drained(feed_of(early, shelf), early)
    late = FactTopic(parts)
    late.starts[1] = 40
    feed = feed_of(late, shelf)
    feed.begin()
    with pytest.raises(RecordsGone, match="1: out of range"):
        feed.turn()
    assert len(shelf.ids()) == 30
    feed = feed_of(late, shelf, over_gaps=True)
    feed.begin()
    with pytest.raises(BrokerAway):
        feed.turn()
    drained(feed, late)
    missing = set(everything(parts)) - set(shelf.ids())
    assert len(missing) == 10
    assert len(shelf.ids()) == len(set(shelf.ids()))


def test_bytes_that_are_no_fact_are_not_skipped(parts):
    shelf, topic = Shelf(), FactTopic([[b"\x00\x00\x00\x00\x01?"], [], []])
    feed = feed_of(topic, shelf)
    feed.begin()
    feed.turn()
    with pytest.raises(CodecError):
        feed.commit()
    assert shelf.commits == []
