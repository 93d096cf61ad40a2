"""A worker killed at any point of its loop: what the log says is true, and nothing else."""

import signal

import pytest

from streams.runtime.crashpoints import AFTER_COMMIT, AFTER_PRODUCE, MID_RECOVERY, MID_STEP
from tests.support.load import Load

# Point -> which pass of it kills: deep enough that the worker is at work.
POINTS = {MID_STEP: 150, AFTER_PRODUCE: 25, AFTER_COMMIT: 25, MID_RECOVERY: 2}


@pytest.mark.parametrize("point", POINTS)
def test_a_kill_at(point, shared_ledger):
    ledger = shared_ledger
    since = ledger.process("worker-1").report().restarts
    with Load(ledger) as load:
        load.more()
        ledger.rearm("worker-1", LEDGER_CRASH_POINT=f"{point}:{POINTS[point]}")
        assert ledger.ends_by_itself("worker-1", since) == -signal.SIGKILL
        ledger.wait_running("worker-1", "worker-2")
        load.more()
    assert not load.failed
    ledger.compare()
