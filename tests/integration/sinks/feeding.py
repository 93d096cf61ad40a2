"""A log on the real broker and sinks as real processes, for the journeys of this folder."""

import itertools
import os
import subprocess
import sys
from collections.abc import Iterable

from confluent_kafka import Producer
from confluent_kafka.admin import AdminClient, NewTopic

from sinks.digests import LogDigests
from tests.unit.sinks.sample_log import SampleLog
from topics.catalog import EVENTS
from topics.plan import desired_config

PARTITIONS = 3
_serial = itertools.count(1)


class FedLog:
    """Samples on the broker's events topic, one transaction for each group."""

    def __init__(self, kafka, partitions=PARTITIONS):
        self.kafka = kafka
        self.logs = [SampleLog(number, wallets=60) for number in range(partitions)]
        self.sent = [0] * partitions  # records
        self.counted = [0] * partitions  # groups
        self.digests = [LogDigests(number) for number in range(partitions)]
        create_topic(kafka, partitions)
        self.producer = Producer(
            {
                "bootstrap.servers": kafka,
                "transactional.id": f"feeder-{os.getpid()}-{next(_serial)}",
                "linger.ms": 0,
            }
        )
        self.producer.init_transactions(30)

    def grow(self, decisions, group=40, void_every=7):
        """Add so many Decisions to every partition, and send them."""
        for log in self.logs:
            log.day(log.sequence + decisions, group=group, void_every=void_every)
            self.send(log)

    def send(self, log):
        """Send what a sample has grown by: torn groups too, as committed transactions."""
        start = self.sent[log.partition]
        for torn_or_whole in transactions(log.records[start:]):
            self.producer.begin_transaction()
            for _, value, chain in torn_or_whole:
                self.producer.produce(
                    EVENTS.name, value, b"k", partition=log.partition, headers=[("chain", chain)]
                )
            self.producer.commit_transaction(30)
        self.sent[log.partition] = len(log.records)

    def expected(self):
        """The digests of the log, by partition; each Decision is added up once."""
        for log, digests in zip(self.logs, self.digests, strict=True):
            for group in log.groups[self.counted[log.partition] :]:
                digests.add(group)
            self.counted[log.partition] = len(log.groups)
        return [digests.result() for digests in self.digests]

    def forget(self):
        """Let go of what was sent, when its digests are added up."""
        self.expected()
        for log in self.logs:
            log.records.clear()
            log.groups.clear()
            self.sent[log.partition] = self.counted[log.partition] = 0


def transactions(records) -> Iterable[list[tuple[int, bytes, bytes]]]:
    """Split records where their offsets leave room for a commit marker."""
    batch = []
    for record in records:
        if batch and record[0] != batch[-1][0] + 1:
            yield batch
            batch = []
        batch.append(record)
    if batch:
        yield batch


def create_topic(kafka, partitions=PARTITIONS):
    admin = AdminClient({"bootstrap.servers": kafka})
    topic = NewTopic(EVENTS.name, partitions, 1, config=desired_config(EVENTS, 1))
    admin.create_topics([topic])[EVENTS.name].result(30)


def start_sink(store, env, log, *arguments, crash_point=""):
    """Start `python -m sinks`; its output goes to the file."""
    extra = {"LEDGER_CRASH_POINT": crash_point} if crash_point else {}
    with log.open("ab") as output:
        return subprocess.Popen(
            [sys.executable, "-m", "sinks", store, *arguments],
            env={**os.environ, **env, **extra},
            stdout=output,
            stderr=output,
        )
