"""A ledger that is lost comes back from its archive, to the byte, and goes on deciding."""

import os
import signal
import subprocess
import sys
from contextlib import closing
from dataclasses import replace

import pytest

from ingress.sdk import LedgerProducer, ResultReader, Transfer, stamp
from ops.audit.stores import sequences_of
from ops.backup.drill import READ, RESTORED
from ops.exits import DIFFERENCES
from ops.reading import TopicReader, last_sealed
from ops.rig import running_partitions, start_sink, start_worker, wait_for
from schemas.codec import decode
from schemas.messages.control import Control
from tests.support.customers import ANSWER_S, PARTITIONS
from tests.support.load import Load
from tests.support.sources import ROOT
from tests.support.stack import running_stack
from topics.catalog import COMMANDS, CONTROL, EVENTS, JOB_COMMANDS, LEGS
from topics.restored import RESTORED_HEADER

REASON = ("--execute", "--reason", "a test")
SCRIPT = ROOT / "verifier/verify_ledger.py"


def test_a_lost_ledger_comes_back_from_its_archive(ledger, ctl, tmp_path, monkeypatch):
    place = str(tmp_path / "archive")
    payer, payee = ledger.open(fund=100_00), ledger.open()
    paid = archived(ledger, ctl, place, payer, payee)
    check_the_archive_alone(ctl, place, tmp_path / "log")
    with running_stack("kafka", "postgres") as second:
        for name, value in second.endpoints.env().items():
            monkeypatch.setenv(name, value)
        for name in ("LEDGER_CASSANDRA", "LEDGER_REDIS"):
            monkeypatch.delenv(name)
        monkeypatch.setenv("LEDGER_STATE_DIR", str(second.layout.state))
        assert "nothing was done" in ctl("backup", "restore", place, "--to-empty")
        assert "start the workers" in ctl("backup", "restore", place, "--to-empty", *REASON)
        same_to_the_byte(ledger.kafka, second.endpoints.kafka)
        assert "nothing to do" in ctl("topics", "plan")
        start_sink(second, "postgres")
        start_worker(second, "heir")
        wait_for("the heir", lambda: running_partitions(second, "heir") == PARTITIONS, 90)
        goes_on(second.endpoints.kafka, payer, payee, paid)
        wait_for("the sink", lambda: is_level(second.endpoints), 60)
        assert ctl("verify", "all", "--json")["holds"]


def archived(ledger, ctl, place, payer, payee):
    """Archive under load, once killed, twice whole; the id of a payment that is in it."""
    paid = ledger.accepted(payer, Transfer(payee, "EUR", 5_00))
    with Load(ledger, rate=40, wallets=20) as load:
        wait_for("load", lambda: load.sent > 40)
        killed_in_the_middle(ledger, place)
        told = ctl("backup", "create", place, *REASON)
        assert "records added" in told
        mid = load.sent
        wait_for("more load", lambda: load.sent > mid + 20)
        assert "done" in ctl("backup", "create", place, *REASON)
    return paid


def check_the_archive_alone(ctl, place, folder):
    found = ctl("backup", "verify", place, "--export", str(folder), "--json")
    assert found["differences"] == []
    assert found["decisions"] > 200
    # Other tests sign this shared log, by keys that nobody here trusts.
    (folder / "checkpoints.jsonl").write_text("", encoding="utf-8")
    verify = (sys.executable, str(SCRIPT), str(folder))
    done = subprocess.run(verify, check=False, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout
    refused = ctl("backup", "restore", place, "--to-empty", code=DIFFERENCES)
    assert "a restore writes to an empty cluster only" in refused


def killed_in_the_middle(ledger, place):
    """A create that ends without warning, once it has begun to write."""
    command = ("-m", "ops.cli", "backup", "create", place, *REASON)
    env = {**os.environ, "LEDGER_KAFKA": ledger.kafka}
    with subprocess.Popen((sys.executable, *command), env=env, cwd=ROOT) as running:
        events = ROOT.joinpath(place, EVENTS.name)
        wait_for("a first file", lambda: any(events.glob("*/*")) or running.poll() is not None)
        running.send_signal(signal.SIGKILL)
    assert running.returncode == -signal.SIGKILL, "it was too quick to be killed"


def same_to_the_byte(first, second):
    """Each record that came back lies where it lay, and says what it said, its time too.

    Behind them lies one that is new: who brought them back.
    """
    for topic in (EVENTS, COMMANDS, LEGS, CONTROL, JOB_COMMANDS):
        with closing(TopicReader(first, topic.name)) as old:
            records = {(each.partition, each.offset): each for each in old.read()}
        with closing(TopicReader(second, topic.name)) as new:
            restored = list(new.read())
        if topic is CONTROL:
            act = decode(Control, restored.pop(at_the_end(restored)).value).body.act
            assert (act.verb, act.outcome) == ("backup.restore", "DONE")
        for each in restored:
            was = records[each.partition, each.offset]
            assert each == replace(was, headers={**was.headers, RESTORED_HEADER: b""})
        assert restored or topic in {CONTROL, JOB_COMMANDS}


def at_the_end(records):
    """Return where the one record is that no archive had."""
    (index,) = [at for at, each in enumerate(records) if RESTORED_HEADER not in each.headers]
    return index


def goes_on(kafka, payer, payee, paid):
    """What was answered is known; what is new is decided."""
    with closing(ResultReader(kafka)) as reader, closing(LedgerProducer(kafka)) as producer:
        again = stamp(payer, Transfer(payee, "EUR", 5_00), command_id=paid)
        fresh = stamp(payer, Transfer(payee, "EUR", 1_00))
        for command in (again, fresh):
            reader.expect(payer, command.command_id)
            producer.send_command(command).result(ANSWER_S)
        assert reader.wait(payer, paid, timeout_s=ANSWER_S).outcome == "DUPLICATE"
        assert reader.wait(payer, fresh.command_id, timeout_s=ANSWER_S).outcome == "ACCEPTED"


def is_level(endpoints):
    """Whether PostgreSQL has every sealed Decision of the restored ledger."""
    last = {number: each.sequence for number, each in last_sealed(endpoints.kafka).items() if each}
    return sequences_of("postgres", endpoints) == last


@pytest.mark.long
def test_a_drill_says_how_long_it_takes(ledger, ctl, tmp_path):
    place = str(tmp_path / "archive")
    ledger.accepted(ledger.open(fund=10_00), Transfer(ledger.open(), "EUR", 1_00))
    ctl("backup", "create", place, *REASON)
    found = ctl("backup", "drill", place, "--json")
    assert found["differences"] == []
    assert found["partitions_compared"] == PARTITIONS
    assert found["decisions"] > 0
    assert set(found["seconds"]) == {READ, *RESTORED, "compare"}
    assert found["rto_s"] > 0
