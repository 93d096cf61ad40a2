"""The checker on real servers: green over a little of everything, red for each planted edit."""

from contextlib import closing, contextmanager

import psycopg
import pytest
from cassandra.query import SimpleStatement
from rocksdict import Options, Rdict

from ingress.sdk import CaptureHold, PlaceHold, Tier, Transfer
from ops.checker.check import check_everything
from ops.checker.targets import Targets, Told
from schemas.codec import decode, encode
from schemas.messages.rows import AccountBalance, WalletRow
from sinks.cassandra.session import KEYSPACE, open_session
from sinks.redis.client import connect
from sinks.redis.rows import PREFIX, wallet_key
from streams.wallet.tables import WALLETS
from tests.support.running import running_ledger
from topics.catalog import COMMANDS


@pytest.fixture(scope="module")
def lived():
    """A ledger of its own, stopped after a little of everything: what is broken here stays so."""
    with running_ledger() as ledger:
        payer, payee = ledger.open(fund=500_00, partition=1), ledger.open(partition=6)
        neighbour = ledger.open(partition=1, tier=Tier.UNVERIFIED)
        told = [
            ledger.ask(payer, Transfer(payee, "EUR", 12_50)),
            ledger.ask(payer, Transfer(neighbour, "EUR", 1_00)),
            ledger.ask(payer, Transfer(ledger.wallet_id(partition=3), "EUR", 1_00)),
        ]
        hold = ledger.send(payer, PlaceHold(payee, "EUR", 20_00, None))
        told.append(ledger.final(hold))
        told.append(ledger.ask(payer, CaptureHold(hold.command_id, 5_00, keep_open=True)))
        offset = ledger.put(b"rubbish", key=b"x", partition=2)
        ledger.quiesce()
        ledger.told = Told(results=told, poison={(COMMANDS.name, 2, offset)})
        ledger.targets = targets_of(ledger)
        ledger.payer, ledger.payee = payer, payee
        for worker in ledger.workers.values():
            worker.stop()
        yield ledger


def targets_of(ledger):
    ends, state = ledger.stack.endpoints, ledger.stack.layout.state
    return Targets(
        kafka=ends.kafka,
        postgres=ends.postgres,
        cassandra=ends.cassandra,
        redis=ends.redis,
        state={
            partition: state / name / "wallet" / str(partition) / "rocksdb"
            for partition, (name,) in ledger.owners().items()
        },
    )


def edit_postgres(ledger):
    """Give a posting one minor unit more."""
    with psycopg.connect(ledger.targets.postgres) as connection:
        changed = connection.execute(
            "UPDATE posting SET amount = amount - 1 WHERE owner = %s AND account = 'W.AVL'"
            " AND amount < 0 RETURNING sequence",
            (ledger.payee,),
        ).fetchall()
    assert len(changed) == 2, "a transfer and a capture reached the payee"


def edit_redis(ledger):
    """Give the payer's balance one minor unit more."""
    key = wallet_key(PREFIX, ledger.payer)
    with connect(ledger.targets.redis) as client:
        minor, sequence = client.hget(key, "W.AVL:EUR").split(" ")
        client.hset(key, "W.AVL:EUR", f"{int(minor) - 1} {sequence}")


def edit_cassandra(ledger):
    """Remove the newest row of the payee."""
    session = open_session(*ledger.targets.cassandra.split(":"))
    with closing(session.cluster) if hasattr(session.cluster, "close") else shut(session):
        history = f"{KEYSPACE}.history"
        found = f"SELECT month, sequence FROM {history} WHERE wallet_id = %s ALLOW FILTERING"
        month, sequence = max(session.execute(SimpleStatement(found), (ledger.payee,)))
        session.execute(
            f"DELETE FROM {history} WHERE wallet_id = %s AND month = %s AND sequence = %s",
            (ledger.payee, month, sequence),
        )


@contextmanager
def shut(session):
    try:
        yield
    finally:
        session.cluster.shutdown()


def edit_rocksdb(ledger):
    """Give the payee's row one minor unit more."""
    folder = ledger.targets.state[ledger.partition_of(ledger.payee)]
    database = Rdict(str(folder), Options(raw_mode=True))
    key = WALLETS.prefix + WALLETS.encode_key(ledger.payee)
    row = decode(WalletRow, database[key])
    fields = {name: getattr(row, name) for name in WalletRow.__slots__}
    balances = tuple(
        AccountBalance(each.account, each.currency, each.minor - 1) for each in row.balances
    )
    database[key] = encode(WalletRow(**{**fields, "balances": balances}))
    database.close()


def test_everything_holds_and_then_each_edit_of_a_store_is_found_and_named(lived):
    report = check_everything(lived.targets, lived.told)
    assert [str(each) for each in report.findings] == []
    assert [number for number, each in report.results.items() if not each.looked_at] == []
    for edit in (edit_postgres, edit_redis, edit_cassandra, edit_rocksdb):
        edit(lived)
    found = check_everything(lived.targets, lived.told)
    assert found.red() == {8, 9, 10}
    text = "\n".join(map(str, found.findings))
    payer, payee = lived.payer, lived.payee
    assert f"8 PostgreSQL postings: W.AVL:{payee} EUR" in text
    assert f"8 Redis: W.AVL:{payer} EUR" in text
    assert f"8 RocksDB, partition 6: wallets row {payee} holds something else" in text
    assert f"8 Cassandra: W.AVL:{payee} EUR" in text
    assert any(each.check == 9 and payee in each.what for each in found.findings)
    assert any(each.check == 10 and payee in each.what for each in found.findings)
