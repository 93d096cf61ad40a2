"""The small parts of the runtime: store, marks, crash points, watchdog, changelog rows, mailbox."""

import os
import subprocess
import sys
import threading

import pytest

from streams.runtime import changelog_rows, crashpoints
from streams.runtime import watchdog as watchdog_module
from streams.runtime.applied import applied_bytes, read_applied
from streams.runtime.attempts import Attempts
from streams.runtime.changelog_rows import cut, output_row, row_output
from streams.runtime.errors import CrashLoopError, GapError, StoreFailedError
from streams.runtime.fakes_local import FakeClock
from streams.runtime.halt import HaltFile
from streams.runtime.job import InputRecord, Output
from streams.runtime.mailbox import Mailbox
from streams.runtime.metrics import write_status
from streams.runtime.ports import HandOver, Ticket
from streams.runtime.store import StoreRoot
from streams.runtime.watchdog import Watchdog

# Store.


def test_a_store_keeps_its_rows_in_order_over_a_reopening(tmp_path):
    store = StoreRoot(tmp_path).open("job", 0)
    store.write([(b"b2", b"two"), (b"b1", b"one"), (b"c1", b"three"), (b"b3", b"")])
    store.write([(b"b2", None), (b"never", None)])
    store.close()
    store.close()
    store = StoreRoot(tmp_path).open("job", 0)
    assert store.get(b"b1") == b"one"
    assert store.get(b"b2") is None
    assert store.get(b"b3") == b""
    assert store.scan(b"b", b"c", 10) == [(b"b1", b"one"), (b"b3", b"")]
    assert store.scan(b"b", b"d", 1) == [(b"b1", b"one")]
    assert store.scan(b"b11", b"c", 9) == [(b"b3", b"")]
    store.close()


def with_table(tmp_path, rows):
    """A closed database with these rows in a table, and where the table lies."""
    root = StoreRoot(tmp_path)
    store = root.open("job", 0)
    store.write(rows)
    store.close()
    root.open("job", 0).close()  # what was in the write-ahead log is a table now
    return root, max((tmp_path / "job" / "0" / "rocksdb").glob("*.sst"))


def test_a_database_with_a_cut_table_is_set_aside_and_built_again(tmp_path):
    root, table = with_table(tmp_path, [(b"a", b"x" * 10_000)])
    os.truncate(table, table.stat().st_size // 2)
    store = root.open("job", 0)
    assert store.get(b"a") is None
    store.close()
    assert (table.parent.with_name("rocksdb.damaged") / table.name).exists()


@pytest.mark.parametrize(
    "call",
    [
        lambda store, _: store.get(b"a"),
        lambda store, _: store.scan(b"a", b"b", 1),
        lambda store, _: store.write([(b"a", b"")]),
        lambda store, folder: store.checkpoint(folder / "copy"),
    ],
    ids=["get", "scan", "write", "checkpoint"],
)
def test_whatever_the_database_refuses_is_a_failed_store(tmp_path, call):
    store = StoreRoot(tmp_path).open("job", 0)
    store.close()
    with pytest.raises(StoreFailedError, match="local database: "):
        call(store, tmp_path)


def spoilt(tmp_path):
    """A database one of whose tables has another byte in its rows; it opens all the same."""
    rows = [(b"%06d" % number, bytes(400)) for number in range(2_000)]
    root, table = with_table(tmp_path, rows)
    data = bytearray(table.read_bytes())
    data[50] ^= 0xFF
    table.write_bytes(data)
    return root


@pytest.mark.parametrize(
    "read",
    [lambda store: store.get(b"000000"), lambda store: store.scan(b"0", b"1", 10_000)],
    ids=["get", "scan"],
)
def test_a_table_found_corrupt_by_a_read_fails_now_and_is_set_aside_at_the_next_start(
    tmp_path, read
):
    root = spoilt(tmp_path)
    store = root.open("job", 0)
    with pytest.raises(StoreFailedError, match="read: Corruption"):
        read(store)
    store.close()
    again = root.open("job", 0)
    assert again.scan(b"0", b"1", 10) == []
    again.close()
    names = {each.name for each in (tmp_path / "job" / "0").iterdir()}
    assert names == {"rocksdb", "rocksdb.damaged"}


def test_a_database_that_cannot_be_opened_is_a_failed_store(tmp_path):
    folder = tmp_path / "job" / "0"
    folder.mkdir(parents=True)
    (folder / "rocksdb").write_bytes(b"a file where a folder should be")
    with pytest.raises(StoreFailedError, match="open"):
        StoreRoot(tmp_path).open("job", 0)


def test_a_closed_store_gives_its_lock_back_even_after_a_scan(tmp_path):
    root = StoreRoot(tmp_path)
    for _ in range(3):
        store = root.open("job", 0)
        store.scan(b"a", b"z", 5)
        store.close()


def test_the_open_stores_of_a_process_are_counted(tmp_path):
    root = StoreRoot(tmp_path)
    first, second = root.open("job", 0), root.open("job", 1)
    assert root.open_stores() == 2
    first.close()
    first.close()
    assert root.open_stores() == 1
    second.close()
    assert root.open_stores() == 0


def test_the_applied_row_comes_back():
    data = applied_bytes("topic-id", 42, {"b": 2, "a": 1})
    assert read_applied(data) == ("topic-id", 42, {"a": 1, "b": 2})


# Attempts.


def died(folder, positions):
    attempts = Attempts(folder, 3)
    attempts.opening(positions)


def test_only_deaths_at_the_same_inputs_count(tmp_path):
    died(tmp_path, {"a": 1})
    died(tmp_path, {"a": 1})
    died(tmp_path, {"a": 2})
    died(tmp_path, {"a": 2})
    died(tmp_path, {"a": 2})
    with pytest.raises(CrashLoopError, match="died 3 times"):
        died(tmp_path, {"a": 2})


def test_an_exit_in_good_order_is_no_death(tmp_path):
    for _ in range(10):
        attempts = Attempts(tmp_path, 3)
        attempts.opening({"a": 1})
        attempts.closed()
        attempts.close()


def test_success_forgets_earlier_deaths(tmp_path):
    died(tmp_path, {"a": 1})
    died(tmp_path, {"a": 1})
    attempts = Attempts(tmp_path, 3)
    attempts.opening({"a": 1})
    attempts.closed()
    attempts.opening({"a": 5})
    attempts.closed()
    attempts.close()
    attempts = Attempts(tmp_path, 3)
    attempts.opening({"a": 1})
    assert attempts._deaths == 0


def test_a_damaged_mark_counts_as_none(tmp_path):
    (tmp_path / "attempt").write_bytes(b"rubbish, twenty bytes")
    died(tmp_path, {"a": 1})


# Crash points.


def test_crash_points_are_nothing_when_unarmed():
    assert crashpoints.crash_points({}) is crashpoints.unarmed


@pytest.mark.parametrize("wanted", ["nowhere:1", "mid-step:x", "mid-step:-1"])
def test_a_crash_point_nobody_knows_is_refused(wanted):
    with pytest.raises(ValueError, match="expected <point>:<occurrence>"):
        crashpoints.crash_points({crashpoints.VARIABLE: wanted})


def test_an_armed_point_kills_at_its_occurrence():
    script = (
        "from streams.runtime.crashpoints import crash_points\n"
        "passing = crash_points({'LEDGER_CRASH_POINT': 'mid-step:3'})\n"
        "for n in range(9): print(n, flush=True); passing('mid-step'); passing('mid-recovery')"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, check=False)
    assert (done.returncode, done.stdout.split()) == (-9, [b"0", b"1", b"2"])


# Watchdog.


def test_a_call_that_does_not_return_ends_the_process():
    clock, expired = FakeClock(), []
    watchdog = Watchdog(clock, expired.append, limit_s=20)
    watch = watchdog.watch("p0")
    watch.arm("commit")
    clock.sleep(19)
    watchdog.look()
    assert expired == []
    clock.sleep(2)
    watchdog.look()
    assert expired == ["p0: commit has not returned for 21 s"]


def test_a_call_that_returned_is_not_watched():
    clock, expired = FakeClock(), []
    watchdog = Watchdog(clock, expired.append, limit_s=20)
    watch = watchdog.watch("p0")
    watch.arm("commit")
    watch.disarm()
    clock.sleep(100)
    watchdog.look()
    assert expired == []


def test_the_watchdog_looks_by_itself(monkeypatch):
    monkeypatch.setattr(watchdog_module, "LOOK_EVERY_S", 0.01)
    clock, bitten = FakeClock(), threading.Event()
    watchdog = Watchdog(clock, lambda reason: bitten.set(), limit_s=20)
    watchdog.watch("p0").arm("flush")
    clock.sleep(30)
    watchdog.start()
    assert bitten.wait(10)
    watchdog.stop()


# Changelog rows.


@pytest.mark.parametrize("key", [None, b"", b"a b", b"-"])
@pytest.mark.parametrize("value", [None, b"", b"v"])
def test_an_output_comes_back_from_its_row(key, value):
    output = Output("told.v1", 12, key, value)
    back = row_output(output_row(output))
    assert (back.topic, back.partition, back.key, back.value) == ("told.v1", 12, key, value)


def test_a_group_is_cut_into_records_below_the_limit(monkeypatch):
    monkeypatch.setattr(changelog_rows, "RECORD_BYTES", 150)
    rows = [output_row(Output("t", 0, None, b"x" * size)) for size in (10, 10, 500, 10, 10)]
    assert [len(part) for part in cut(rows)] == [2, 1, 2]
    assert cut([]) == [[]]


# Mailbox.


def test_records_outside_their_hand_over_are_a_gap():
    mailbox = Mailbox(["a"], 2)
    mailbox.reopen(Ticket(1, 1), {"a": 5})
    record = InputRecord("a", 0, 4, 0, None, None)
    mailbox.offer(
        HandOver(topic="a", partition=0, ticket=Ticket(1, 1), before=5, records=[record], after=9)
    )
    with pytest.raises(GapError):
        mailbox.take("a")


def test_a_wait_ends_with_an_offer_or_a_wake():
    mailbox = Mailbox(["a"], 2)
    threading.Timer(0.01, mailbox.wake).start()
    mailbox.wait(60)
    mailbox.wake()
    mailbox.wait(60)


# Files for people.


def test_status_and_halt_files_are_whole_or_absent(tmp_path):
    write_status(tmp_path / "w" / "status.json", {"a": 1})
    assert (tmp_path / "w" / "status.json").read_text() == '{"a": 1}\n'
    halt = HaltFile(tmp_path / "p")
    assert halt.read() == {}
    halt.write({"error": "x"})
    assert halt.read() == {"error": "x"}
    halt.remove()
    halt.remove()
    assert not halt.exists()
