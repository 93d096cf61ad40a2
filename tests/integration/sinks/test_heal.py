"""Stores are damaged by hand under load; each difference is found, named and healed."""

import json
import time
from contextlib import closing, contextmanager

import psycopg
import pytest
import redis
from confluent_kafka import Consumer, TopicPartition

from ledger.sealing import LogError
from ops.cli import main
from ops.reading import TopicReader
from ops.recon.reading import read_found
from ops.rig import running_partitions, start_worker
from ops.topic_setup import prepare
from schemas.codec import decode
from schemas.messages.recon import ReconEvent, RepairEnded
from sinks.audit.kafka import KafkaLog
from sinks.digests import differences
from sinks.redis.rows import PREFIX, system_key, wallet_key
from tests.support.aloud import say_aloud
from tests.support.stack import wait_until
from topics.catalog import RECON_EVENTS, SINK_ATTESTATIONS

DEADLINE_S = 150  # a machine that others use too
# Of a partition: every one of the 64 buckets of Redis and Cassandra, and the tails of PostgreSQL.
ATTESTED = 140
QUICK = ("--rows-per-s", "1000000", "--tail-every-s", "0.3")
STORES = ("postgres", "redis", "cassandra")
FAR_FUTURE_US = 9_000_000_000_000_000
EDITED = """
    UPDATE posting SET amount = amount + 5 WHERE (partition, sequence, entry, posting) =
    (SELECT partition, sequence, entry, posting FROM posting
     WHERE partition = 0 ORDER BY sequence OFFSET 90 LIMIT 1) RETURNING sequence
"""
DELETED = "DELETE FROM outcome WHERE partition = 1 AND sequence = 123 RETURNING sequence"
FORGED = """
    INSERT INTO hold_step VALUES (2, 77, 99, 'w2-0', 'forged', 5, 0, 0) RETURNING sequence
"""


class Watched:
    """What the reconciliation says of the stores."""

    def __init__(self, kafka):
        self.kafka = kafka

    def breaks(self, check=None):
        found = read_found(self.kafka)[0].breaks.values()
        return [each for each in found if check in {None, each.opened.check.name}]

    def open(self):
        return [each for each in self.breaks() if each.closed_at is None]

    def repair(self, break_id):
        """The only repair that changed something; one that took long is ordered again meanwhile."""
        with closing(TopicReader(self.kafka, RECON_EVENTS.name)) as reader:
            bodies = [decode(ReconEvent, each.value).body for each in reader.read()]
        ended = [each for each in bodies if isinstance(each, RepairEnded)]
        [repair] = [each for each in ended if each.break_id == break_id and each.changed]
        return repair

    def attested(self):
        """How much was attested of the partition of which least was."""
        consumer = Consumer({"bootstrap.servers": self.kafka, "group.id": "counting"})
        places = [TopicPartition(SINK_ATTESTATIONS.name, number) for number in range(3)]
        with closing(consumer):
            return min(consumer.get_watermark_offsets(place, 10)[1] for place in places)


@pytest.fixture
def watched(fed, places, sink_stack, monkeypatch):
    """All stores with sinks and auditors, and the job that compares."""
    monkeypatch.setenv("LEDGER_KAFKA", fed.kafka)
    prepare(fed.kafka, len(fed.logs))
    worker = start_worker(sink_stack, "stores-1", {"LEDGER_SESSION_TIMEOUT_S": "3"}, job="stores")
    places.start("all")
    for store in STORES:
        places.wait_for(store, fed)
        places.start("audit", store, *QUICK)
    wait_until(lambda: running_partitions(sink_stack, "stores-1") == len(fed.logs))
    yield Watched(fed.kafka)
    worker.stop()
    assert [each for each in worker.report().exits if each] == []


def grow(fed, places, decisions):
    fed.grow(decisions)
    for store in STORES:
        places.wait_for(store, fed)


def damage_postgres(places):
    """A row edited, one deleted, one put in; at which sequence of which partition."""
    with psycopg.connect(places.postgres) as connection:
        said = (EDITED, DELETED, FORGED)
        return [connection.execute(each).fetchone()[0] for each in said]


def damage_redis(places, fed):
    """Every kind of damage to balances, one a wallet; how many."""
    with redis.Redis.from_url(places.redis, decode_responses=True) as client:
        keys = [wallet_key(PREFIX, wallet) for log in fed.logs for wallet in log.opened]
        fields = {key: sorted(set(client.hkeys(key)) - {"partition"}) for key in keys}
        lost, ahead, *others = [key for key, held in fields.items() if held]
        client.delete(lost)
        client.hset(ahead, fields[ahead][0], "1000 999999")
        client.hset(wallet_key(PREFIX, "ghost"), mapping={"W.AVL:EUR": "5 5", "partition": "1"})
        client.hset(system_key(PREFIX, 2), "REV.P2P::EUR", "1 1")
        for key in others[::3]:
            minor, own = client.hget(key, fields[key][0]).split(" ")
            client.hset(key, fields[key][0], f"{int(minor) - 7} {own}")
        return 4 + len(others[::3])


@contextmanager
def history(places):
    session = places.session()
    yield session
    session.cluster.shutdown()


def damage_cassandra(places):
    """A row altered by a cell of the far future, one dropped, one put in; by partition."""
    with history(places) as session:
        rows = list(session.execute("SELECT wallet_id, month, sequence FROM ledger.history"))
        own = [next(row for row in rows if row.wallet_id == f"w{number}-0") for number in range(3)]
        key = "WHERE wallet_id = %s AND month = %s AND sequence = %s AND partition = "
        altered = f"UPDATE ledger.history USING TIMESTAMP {FAR_FUTURE_US} SET outcome = 'EDITED' "
        session.execute(f"{altered} {key} 0", tuple(own[0]))
        put = "INSERT INTO ledger.history (wallet_id, month, sequence, partition, detail) "
        session.execute(f"{put} VALUES (%s, %s, 999999, 1, '')", tuple(own[1])[:2])
        session.execute(f"DELETE FROM ledger.history {key} 2", tuple(own[2]))
    return {0: "was altered", 1: "row 999999 was extra", 2: "was missing"}


def assert_rows_healed(watched, sequences):
    found = watched.breaks("RI09")
    assert len(found) == len(sequences)
    for each in found:
        sequence = sequences[each.opened.partition]
        assert each.opened.sequence <= sequence < each.opened.sequence + 100
        repair = watched.repair(each.opened.break_id)
        assert repair.changed == 1
        assert f" {sequence} " in repair.detail
        assert repair.before != repair.after


def assert_history_healed(watched, said):
    found, written = watched.breaks("RI10"), {}
    assert len(found) == len(said)
    for each in found:
        repair = watched.repair(each.opened.break_id)
        assert repair.changed == 1
        assert said[each.opened.partition] in repair.detail
        written[each.opened.partition] = repair.written_at
    assert written[0] == FAR_FUTURE_US + 1


def test_an_order_for_what_the_log_does_not_hold_is_ended(fed):
    """Were it owed for ever, the auditor would read nothing else again."""
    with closing(KafkaLog(fed.kafka)) as log, pytest.raises(LogError, match="offset 1000000"):
        log.decisions(0, 1_000_000, 1, lambda _: True)


def level(watched, places, fed):
    """Whether every break was closed and balances are those of the log."""
    if watched.open():
        return False
    held = places.digests("redis", len(fed.logs))
    return not any(differences(log, held[n]) for n, log in enumerate(fed.expected()))


def test_damaged_stores_are_found_and_healed_under_load(fed, places, watched, request, capsys):
    until = watched.attested() + ATTESTED
    for _ in range(4):
        grow(fed, places, 40)
    wait_until(lambda: watched.attested() > until)
    assert watched.breaks() == []
    began = time.monotonic()
    rows, months = damage_postgres(places), damage_cassandra(places)
    balances = damage_redis(places, fed)
    wait_until(lambda: len(watched.breaks("RI11")) >= balances // 2, DEADLINE_S)
    grow(fed, places, 40)  # updates meet the damage, and its repair
    wait_until(lambda: len(watched.breaks("RI09")) == len(rows), DEADLINE_S)
    wait_until(lambda: len(watched.breaks("RI10")) == len(months), DEADLINE_S)
    wait_until(lambda: level(watched, places, fed), DEADLINE_S)
    healed_s = time.monotonic() - began
    assert_rows_healed(watched, rows)
    assert_history_healed(watched, months)
    for store in STORES:
        places.assert_holds_exactly(store, fed)
    capsys.readouterr()
    assert main(["recon", "breaks", "--all", "--json"]) == 0
    shown = [each for each in json.loads(capsys.readouterr().out) if each["check"] != "RI11"]
    said = "\n".join(f"{each['id']} {each['detail']}; {each['repair']}" for each in shown)
    found = len(watched.breaks("RI11"))
    say_aloud(
        request, f"{balances} balances damaged, {found} breaks; all in {healed_s:.1f} s\n{said}"
    )
