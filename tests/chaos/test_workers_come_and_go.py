"""Workers killed, stopped, frozen and joining while customers go on paying each other."""

import signal
import time

from streams.runtime.crashpoints import AFTER_PRODUCE
from tests.support.customers import PARTITIONS
from tests.support.load import Load
from tests.support.running import SESSION_S
from tests.support.zombies import OVERTAKEN, is_frozen


def test_a_worker_killed_outright_is_replaced_and_comes_back(ledger):
    with Load(ledger) as load:
        load.more()
        ledger.kill("worker-2")
        load.more()
        ledger.wait_running("worker-1", "worker-2")
        load.more()
    assert not load.failed
    ledger.quiesce()


def test_both_workers_killed_at_once_go_on_where_they_were(ledger):
    with Load(ledger) as load:
        load.more()
        ledger.kill("worker-1", "worker-2")
        ledger.wait_running("worker-1", "worker-2")
        load.more()
    assert not load.failed
    ledger.quiesce()


def test_a_worker_frozen_before_its_commit_wakes_too_late_and_changes_nothing(ledger):
    zombie = ledger.process("worker-1")
    with Load(ledger) as load:
        load.more()
        ledger.rearm("worker-1", LEDGER_CRASH_POINT=f"{AFTER_PRODUCE}:25:stop")
        since = zombie.report().restarts
        try:
            ledger.wait_for("worker-1 to freeze", lambda: is_frozen(zombie.report().pid))
            frozen_us = time.time_ns() // 1_000
            ledger.wait_for(
                f"worker-2 to run every partition after {SESSION_S} s of silence",
                lambda: len(ledger.running("worker-2", frozen_us)) == PARTITIONS,
                60.0,
            )
            load.more()
        finally:
            zombie.kill(signal.SIGCONT)
        assert ledger.ends_by_itself("worker-1", since) in OVERTAKEN
        ledger.wait_running("worker-1", "worker-2")
        load.more()
    assert not load.failed
    ledger.quiesce()


def test_partitions_move_from_one_worker_to_two_and_back(ledger):
    with Load(ledger) as load:
        ledger.process("worker-2").stop()
        ledger.wait_running("worker-1")
        load.more()
        ledger.process("worker-2").start()
        ledger.wait_running("worker-1", "worker-2")
        load.more()
        ledger.process("worker-2").stop()
        ledger.wait_running("worker-1")
        load.more()
        ledger.process("worker-2").start()
        ledger.wait_running("worker-1", "worker-2")
    assert not load.failed
    ledger.quiesce()
