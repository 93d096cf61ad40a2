"""Checks of what is kept: red when a row, a balance, a position or a place is not the log's."""

import signal
from contextlib import closing

import pytest

from ops.checker.balances import Balances, Newest
from ops.checker.held import JOURNAL
from ops.checker.recoveries import check_lag, check_recoveries
from ops.checker.report import Result
from ops.checker.rows import RowSums, differing, inside, name_rows, rows_in
from ops.checker.state import check_positions, check_state, owners_in
from ops.checker.targets import Told
from ops.checker.watermarks import compare_ends
from sinks.digests import HISTORY, OUTCOMES, POSTINGS
from streams.runtime.applied import applied_bytes
from streams.runtime.overlay import APPLIED_KEY
from streams.runtime.store import StoreRoot
from streams.wallet.tables import ACCOUNTS, TABLES, WALLETS
from tests.support.checked import steps_of
from tests.unit.ops.ledger_day import day


@pytest.fixture
def steps():
    return [step for writer in day() for step in steps_of(writer)]


# --- 8 and 13: RocksDB


@pytest.fixture
def owner(tmp_path):
    """(fold, folder of an owner with the same rows, a way to change the owner's)."""
    writer = day()[0]
    rows = [*writer.rows.items(), (APPLIED_KEY, applied_bytes("id", 9, {"commands": 4}))]
    for name in ("fold", "owner"):
        with closing(StoreRoot(tmp_path / name).open("wallet", 0)) as store:
            store.write(rows)

    def change(key, row):
        with closing(StoreRoot(tmp_path / "owner").open("wallet", 0)) as store:
            store.write([(key, row)])

    with closing(StoreRoot(tmp_path / "fold").open("wallet", 0)) as fold:
        yield fold, tmp_path / "owner" / "wallet" / "0" / "rocksdb", change


def state_of(owner):
    result = Result(8)
    check_state(0, owner[0], owner[1], result)
    return [each.what for each in result.findings], result


def test_8_an_owner_with_the_rows_of_the_log_is_right(owner):
    found, result = state_of(owner)
    assert found == []
    assert result.looked_at == len(day()[0].rows)


def test_8_a_row_that_is_changed_missing_or_extra_is_named(owner):
    _, _, change = owner
    (wallet, *_), *_ = [[key for key in day()[0].rows if key.startswith(WALLETS.prefix)]]
    change(wallet, b"other")
    assert state_of(owner)[0] == [f"wallets row {wallet[1:].decode()} holds something else"]
    change(wallet, None)
    assert state_of(owner)[0] == [f"wallets row {wallet[1:].decode()} is missing"]
    last = TABLES[-1]
    change(ACCOUNTS.prefix + b"\0first", b"x")
    change(last.prefix + b"\xff", b"x")
    assert state_of(owner)[0] == [
        f"wallets row {wallet[1:].decode()} is missing",
        "accounts row  first does not follow from the log",
        rf"{last.name} row \xff does not follow from the log",
    ]


def test_8_a_folder_that_is_gone(owner, tmp_path):
    result = Result(8)
    check_state(0, owner[0], tmp_path / "nowhere", result)
    check_positions(0, {}, 0, tmp_path / "nowhere", result)
    assert len(result.findings) == 2


def positions_of(owner, positions, offset):
    result = Result(13)
    check_positions(0, positions, offset, owner[1], result)
    return [each.what for each in result.findings]


def test_13_positions_are_those_of_the_log(owner):
    assert positions_of(owner, {"commands": 4}, 9) == []
    assert positions_of(owner, {"commands": 5}, 9) == ["goes on at commands 4, the log says 5"]
    assert positions_of(owner, {"commands": 4, "legs": 1}, 9) == [
        "goes on at legs None, the log says 1"
    ]
    assert positions_of(owner, {"commands": 4}, 10) == [
        "has applied the log up to 9, its end is 10"
    ]
    owner[2](APPLIED_KEY, None)
    assert positions_of(owner, {"commands": 4}, 9) == ["has applied nothing"]
    assert positions_of(owner, {}, 0) == []


def test_the_owner_of_a_partition_is_whoever_followed_the_log_furthest(tmp_path):
    for worker, offset in (("a", 5), ("b", 9), ("c", 7)):
        with closing(StoreRoot(tmp_path / worker).open("wallet", 0)) as store:
            store.write([(APPLIED_KEY, applied_bytes("id", offset, {}))])
    with closing(StoreRoot(tmp_path / "b").open("wallet", 3)):
        pass
    assert owners_in(tmp_path) == {
        0: tmp_path / "b/wallet/0/rocksdb",
        3: tmp_path / "b/wallet/3/rocksdb",
    }


# --- 8: balances


def balances_of(steps, change=lambda held: None, *, wallets_only=False):
    result = Result(8)
    balances = Balances(result)
    for step in steps:
        balances.take(step)
    held = dict(balances.accounts)
    change(held)
    balances.compare("Store", held.items(), wallets_only=wallets_only)
    return [each.what for each in result.findings]


def test_8_balances_are_sums_of_postings(steps):
    assert balances_of(steps) == []

    def bump(held):
        key = (0, "REV.TOPUP", "", "EUR") if (0, "REV.TOPUP", "", "EUR") in held else first(held)
        held[key] = (held[key][0] + 1, held[key][1])

    def age(held):
        held[first(held)] = (held[first(held)][0], 0)

    def drop(held):
        del held[first(held)]

    def invent(held):
        held[0, "W.AVL", "nobody", "EUR"] = (-1, 1)

    for change, what in (
        (bump, ", the log says "),
        (age, "is of sequence 0, the log's is "),
        (drop, "is missing"),
        (invent, "W.AVL:nobody EUR of partition 0 is not in the log"),
    ):
        (found,) = balances_of(steps, change)
        assert what in found


def first(held):
    return next(iter(held))


def test_8_a_history_has_wallets_only_and_its_newest_row_counts(steps):
    def without_system(held):
        for key in [key for key in held if not key[1].startswith("W.")]:
            del held[key]

    assert balances_of(steps, without_system, wallets_only=True) == []
    newest = Newest()
    for step in reversed(steps):
        for placed in rows_in(step.decision):
            newest.add(placed)
    result = Result(8)
    balances = Balances(result)
    for step in steps:
        balances.take(step)
    balances.compare("Cassandra", newest.balances(), wallets_only=True)
    assert result.findings == []
    assert result.looked_at > 3


# --- 9 and 10


def rows_found(steps, plant, views):
    log = [row for step in steps for row in rows_in(step.decision)]
    ours, theirs = RowSums(), RowSums()
    ours.add(log)
    held = plant([row for row in log if row[0] in views])
    theirs.add(held)
    result = Result(9)
    buckets = differing(ours, theirs, views)
    name_rows("Store", inside(log, buckets), inside(held, buckets), result)
    return [str(each) for each in result.findings]


@pytest.mark.parametrize("views", [JOURNAL, (HISTORY,)])
def test_9_and_10_the_same_rows_in_any_order_are_equal(steps, views):
    assert rows_found(steps, lambda rows: rows[::-1], views) == []


@pytest.mark.parametrize("view", [OUTCOMES, POSTINGS, HISTORY])
def test_9_and_10_a_row_missing_twice_or_changed_is_named(steps, view):
    views = (HISTORY,) if view == HISTORY else JOURNAL

    def at(rows):
        return next(index for index, row in enumerate(rows) if row[0] == view)

    def without(rows):
        del rows[at(rows)]
        return rows

    def twice(rows):
        return [*rows, rows[at(rows)]]

    def changed(rows):
        kind, partition, sequence, row = rows[at(rows)]
        rows[at(rows)] = (kind, partition, sequence, (*row[:-1], "other"))
        return rows

    where = "9 Store, partition 0 #"
    (missing,) = rows_found(steps, without, views)
    assert missing.startswith(where)
    assert f"{view}: 1 missing: [" in missing
    (extra,) = rows_found(steps, twice, views)
    assert f"{view}: 1 not in the log: [" in extra
    assert len(rows_found(steps, changed, views)) == 2


# --- 12 and 16


def test_12_an_open_transaction_holds_the_last_stable_offset_back():
    result = Result(12)
    high = {("log", 0): 5, ("log", 1): 7}
    compare_ends(high, high, result)
    assert result.findings == []
    compare_ends({("log", 0): 5, ("log", 1): 6}, high, result)
    (finding,) = result.findings
    assert str(finding) == "12 log[1]: its last stable offset is 6, its end 7"


def test_16_recoveries_restarts_and_lag():
    result = Result(16)
    told = Told(recoveries_s=[1.0, 2.0], recovery_bound_s=3.0, restarts={"w": 2}, ended={"w": 1})
    check_recoveries(told, result)
    check_lag("Redis", {0: 7}, {0: 7}, result)
    assert result.findings == []
    assert result.notes == ["2 recoveries: p50 2.0 s, p99 2.0 s, max 2.0 s"]
    check_recoveries(Told(recoveries_s=[4.0], recovery_bound_s=3.0, restarts={"w": 1}), result)
    check_lag("Redis", {0: 7}, {0: 8, 1: 1}, result)
    assert [each.what for each in result.findings] == [
        "took 4.0 s, at most 3.0 s are good",
        "was started again 1 times after 0 endings",
        "stands at #7, the log at #8",
        "stands at #0, the log at #1",
    ]


def test_16_a_crash_of_compiled_code_is_no_ending_like_others():
    result = Result(16)
    check_recoveries(Told(exits={"w": (-signal.SIGKILL, 20, 0)}), result)
    assert result.findings == []
    check_recoveries(Told(exits={"w": (20, -signal.SIGSEGV), "v": (-signal.SIGABRT,)}), result)
    assert [str(each) for each in result.findings] == [
        "16 w: crashed: SIGSEGV",
        "16 v: crashed: SIGABRT",
    ]
