"""How a replay writes the store: seldom, in large writes, and one group behind the log."""

from dataclasses import replace

import pytest

from streams.runtime.crashpoints import MID_RECOVERY
from streams.runtime.fakes_local import FakeWorker
from streams.runtime.limits import LIMITS
from streams.runtime.overlay import APPLIED_KEY
from tests.unit.streams.runtime.counter import counter_job


def test_a_cold_start_stores_in_large_writes_one_group_behind(cluster, tmp_path):
    limits = replace(LIMITS, group_records=5, replay_rows=50)
    worker = FakeWorker(cluster, counter_job(), tmp_path, limits)
    for each in range(200):
        cluster.produce("words.v1", 0, b"%d" % each, b"", worker.clock.wall_us())
    worker.work(worker.started())
    rows = dict(worker.disk.rows)
    worker.disk.rows.clear()
    worker.disk.writes = 0
    worker.work(worker.started())
    assert worker.disk.rows == rows
    assert worker.disk.writes < 12


@pytest.mark.parametrize("rows", [0, 1, 7, 10_000])
def test_the_last_group_stays_out_of_the_store_until_its_outputs_are_sent_again(
    cluster, tmp_path, rows
):
    """Whatever the size of the writes: a store that had it would let a second death lose them."""
    limits = replace(LIMITS, group_records=5, replay_rows=rows)
    worker = FakeWorker(cluster, counter_job(), tmp_path, limits)
    for each in range(23):
        cluster.produce("words.v1", 0, b"%d" % each, b"", worker.clock.wall_us())
    worker.work(worker.started())
    whole = worker.disk.rows[APPLIED_KEY]
    worker.disk.rows.clear()
    seen = []

    def passing(point):
        if point == MID_RECOVERY:
            seen.append(worker.disk.rows.get(APPLIED_KEY))

    worker.passing = passing
    worker.work(worker.started())
    assert seen
    assert whole not in seen
    assert (seen[-1] is not None) == (rows < 10_000), "the groups before it are stored meanwhile"
    assert worker.disk.rows[APPLIED_KEY] == whole
