"""When a lane writes: how full its batches are, and how long they wait for more."""

import threading
from functools import partial
from types import SimpleNamespace

import pytest

from schemas.codec import decode
from schemas.messages.decisions import Decision
from sinks import lane as lane_module
from sinks.lane import Lane, Limits
from sinks.memory.sink import MemorySink, MemoryStore
from tests.unit.sinks.sample_log import SampleLog


@pytest.fixture(scope="module")
def log():
    return SampleLog(seed=3).day(300, group=9, void_every=4)


def make(sink, limits):
    return Lane(0, "t", sink, partial(decode, Decision), limits, threading.Event())


def test_with_more_at_hand_a_batch_is_filled_however_long_that_takes(log, monkeypatch):
    """A store that is behind gets full batches; small ones would keep it behind."""
    monkeypatch.setattr(lane_module, "RECORDS_PER_TAKE", 20)
    store = MemoryStore()
    lane = make(MemorySink(store), Limits(batch_decisions=100, linger_s=0.0))
    lane.locate()
    lane.offer(log.records[:200])
    while not lane.written:
        lane.turn()
    assert lane.written >= 100
    assert lane.queued


def test_a_store_that_takes_long_is_asked_less_often(log, monkeypatch):
    now = 0.0
    monkeypatch.setattr(lane_module, "time", SimpleNamespace(monotonic=lambda: now))
    takes = [0.0005, 0.002, 9.0, 0.0, 0.0]
    waited = []

    class Slow(MemorySink):
        def write(self, batch):
            nonlocal now
            waited.append(now - lane._since)
            now += takes[len(waited) - 1]
            super().write(batch)

    lane = make(Slow(MemoryStore()), Limits(linger_s=0.001))
    lane.locate()
    for record in log.records:
        lane.offer([record])
        lane.turn()
        while lane._waiting:
            now += 0.0001
            lane.turn()
        if len(waited) == len(takes):
            break
    assert waited == pytest.approx([0.001, 0.001, 0.002, 0.003, 0.001], abs=0.0002)
