"""How a worker ends, and how fast another one takes over."""

import signal
import time
from pathlib import Path

from streams.runtime.host.exits import ExitCode
from tests.integration.host.herd import PARTITIONS, SESSION_S, STOP_DEADLINE_S, Load
from tests.support.stack import wait_until

REPLACED = {ExitCode.GENERATION_LOST, ExitCode.FENCED, ExitCode.GAP}


def takers(herd):
    """Return who took the last hand-over of each partition."""
    lines = [herd.lines(number) for number in range(PARTITIONS)]
    return {next((o["worker"] for o in reversed(ls) if "worker" in o), "") for ls in lines}


def test_sigterm_leaves_the_group_at_once_and_exits_0(herd):
    herd.start("one")
    herd.until_ready({"one": PARTITIONS})
    began = time.monotonic()
    assert herd.end("one") == 0
    assert time.monotonic() - began < STOP_DEADLINE_S
    assert herd.status("one")["stopping"]
    assert not herd.status("one")["ready"]
    herd.start("two")
    herd.until_ready({"two": PARTITIONS})


def test_sigterm_while_joining_exits_0(herd):
    herd.start("one")
    wait_until(lambda: "cluster is fit" in herd.log("one"))
    assert herd.end("one") == 0


def test_a_killed_worker_is_replaced_within_the_session(herd):
    with Load(herd) as load:
        herd.start("one")
        herd.until_ready({"one": PARTITIONS})
        herd.start("two")
        herd.until_ready({"one": 2, "two": 2})
        killed = time.monotonic()
        assert herd.end("one", signal.SIGKILL) == -signal.SIGKILL
        wait_until(lambda: takers(herd) == {"two"})
        assert time.monotonic() - killed < SESSION_S + 3
        sent = load.end()
    herd.until_all_taken(sent)


def test_a_worker_that_slept_past_its_session_ends_when_it_wakes(herd):
    with Load(herd) as load:
        herd.start("zombie")
        herd.until_ready({"zombie": PARTITIONS})
        wait_until(lambda: takers(herd) == {"zombie"})
        herd.send("zombie", signal.SIGSTOP)
        herd.start("heir")
        herd.until_ready({"heir": PARTITIONS})
        wait_until(lambda: takers(herd) == {"heir"})
        herd.send("zombie", signal.SIGCONT)
        code = herd.workers["zombie"].wait(STOP_DEADLINE_S)
        assert code in REPLACED, herd.log("zombie")
        sent = load.end()
    herd.until_all_taken(sent)
    assert herd.status("heir")["ready"]


def test_nothing_is_left_behind(herd):
    herd.start("one")
    herd.until_ready({"one": PARTITIONS})
    pid = herd.workers["one"].pid
    assert herd.end("one", signal.SIGINT) == 0
    assert not Path(f"/proc/{pid}").exists()
