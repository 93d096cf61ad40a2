"""The collector's pauses: the longest one is told, and a real collection is seen."""

import gc

from streams.runtime.host import collector
from streams.runtime.host.collector import Collector


def test_the_longest_pause_is_kept(monkeypatch):
    times = iter((1.0, 1.25, 2.0, 2.125))
    monkeypatch.setattr(collector.time, "monotonic", lambda: next(times))
    watched = Collector()
    for phase in ("start", "stop", "start", "stop"):
        watched.seen(phase, {})
    assert watched.gauges() == {"gc_pause_max_ms": 250.0, "gc_pause_ms": 375.0}


def test_a_real_collection_is_seen_until_nobody_watches():
    before = gc.get_threshold()
    watched = Collector()
    watched.start()
    try:
        assert gc.get_threshold() == collector.COLLECT_AFTER
        gc.collect()
        assert watched.longest_s > 0
    finally:
        watched.stop()
        gc.unfreeze()
        gc.set_threshold(*before)
    seen = watched.longest_s
    gc.collect()
    assert watched.longest_s == seen
