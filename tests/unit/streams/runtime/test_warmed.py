"""A cold owner with snapshots at hand: it folds the rest of the log, and only what is its own."""

import pytest

from streams.runtime.fakes_local import FakeSnapshots


@pytest.fixture
def snapshots(worker):
    worker.snapshots = FakeSnapshots(worker.disk, worth=8)
    return worker.snapshots


def test_a_cold_start_folds_only_what_the_snapshot_misses(worker, say, run, snapshots):
    for _ in range(10):
        say(*[b"k%d" % (each % 7) for each in range(10)])
        run()
    assert len(snapshots.copies) > 1
    rows, replayed = dict(worker.disk.rows), []
    for worker.snapshots in (None, snapshots):
        worker.disk.rows.clear()
        runner = run()
        assert worker.disk.rows == rows
        replayed.append(runner.status()["replayed"])
    assert replayed[1] < 8 < replayed[0]
    assert runner.status()["positions"]["words.v1"] == 100


def test_a_store_that_is_nearly_level_is_not_replaced(worker, say, run, snapshots):
    say(*[b"k%d" % each for each in range(50)])
    run()
    say(b"last")
    run()
    snapshots.swap = pytest.fail
    run()


def test_a_snapshot_of_a_log_that_was_made_again_is_not_used(worker, say, run, snapshots):
    say(*[b"k%d" % each for each in range(50)])
    run()
    snapshots.log_topic_id = "the one before"
    snapshots.swap = pytest.fail
    rows = dict(worker.disk.rows)
    worker.disk.rows.clear()
    run()
    assert worker.disk.rows == rows
