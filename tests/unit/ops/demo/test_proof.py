"""Following the log while it grows: sums of what is sealed, and damage told to whoever asks."""

import time

import pytest

from ledger.sealing import LogError
from ops.audit import follow
from ops.demo.proof import Audit
from tests.unit.ops.kafka_doubles import FakeConsumer, FakeMessage
from tests.unit.ops.ledger_day import day


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


def test_a_day_is_followed_to_its_end(monkeypatch):
    audit = audited(monkeypatch)
    audit.close()
    assert audit.voided == 0
    assert audit.sequences == {writer.partition: len(writer.log) for writer in day()}
    assert audit.totals.decisions == sum(audit.sequences.values())
    assert audit.totals.open_transfers == {}


def test_a_transfer_in_flight_is_open(monkeypatch):
    audit = audited(monkeypatch, settled=False)
    audit.close()
    assert len(audit.totals.open_transfers) == 1


def test_damage_stops_the_audit_and_is_raised_to_whoever_asks(monkeypatch):
    audit = audited(monkeypatch, spoil=True)
    deadline = time.monotonic() + 20
    while audit._failure is None:
        assert time.monotonic() < deadline
    with pytest.raises(LogError, match="unreadable"):
        audit.check()
    with pytest.raises(LogError, match="log partition 0, offset 1"):
        audit.close()
