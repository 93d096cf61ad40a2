"""A worker killed or frozen at any point of its way: what the log says is true, and nothing else.

A frozen worker is taken for dead; when it wakes, another has had its partitions.
"""

import signal
import time
from functools import partial

import pytest

from tests.support.crash_points import KILL, ZOMBIE, show, sink_rows, worker_rows
from tests.support.customers import PARTITIONS
from tests.support.load import Load
from tests.support.running import START_S
from tests.support.snapshots import lose_state, wait_snapped
from tests.support.zombies import OVERTAKEN, is_frozen

FREEZE_S = 60.0
# The last test also compares all that every row of make long left: more than ten minutes' work.
LONG = (pytest.mark.long, pytest.mark.timeout(3_600))


def rows(how):
    return [
        pytest.param(row, id=str(row), marks=() if row.everyday else LONG)
        for row in worker_rows()
        if row.how == how
    ]


@pytest.mark.parametrize("row", rows(KILL))
def test_a_worker_killed(row, ledger, request):
    since = ledger.process("worker-1").report().restarts
    with Load(ledger) as load:
        arm(ledger, row, load)
        assert ledger.ends_by_itself("worker-1", since, FREEZE_S) == -signal.SIGKILL
        load.resume()
        ledger.wait_running("worker-1", "worker-2")
        load.more()
    assert not load.failed
    ledger.quiesce()
    show(request, row)


@pytest.mark.parametrize("row", rows(ZOMBIE))
def test_a_worker_frozen_and_woken(row, ledger, request):
    zombie = ledger.process("worker-1")
    with Load(ledger) as load:
        arm(ledger, row, load)
        since = zombie.report().restarts
        ledger.wait_for("worker-1 to freeze", lambda: is_frozen(zombie.report().pid), FREEZE_S)
        try:
            load.resume()
            frozen_us = time.time_ns() // 1_000
            ledger.wait_for(
                "worker-2 to run every partition",
                lambda: len(ledger.running("worker-2", frozen_us)) == PARTITIONS,
                FREEZE_S,
            )
            load.more()
        finally:
            zombie.kill(signal.SIGCONT)
        ledger.wait_running("worker-1", "worker-2")
        if zombie.report().restarts > since:
            assert zombie.report().exit_code in OVERTAKEN, ledger.last_words("worker-1")
        load.more()
    assert not load.failed
    ledger.quiesce()
    show(request, row)


@pytest.mark.long
@pytest.mark.timeout(3_600)
@pytest.mark.parametrize("row", sink_rows(), ids=str)
@pytest.mark.parametrize("store", ["postgres", "cassandra", "redis"])
def test_a_sink_killed_or_frozen_while_another_takes_over(row, store, ledger):
    process = ledger.sinks[store]
    since = process.report().restarts
    armed = f"{row.point}:5" + (":stop" if row.how == ZOMBIE else "")
    name = f"sink-{store}-after-{row}"
    with Load(ledger) as load:
        ledger.rearm(store, LEDGER_CRASH_POINT=armed)
        if row.how == KILL:
            assert ledger.ends_by_itself(store, since) == -signal.SIGKILL
        else:
            ledger.wait_for("the sink to freeze", lambda: is_frozen(process.report().pid), FREEZE_S)
        heir = ledger.stack.manage(name, process.launch.argv, process.launch.env)
        try:
            load.more()
            process.kill(signal.SIGCONT)
            load.more()
        finally:
            process.kill(signal.SIGCONT)
            heir.stop()
    ledger.quiesce()


def arm(ledger, row, load):
    """Send worker-1 to the point; some points need something to have happened before."""
    load.more()
    if row.operation == "read-input":
        ledger.process("worker-1").stop()
        # Until the point is reached: a group of worker-2's would be the last instead of the letter.
        load.pause()
        leave_letters(ledger)
    if row.operation == "swap-snapshot":
        wait_snapped(ledger)
        lose_state(ledger, "worker-1")
    ledger.rearm("worker-1", LEDGER_CRASH_POINT=row.setting)
    if row.operation == "close-store":
        # A store is closed when its partition moves; while both join it may have moved already.
        frozen = partial(is_frozen, ledger.process("worker-1").report().pid)
        ledger.wait_for(
            "both workers to run, or worker-1 to be at the point",
            lambda: ledger.shared_by("worker-1", "worker-2") or frozen(),
            START_S,
        )
        ledger.process("worker-2").stop()
        ledger.process("worker-2").start()


def leave_letters(ledger):
    """Let the last group of every partition hold a dead letter, which recovery sends again."""
    ledger.quiesce()
    places = [
        (number, ledger.put(b"poison", key=b"key", partition=number))
        for number in range(PARTITIONS)
    ]
    for number, offset in places:
        ledger.decision_on(number, offset)
