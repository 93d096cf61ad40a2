"""Check 8, rows of PostgreSQL that change: red when a wallet or hold is not as the fold has it."""

from contextlib import closing

import pytest

from ops.checker.current import TABLES, check_current
from ops.checker.report import Result
from schemas.messages.commands import (
    CancelWithdrawal,
    CaptureHold,
    ExtendHold,
    IncrementHold,
    PlaceHold,
    Withdraw,
)
from sinks.batch import Batch, Position
from sinks.memory.rows import WALLETS
from sinks.memory.sink import MemorySink, MemoryStore
from streams.runtime.store import StoreRoot
from tests.support.writers import Writer, wallet_at

ALICE, BOB = wallet_at(0), wallet_at(0, 1)


@pytest.fixture
def writer():
    """A hold that grows, ends later and is captured in part, another, and two withdrawals."""
    writer = Writer(0)
    for wallet_id in (ALICE, BOB):
        writer.open(wallet_id, 1_000)
    for command_id, body in (
        ("hold", PlaceHold(BOB, "EUR", 30, 600)),
        ("more", IncrementHold("hold", 7)),
        ("later", ExtendHold("hold", 9_000)),
        ("part", CaptureHold("hold", 5, keep_open=True)),
        ("other", PlaceHold(BOB, "EUR", 40, None)),
        ("out", Withdraw("EUR", 50, "sct", "NL01")),
        ("back", CancelWithdrawal("out")),
        ("gone", Withdraw("EUR", 60, "sct", "NL02")),
    ):
        writer.command(ALICE, body, command_id)
    writer.commit()
    return writer


@pytest.fixture
def fold(writer, tmp_path):
    with closing(StoreRoot(tmp_path).open("wallet", 0)) as store:
        store.write(list(writer.rows.items()))
        yield store


@pytest.fixture
def tables(writer):
    """What a store holds of each table: rows of key and contents, in key order."""
    held = MemoryStore()
    MemorySink(held).write(Batch(0, writer.decisions, None, Position.start("t")))
    wallets = [
        (wallet, *(value for name, value in fields.items() if name != "partition"))
        for (wallet,), fields in held.fields[WALLETS].items()
    ]
    holds = [(each.wallet_id, each.hold_id, *each[4:]) for each in held.holds()]
    moved = [each[1:20] for each in held.transactions()]
    return {
        "wallets": sorted(wallets),
        "holds": sorted(holds),
        "transactions": sorted(moved),
    }


def found(fold, tables):
    result = Result(8)
    names = {table.statement: table.name for table in TABLES}
    check_current(0, fold, lambda statement: tables[names[statement]], result)
    assert result.looked_at == sum(map(len, tables.values()))
    return [str(each) for each in result.findings]


def test_rows_as_the_fold_has_them_are_right(fold, tables):
    assert {name: len(rows) for name, rows in tables.items()} == dict.fromkeys(tables, 2)
    assert found(fold, tables) == []


@pytest.mark.parametrize("column", ["authorized", "expires_at"])
def test_a_hold_that_missed_an_event_is_named(fold, tables, column):
    at = {"authorized": 4, "expires_at": 8}[column]
    (alice, hold, *rest), other = tables["holds"]
    changed = [alice, hold, *rest]
    changed[at] -= 7
    tables["holds"] = [tuple(changed), other]
    what = f"8 PostgreSQL, partition 0: holds row {ALICE} hold holds something else"
    assert found(fold, tables) == [what]


def test_a_transaction_that_stands_elsewhere_is_named(fold, tables):
    wallet, withdrawal, kind, state, *rest = tables["transactions"][0]
    tables["transactions"][0] = (wallet, withdrawal, kind, "SETTLED", *rest)
    assert state == "PENDING"
    what = f"8 PostgreSQL, partition 0: transactions row {ALICE} {withdrawal} holds something else"
    assert found(fold, tables) == [what]


def test_a_row_that_is_missing_or_from_nowhere_is_named(fold, tables):
    tables["holds"].pop()
    tables["wallets"].append(("zz", *tables["wallets"][0][1:]))
    assert found(fold, tables) == [
        "8 PostgreSQL, partition 0: wallets row zz does not follow from the log",
        f"8 PostgreSQL, partition 0: holds row {ALICE} other is missing",
    ]
