"""The proof: it holds over a sound log and equal stores, and over nothing else."""

import time

import pytest

from ledger.sealing import LogError
from ops.audit import follow
from ops.audit.stores import StoreView
from ops.demo.proof import NAMES, Audit, prove
from sinks.digests import BALANCES, ENTRIES, HISTORY, OUTCOMES, POSTINGS, Digest
from tests.unit.ops.kafka_doubles import FakeConsumer, FakeMessage
from tests.unit.ops.ledger_day import day

JOURNAL = (OUTCOMES, ENTRIES, POSTINGS, BALANCES)


def audited(monkeypatch, *, settled=True, spoil=None):
    """An audit that has read the whole day."""
    batches = [
        [
            FakeMessage(writer.partition, each.offset, each.value, headers=list(each.headers))
            for each in writer.log
        ]
        for writer in day(settled=settled)
    ]
    if spoil:
        batches[0][1] = FakeMessage(0, batches[0][1].offset(), b"rubbish")
    consumer = FakeConsumer({0: 1, 1: 1}, *batches)
    monkeypatch.setattr(follow, "Consumer", consumer)
    audit = Audit("nowhere")
    deadline = time.monotonic() + 20
    while consumer.batches and audit._failure is None:
        assert time.monotonic() < deadline
    return audit


@pytest.fixture
def audit(monkeypatch):
    audit = audited(monkeypatch)
    audit.close()
    return audit


def store(audit, views, **changed):
    """A store that holds what the log demands; `changed` replaces partitions."""
    log = audit.digests()
    held = {number: {name: log[number][name] for name in views} for number in log}
    held |= changed.get("held", {})
    for number in changed.get("lost", ()):
        del held[number]
    return StoreView(views, dict, lambda partitions: held)


def equal_stores(audit):
    return {
        "PostgreSQL": store(audit, JOURNAL),
        "Cassandra": store(audit, (HISTORY,)),
        "Redis": store(audit, (BALANCES,)),
    }


def test_equal_stores_prove_it(audit):
    proof = prove(audit, equal_stores(audit))
    assert proof.findings == []
    assert proof.holds
    assert all(line.equal for line in proof.lines)
    told = [(line.store, line.what) for line in proof.lines[2:]]
    assert told == [
        *(("PostgreSQL", NAMES[name]) for name in JOURNAL),
        ("Cassandra", NAMES[HISTORY]),
        ("Redis", NAMES[BALANCES]),
    ]
    decided = sum(len(writer.log) for writer in day())
    assert proof.lines[0].rows == decided
    assert [line.rows for line in proof.lines if line.what == NAMES[OUTCOMES]] == [decided]


@pytest.mark.parametrize("view", JOURNAL)
def test_a_row_too_many_or_too_few_is_found(audit, view):
    right = audit.digests()[1]
    for by in (1, -1):
        wrong = {**{name: right[name] for name in JOURNAL}}
        wrong[view] = Digest(right[view].count + by, right[view].total)
        proof = prove(audit, {"PostgreSQL": store(audit, JOURNAL, held={1: wrong})})
        (finding,) = proof.findings
        assert finding.startswith(f"PostgreSQL, partition 1: {view}: log ")
        assert [line.what for line in proof.lines if not line.equal] == [NAMES[view]]


def test_a_changed_row_is_found(audit):
    right = audit.digests()[0][BALANCES]
    wrong = {0: {BALANCES: Digest(right.count, right.total + 1)}}
    proof = prove(audit, {"Redis": store(audit, (BALANCES,), held=wrong)})
    assert not proof.holds
    assert len(proof.findings) == 1


def test_a_lost_partition_is_found(audit):
    proof = prove(audit, {"Redis": store(audit, (BALANCES,), lost=(1,))})
    (finding,) = proof.findings
    assert finding.startswith("Redis, partition 1: balances")


def test_an_empty_store_is_found(audit):
    proof = prove(audit, {"Cassandra": store(audit, (HISTORY,), lost=(0, 1))})
    assert len(proof.findings) == 2
    assert not proof.lines[-1].equal


def test_rows_of_a_partition_that_does_not_exist_are_found(audit):
    proof = prove(audit, {"Redis": store(audit, (BALANCES,), held={7: {BALANCES: Digest(1, 1)}})})
    assert proof.findings == ["Redis, partition 7: the log has no such partition"]


def test_what_the_log_says_of_itself_is_part_of_it(audit):
    audit.totals.findings.append("partition 0 #1 is crooked")
    audit.totals.balances[0, "W.AVL", "w", "EUR"] += 1
    proof = prove(audit, {})
    assert proof.findings[0] == "partition 0 #1 is crooked"
    assert proof.findings[1] == "trial balance of (0, 'EUR') is not zero"
    assert [line.equal for line in proof.lines] == [True, False]


def test_a_transfer_in_flight_is_told(monkeypatch):
    audit = audited(monkeypatch, settled=False)
    audit.close()
    assert prove(audit, {}).findings == ["1 transfers are still in flight"]
    assert audit.voided == 0
    assert audit.sequences == {w.partition: len(w.log) for w in day(settled=False)}


def test_damage_stops_the_audit_and_is_raised_to_whoever_asks(monkeypatch):
    audit = audited(monkeypatch, spoil=True)
    deadline = time.monotonic() + 20
    while audit._failure is None:
        assert time.monotonic() < deadline
    with pytest.raises(LogError, match="unreadable"):
        audit.check()
    with pytest.raises(LogError, match="log partition 0, offset 1"):
        audit.close()
