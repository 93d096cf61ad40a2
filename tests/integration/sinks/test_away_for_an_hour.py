"""All stores are away for an hour while the log grows far beyond what a sink may hold of it."""

import threading

import pytest

from ops.stack.screen import rss_mb
from tests.integration.sinks.feeding import FedLog
from tests.integration.sinks.places import STORES, Places
from tests.support.aloud import say_aloud
from tests.support.stack import running_stack

HOUR_S = 3_600.0
LIVE = 5_000  # Decisions taken before, so that what is held for ever is held by then
MEANWHILE = 300_000
STEP = 10_000
LOOK_S = 15.0
# The client's queue (32 MiB), the lane's (8 MiB) and a batch, as Python objects. Sizes are MB.
HELD_MAX = 120
CREEP_MAX = 8  # in the rest of the hour, over some two thousand attempts
CATCH_UP_S = 1_500.0
FULL = 0.1  # of the hour: by then a sink has read all that it may


@pytest.fixture
def own(tmp_path):
    """A stack of its own: nobody else may wait an hour, or fold so long a log."""
    with running_stack() as stack:
        fed = FedLog(stack.endpoints.kafka, partitions=1)
        places = Places(stack.endpoints, tmp_path)
        try:
            yield stack, fed, places
        finally:
            places.close()


@pytest.mark.long
@pytest.mark.timeout(2 * HOUR_S)
def test_an_hour_without_stores_costs_no_more_memory_than_the_queues(own, request):
    stack, fed, places = own
    fed.grow(LIVE)
    sinks = {store: places.start(store) for store in STORES}
    for store in STORES:
        places.wait_for(store, fed)
    before = {store: rss_mb(sink.pid) for store, sink in sinks.items()}
    for store in STORES:
        stack.stop(store)
    written = grow_unheld(fed, MEANWHILE)
    assert written > HELD_MAX, "the log has to be longer than what may be held"
    seen = look(sinks, HOUR_S)
    for store in STORES:
        say_aloud(
            request,
            f"{store} away {HOUR_S:.0f} s, {written} MB of log: its sink had "
            f"{before[store]} MB before, {max(seen[store])} MB at most",
        )
    for store in STORES:
        full = seen[store][int(len(seen[store]) * FULL) :]
        assert max(seen[store]) - before[store] < HELD_MAX, store
        assert max(full) - full[0] < CREEP_MAX, store
    for store in STORES:
        stack.start(store)
    for store in STORES:
        places.wait_for(store, fed, CATCH_UP_S)
        places.assert_holds_exactly(store, fed)


def grow_unheld(fed, decisions):
    """Let the log grow without holding it here; by how many MB."""
    written = 0
    for _ in range(decisions // STEP):
        fed.grow(STEP)
        written += sum(len(value) for _, value, _ in fed.logs[0].records)
        fed.forget()
    return written // 1_000_000


def look(sinks, seconds):
    """Look at the memory of each sink, again and again; what was seen, in order."""
    seen = {store: [] for store in sinks}
    pause = threading.Event()
    for _ in range(int(seconds / LOOK_S)):
        pause.wait(LOOK_S)
        for store, sink in sinks.items():
            assert sink.poll() is None, f"the sink of {store} has ended"
            seen[store].append(rss_mb(sink.pid))
    return seen
