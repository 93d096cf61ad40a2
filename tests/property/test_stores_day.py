"""Whatever a day brings, no family is lost on the way into the stores."""

from collections import Counter

from hypothesis import given

from ledger.chart import WALLET_ACCOUNTS
from ledger.evolve import wallets_of
from ledger.facts import said_of
from ledger.history import history_of
from ops.checker.current import TABLES
from schemas.codec import encode
from schemas.messages.decisions import Decision
from schemas.messages.events import TransactionMoved
from sinks.batch import Batch, Position
from sinks.memory.sink import MemorySink, MemoryStore
from sinks.redis.rows import changes_of
from streams.wallet.tables import TRANSACTIONS
from tests.support.strategies import World, day_of, days

FLOW, WHAT = 10, 12  # columns of a history row


def decisions_of(rig) -> list[Decision]:
    return [decision for decision, _ in rig.log]


@given(days)
def test_every_event_of_a_wallet_has_a_line_and_every_line_says_something(day):
    for rig in World().run(day).rigs:
        for decision in decisions_of(rig):
            lines = {row[0]: row for row in history_of(decision)}
            about = {wallet for event in decision.events for wallet in wallets_of(event)}
            assert about <= lines.keys() | {""}
            if said_of(decision) == "ACCEPTED":
                assert all(row[FLOW] or row[WHAT] for row in lines.values())


@given(days)
def test_redis_is_told_the_balance_of_every_account(day):
    for rig in World().run(day).rigs:
        told = Counter()
        for key, arguments in changes_of("p", 0, decisions_of(rig)).items():
            if key.startswith("p:wallet:"):
                for field, minor in zip(arguments[::3], arguments[1::3], strict=True):
                    told[key.removeprefix("p:wallet:"), field] = minor
        held = {
            (wallet, f"{each.account}:{each.currency}"): each.minor
            for wallet, row in rig.view.wallets.rows.items()
            for each in row.balances
        }
        assert {key: minor for key, minor in told.items() if minor} == {
            key: minor for key, minor in held.items() if minor
        }
        assert {field.split(":")[0] for _, field in told} <= WALLET_ACCOUNTS


@given(days)
def test_a_transactional_store_has_every_transaction_as_the_core_does(day):
    (told,) = [table.told for table in TABLES if table.name == TRANSACTIONS.name]
    for partition, rig in enumerate(World().run(day).rigs):
        held = MemoryStore()
        batch = Batch(partition, decisions_of(rig), None, Position.start("t"))
        MemorySink(held).write(batch)
        rows = rig.view.transactions.rows
        expected = {key: told(encode(row)) for key, row in rows.items()}
        found = {(each.wallet_id, each.transaction_id): each[3:20] for each in held.transactions()}
        assert found == expected


def test_days_have_transactions_of_most_kinds():
    """What the others look at; one day is too short for all of them."""
    seen = {
        event.row.kind
        for seed in range(30)
        for rig in World().run(day_of(seed, 120)).rigs
        for decision in decisions_of(rig)
        for event in decision.events
        if isinstance(event, TransactionMoved)
    }
    assert len(seen) >= 12, seen
