"""The checker on real servers: green over a little of everything, red for each planted edit."""

import json
from dataclasses import replace

import psycopg
import pytest
from rocksdict import Options, Rdict

from ingress.sdk import (
    CaptureHold,
    ExtendHold,
    IncrementHold,
    Outcome,
    PlaceHold,
    Tier,
    Transfer,
    Withdraw,
)
from ops.checker.check import check_everything
from ops.checker.state import owners_in
from ops.checker.targets import Told
from ops.cli import main
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
        told.append(ledger.ask(payer, IncrementHold(hold.command_id, 3_00)))
        told.append(ledger.ask(payer, ExtendHold(hold.command_id, 86_400)))
        told.append(ledger.ask(payer, CaptureHold(hold.command_id, 5_00, keep_open=True)))
        out = ledger.send(payee, Withdraw("EUR", 2_00, "sct", "NL01"))
        told.append(ledger.final(out))
        assert told[-1].outcome is Outcome.ACCEPTED, told[-1]
        offset = ledger.put(b"rubbish", key=b"x", partition=2)
        ledger.quiesce()
        ledger.told = Told(results=told, poison={(COMMANDS.name, 2, offset)})
        alive = ledger.targets()
        ledger.payer, ledger.payee, ledger.hold = payer, payee, hold.command_id
        ledger.withdrawal = out.command_id
        for worker in ledger.workers.values():
            worker.stop()
        # The one that stopped last may have taken over what the other one left.
        ledger.rest = replace(alive, state=owners_in(ledger.stack.layout.state))
        yield ledger


def edit_postgres(ledger):
    """Give a posting one minor unit more."""
    with psycopg.connect(ledger.rest.postgres) as connection:
        changed = connection.execute(
            "UPDATE posting SET amount = amount - 1 WHERE owner = %s AND account = 'W.AVL'"
            " AND amount < 0 RETURNING sequence",
            (ledger.payee,),
        ).fetchall()
    assert len(changed) == 2, "a transfer and a capture reached the payee"


def edit_hold(ledger):
    """Forget that a hold was incremented."""
    with psycopg.connect(ledger.rest.postgres) as connection:
        gone = connection.execute(
            "DELETE FROM hold_step WHERE hold_id = %s AND authorized > 0", (ledger.hold,)
        )
    assert gone.rowcount == 1


def edit_transaction(ledger):
    """Say that a withdrawal is where it is not, and forget how it began."""
    with psycopg.connect(ledger.rest.postgres) as connection:
        key = (ledger.withdrawal,)
        moved = "UPDATE wallet_transaction SET state = 'SETTLED' WHERE transaction_id = %s"
        assert connection.execute(moved, key).rowcount == 1
        steps = connection.execute("DELETE FROM transaction_step WHERE transaction_id = %s", key)
        assert steps.rowcount > 0


def edit_redis(ledger):
    """Give the payer's balance one minor unit more."""
    key = wallet_key(PREFIX, ledger.payer)
    with connect(ledger.rest.redis) as client:
        minor, sequence = client.hget(key, "W.AVL:EUR").split(" ")
        client.hset(key, "W.AVL:EUR", f"{int(minor) - 1} {sequence}")


def edit_cassandra(ledger):
    """Remove the newest row of the payee."""
    history = f"{KEYSPACE}.history"
    session = open_session(ledger.rest.cassandra)
    try:
        found = f"SELECT month, sequence FROM {history} WHERE wallet_id = %s ALLOW FILTERING"
        month, sequence = max(session.execute(found, (ledger.payee,)))
        session.execute(
            f"DELETE FROM {history} WHERE wallet_id = %s AND month = %s AND sequence = %s",
            (ledger.payee, month, sequence),
        )
    finally:
        session.cluster.shutdown()


def edit_rocksdb(ledger):
    """Give the payee's row one minor unit more."""
    folder = ledger.rest.state[ledger.partition_of(ledger.payee)]
    database = Rdict(str(folder), Options(raw_mode=True))
    key = WALLETS.prefix + WALLETS.encode_key(ledger.payee)
    row = decode(WalletRow, database[key])
    fields = {name: getattr(row, name) for name in WalletRow.__match_args__}
    balances = tuple(
        AccountBalance(each.account, each.currency, each.minor - 1) for each in row.balances
    )
    database[key] = encode(WalletRow(**{**fields, "balances": balances}))
    database.close()


def test_everything_holds_and_then_each_edit_of_a_store_is_found_and_named(
    lived, monkeypatch, capsys, tmp_path
):
    report = check_everything(lived.rest, lived.told)
    assert [str(each) for each in report.findings] == []
    assert [number for number, each in report.results.items() if not each.looked_at] == []
    for name, value in lived.stack.endpoints.env().items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("LEDGER_STATE_DIR", str(lived.stack.layout.state))
    capsys.readouterr()
    assert main(["verify", "all", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["decisions"] == report.decisions
    key = signed(tmp_path, capsys)
    assert main(["verify", "balances", "--key", key]) == 0
    for edit in (
        edit_postgres,
        edit_hold,
        edit_transaction,
        edit_redis,
        edit_cassandra,
        edit_rocksdb,
    ):
        edit(lived)
    assert main(["verify", "all"]) == 1
    shown = capsys.readouterr()
    payer, payee = lived.payer, lived.payee
    for finding in (
        f"8 PostgreSQL postings: W.AVL:{payee} EUR",
        f"8 PostgreSQL, partition 1: holds row {payer} {lived.hold} holds something else",
        f"8 Redis: W.AVL:{payer} EUR",
        f"8 Cassandra: W.AVL:{payee} EUR",
        f"8 RocksDB, partition 6: wallets row {payee} holds something else",
        f"8 PostgreSQL, partition 6: transactions row {payee} {lived.withdrawal} holds something",
        "9 PostgreSQL, partition 6 #",
        "10 Cassandra, partition 6 #",
    ):
        assert f"difference: {finding}" in shown.err
    red = {line.removeprefix("difference: ").split(" ")[0] for line in shown.err.splitlines()}
    assert {"8", "9", "10"} <= red <= {"8", "9", "10", "[stack]", "[ledger]"}
    assert main(["verify", "balances", "--key", key]) == 1
    shown = capsys.readouterr()
    for keeper, wallet in (("Redis", payer), ("Cassandra", payee), ("the workers' state", payee)):
        assert f"difference: {keeper}: W.AVL:{wallet} EUR" in shown.err


def signed(folder, capsys):
    """Sign the log as it is; the public key of who did."""
    file = str(folder / "office.key")
    assert main(["checkpoints", "keygen", "office", file]) == 0
    key = capsys.readouterr().out.strip()
    act = ("--execute", "--reason", "a test")
    assert main(["checkpoints", "sign", "--key-file", file, *act]) == 0
    return key
