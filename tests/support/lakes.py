"""Lakes in tests: a day of the real core as facts, and a topic of them in memory.

Owns: `FactTopic`, which a feed reads like Kafka's, and `lake_of`, a lake filled from a day.
Never: a check.
"""

import threading

from confluent_kafka import OFFSET_BEGINNING

from sinks.lake.catalog import open_catalog
from sinks.lake.columns import TABLES
from sinks.lake.feed import Feed, Limits
from sinks.lake.table import LakeTable
from tests.support.published import Published
from tests.support.recon import log_of_rig
from tests.support.strategies import World, day_of

POSTINGS, TRANSACTIONS, ATTEMPTS = TABLES
AT_ONCE = Limits(age_s=0.0)
LATER = Limits(age_s=3_600.0)


class FactTopic:
    """A topic in memory; offsets have gaps, as those of transactions do."""

    def __init__(self, parts, topic_id="id-1", per_poll=50):
        self.parts = [[(2 * n, value) for n, value in enumerate(part)] for part in parts]
        self.topic_id, self.per_poll = topic_id, per_poll
        self.at, self.assigned, self.starts = {}, [], [0] * len(parts)
        self.closed = False

    def describe(self):
        return len(self.parts), self.topic_id

    def assign(self, offsets):
        self.assigned.append(dict(offsets))
        self.at = {
            number: self.starts[number] if offset == OFFSET_BEGINNING else offset
            for number, offset in offsets.items()
        }

    def poll(self, _timeout_s):
        found, lost = {}, {}
        for number, at in self.at.items():
            if at < self.starts[number]:
                lost[number] = "out of range"
            elif some := [each for each in self.parts[number] if each[0] >= at][: self.per_poll]:
                found[number] = [(offset, value, None) for offset, value in some]
                self.at[number] = some[-1][0] + 1
        return found, lost

    def complaint(self):
        return ""

    def end(self, partition):
        part = self.parts[partition]
        return part[-1][0] + 1 if part else 0

    def close(self):
        self.closed = True


def rigs_of_day(seed=7, length=250):
    """Three partitions that lived a random day of the real core, all sealed."""
    world = World().run(day_of(seed, length))
    world.settle()
    for rig in world.rigs:
        rig.seal()
    return world.rigs


def facts_of_rigs(rigs):
    """By topic, the values of each partition."""
    outputs = [
        Published(log_of_rig(rig), number).prompt().outputs for number, rig in enumerate(rigs)
    ]
    return {
        kept.topic.name: [
            [each.value for each in part if each.topic == kept.topic.name] for part in outputs
        ]
        for kept in TABLES
    }


def feed_of(folder, kept, topic, limits=AT_ONCE, **given):
    """A feed of a table in a folder, with a clock that stands still."""
    table = LakeTable(open_catalog(str(folder)), kept)
    return Feed(kept, topic, table, threading.Event(), lambda: 0.0, limits, **given)


def drain(feed, topic):
    """Read until the topic has no more, and commit."""
    feed.begin()
    while any(topic.at[number] < topic.end(number) for number in topic.at):
        feed.turn()
    feed.commit()
    return feed


def lake_of(folder, facts):
    """A lake of all tables in a folder."""
    for kept in TABLES:
        topic = FactTopic(facts[kept.topic.name], per_poll=100_000)
        drain(feed_of(folder, kept, topic, LATER), topic)
