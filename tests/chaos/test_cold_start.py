"""A worker without its state: it starts from snapshots, from older ones, or from the log alone."""

import shutil

import pytest

from tests.support.customers import PARTITIONS
from tests.support.load import Load
from tests.support.snapshots import lose_state, manifests, wait_snapped

TAKEN_OVER = "is taken over"
REFUSED = "is refused"


def lose_all_state(ledger):
    """Stop both workers and take away what they keep; the time of it in each log."""
    for name in ledger.workers:
        lose_state(ledger, name)
    return {name: len(ledger.text(name)) for name in ledger.workers}


def said(ledger, since, what):
    return sum(ledger.text(name)[at:].count(what) for name, at in since.items())


def start(ledger):
    for name in ledger.workers:
        ledger.process(name).start()
    ledger.wait_running(*ledger.workers)


def go_on(ledger):
    with Load(ledger) as load:
        load.more()
    ledger.quiesce()


@pytest.fixture
def snapped(ledger):
    """The ledger, every partition with a snapshot."""
    with Load(ledger, rate=400) as load:
        wait_snapped(ledger)
        load.more()
    ledger.quiesce()
    return ledger


def test_owners_without_state_start_from_snapshots(snapped):
    since = lose_all_state(snapped)
    start(snapped)
    assert said(snapped, since, TAKEN_OVER) >= PARTITIONS
    go_on(snapped)


def test_damaged_snapshots_are_refused(snapped):
    since = lose_all_state(snapped)
    for path in manifests(snapped).values():
        path.write_bytes(path.read_bytes()[:-10])
    start(snapped)
    assert said(snapped, since, REFUSED) >= PARTITIONS
    go_on(snapped)


def test_without_any_snapshot_the_log_is_folded(snapped):
    since = lose_all_state(snapped)
    shutil.rmtree(snapped.stack.layout.snapshots)
    start(snapped)
    assert said(snapped, since, TAKEN_OVER) == 0
    go_on(snapped)
