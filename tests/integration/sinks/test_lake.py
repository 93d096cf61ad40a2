"""The lake on the real broker: killed before a commit, frozen in one, and nothing comes twice."""

import itertools
import os
import signal
from collections import Counter
from pathlib import Path

import pytest
from confluent_kafka import Producer
from confluent_kafka.admin import AdminClient, NewTopic

from schemas.codec import decode
from schemas.messages.facts import PostingFact
from sinks.lake.catalog import open_catalog
from sinks.lake.reads import open_views
from tests.integration.sinks.feeding import start_sink
from tests.support.lakes import POSTINGS, facts_of_rigs, rigs_of_day
from tests.support.stack import wait_until
from topics.plan import desired_config

TOPIC = POSTINGS.topic.name
PER_TRANSACTION = 25
DEADLINE_S = 90


class Facts:
    """Postings of a day on the broker, in transactions; before each, some that are aborted."""

    def __init__(self, kafka):
        self.parts = facts_of_rigs(rigs_of_day(length=200))[TOPIC]
        topic = NewTopic(TOPIC, len(self.parts), 1, config=desired_config(POSTINGS.topic, 1))
        AdminClient({"bootstrap.servers": kafka}).create_topics([topic])[TOPIC].result(30)
        named = {"bootstrap.servers": kafka, "transactional.id": f"facts-{os.getpid()}"}
        self.producer = Producer(named)
        self.producer.init_transactions(30)
        self.sent = [0] * len(self.parts)

    def send(self, share):
        """Send up to a share of each partition."""
        for number, part in enumerate(self.parts):
            until = int(len(part) * share)
            while (start := self.sent[number]) < until:
                some = part[start : min(until, start + PER_TRANSACTION)]
                self._produce(number, some)
                self.producer.abort_transaction(30)
                self._produce(number, some)
                self.producer.commit_transaction(30)
                self.sent[number] = start + len(some)

    def _produce(self, number, values):
        self.producer.begin_transaction()
        for value in values:
            self.producer.produce(TOPIC, value, partition=number)
        self.producer.flush(30)

    def ids(self):
        """What is committed."""
        return Counter(
            decode(PostingFact, value).posting_id
            for part, sent in zip(self.parts, self.sent, strict=True)
            for value in part[:sent]
        )


@pytest.fixture
def lake(sink_stack, tmp_path):
    """Start processes that fill one lake; all ended with the test."""
    place, started, serial = str(tmp_path / "lake"), [], itertools.count()
    env = {"LEDGER_KAFKA": sink_stack.endpoints.kafka, "LEDGER_LAKE": place}

    class Lake:
        folder = tmp_path / "lake"

        def start(self, crash_point=""):
            self.log = tmp_path / f"lake-{next(serial)}.log"
            given = ("--tables", "postings", "--every-s", "0.5")
            process = start_sink("lake", env, self.log, *given, crash_point=crash_point)
            started.append(process)
            return process, self.log

        def ids(self):
            return Counter(self.scan().to_arrow()["posting_id"].to_pylist())

        def scan(self):
            return open_catalog(place).load_table("ledger.postings").scan()

    yield Lake()
    for process in started:
        if process.poll() is None:
            process.send_signal(signal.SIGKILL)
        process.wait()


def frozen(process):
    return Path(f"/proc/{process.pid}/stat").read_text().rsplit(")", 1)[1].split()[0] == "T"


def test_every_posting_is_in_the_lake_once_whoever_dies_or_sleeps(sink_stack, lake):
    facts = Facts(sink_stack.endpoints.kafka)
    facts.send(0.5)
    killed, _ = lake.start("sink-before-offset:1")
    assert killed.wait(DEADLINE_S) == -signal.SIGKILL
    # Files of nobody, and no rows.
    assert list(lake.folder.rglob("*.parquet"))
    assert lake.ids() == Counter()

    zombie, said = lake.start("sink-before-offset:1:stop")
    wait_until(lambda: frozen(zombie), DEADLINE_S)
    heir, _ = lake.start()
    wait_until(lambda: lake.ids() == facts.ids(), DEADLINE_S)
    zombie.send_signal(signal.SIGCONT)
    wait_until(lambda: "attempt 1: ledger.postings" in said.read_text(), DEADLINE_S)

    facts.send(1.0)
    wait_until(lambda: lake.ids().keys() == facts.ids().keys(), DEADLINE_S)
    for process in (zombie, heir):
        process.terminate()
        assert process.wait(DEADLINE_S) == 0
    assert lake.ids() == facts.ids()
    with open_views(str(lake.folder)) as ask:
        sums = ask.execute("SELECT currency, sum(balance) FROM trial_balance GROUP BY currency")
        assert {minor for _, minor in sums.fetchall()} == {0}
