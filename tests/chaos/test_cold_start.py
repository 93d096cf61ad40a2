"""A worker without its state: it starts from snapshots, from older ones, or from the log alone."""

import re
import shutil

import pytest

from tests.support.customers import PARTITIONS
from tests.support.load import Load
from tests.support.snapshots import lose_state, manifests, wait_snapped

TAKEN_OVER = "is taken over"
REFUSED = "is refused"
FOLDED = "[1-9][0-9]* records folded"


def lose_all_state(ledger):
    """Stop both workers and take away what they keep; the time of it in each log."""
    for name in ledger.workers:
        lose_state(ledger, name)
    return {name: len(ledger.text(name)) for name in ledger.workers}


def said(ledger, since, what):
    return sum(len(re.findall(what, ledger.text(name)[at:])) for name, at in since.items())


def start(ledger, *names):
    for name in names:
        ledger.process(name).start()
    ledger.wait_running(*names)


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
    start(snapped, *snapped.workers)
    assert said(snapped, since, TAKEN_OVER) >= PARTITIONS
    go_on(snapped)


def test_damaged_snapshots_are_refused(snapped):
    since = lose_all_state(snapped)
    for path in manifests(snapped).values():
        path.write_bytes(path.read_bytes()[:-10])
    start(snapped, *snapped.workers)
    assert said(snapped, since, REFUSED) >= PARTITIONS
    go_on(snapped)


def test_without_any_snapshot_the_log_is_folded(snapped):
    since = lose_all_state(snapped)
    shutil.rmtree(snapped.stack.layout.snapshots)
    # One owner for all: a second that comes a little later may find a snapshot of the first's.
    first, second = snapped.workers
    start(snapped, first)
    assert said(snapped, since, TAKEN_OVER) == 0
    assert said(snapped, since, FOLDED) >= PARTITIONS
    snapped.process(second).start()
    snapped.wait_running(first, second)
    go_on(snapped)
