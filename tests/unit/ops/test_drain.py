"""A worker that is drained: who leaves, who stays, and when each partition runs elsewhere."""

import json
import subprocess
import sys
import time
from pathlib import Path

import pytest

from ops.cli import main
from ops.errors import NothingKnownError
from ops.exits import AWAY, CLEAN, DIFFERENCES, USAGE
from ops.partitions.drain import Watch, leaving
from ops.rig import wait_for

NOW = 100_000_000


def status(worker, pid, *numbers, at_us=NOW, job="wallet", state="running"):
    partitions = {str(number): {"state": state, "job": job} for number in numbers}
    return {"worker": worker, "pid": pid, "job": job, "at_us": at_us, "partitions": partitions}


BOTH = [status("w1", 11, 0, 2), status("w2", 12, 1), status("s1", 13, 0, job="settlement")]


def test_the_plan_names_who_leaves_and_who_stays():
    found = leaving(BOTH, "w1", NOW)
    assert (found.pid, found.partitions, found.others) == (11, (0, 2), ("w2",))
    assert list(found.lines())[1:] == [f"partition {number} goes to: w2" for number in (0, 2)]
    alone = leaving([status("w1", 11, 0)], "w1", NOW)
    assert "nobody until it is started again" in list(alone.lines())[1]


@pytest.mark.parametrize("worker", ["w3", "old"])
def test_a_worker_that_does_not_speak_is_not_asked(worker):
    with pytest.raises(NothingKnownError, match="running: w1, w2, s1"):
        leaving([*BOTH, status("old", 14, 3, at_us=NOW - 11_000_000)], worker, NOW)


def test_a_partition_is_taken_when_another_process_runs_it():
    watch = Watch(leaving(BOTH, "w1", NOW), NOW)
    assert not watch.look(BOTH), "what was said before counts for nothing"
    late = NOW + 1_500_000
    assert not watch.look([status("w1", 11, 0, 2, at_us=late)]), "it has not left"
    assert not watch.look([status("w2", 12, 0, 1, 2, at_us=late, state="recovering")])
    assert not watch.look([status("s1", 13, 0, 2, at_us=late, job="settlement")])
    assert not watch.look([status("w2", 12, 0, 1, at_us=late)])
    assert watch.rows()[1] == {"partition": 2, "worker": "nobody", "after": ""}
    assert watch.look([status("w1", 15, 2, at_us=late + 1_000_000)]), "started again is another"
    assert watch.taken == {0: ("w2", 1.5), 2: ("w1", 2.5)}
    assert watch.look([status("w2", 12, 2, at_us=late + 9_000_000)])
    assert watch.rows()[1] == {"partition": 2, "worker": "w1", "after": "2.5 s"}


@pytest.fixture
def worker(tmp_path, monkeypatch):
    """A process that looks like a worker and says what it runs."""
    monkeypatch.setenv("LEDGER_STATE_DIR", str(tmp_path))
    code = "import time; time.sleep(60)"
    with subprocess.Popen((sys.executable, "-c", code, "streams")) as process:
        said = status("w1", process.pid, 0, at_us=time.time_ns() // 1_000)
        # A child is the one who made it until it has begun its own program.
        cmdline = Path(f"/proc/{process.pid}/cmdline")
        wait_for("the program to begin", lambda: b"streams" in cmdline.read_bytes(), 10)
        (tmp_path / "w1").mkdir()
        (tmp_path / "w1/status.json").write_text(json.dumps(said), encoding="utf-8")
        yield process
        process.kill()


def test_nothing_is_done_unless_it_is_asked_for(worker, capsys):
    assert main(["partitions", "drain", "w1"]) == CLEAN
    assert "nothing was done" in capsys.readouterr().out
    assert main(["partitions", "drain", "w1", "--execute"]) == USAGE
    assert main(["partitions", "drain", "w9"]) == AWAY
    assert worker.poll() is None


def test_partitions_without_an_heir_are_told(worker, capsys):
    drained = ("partitions", "drain", "w1", "--timeout-s", "1", "--execute", "--reason", "a test")
    assert main(list(drained)) == DIFFERENCES
    assert worker.wait(10) < 0
    shown = capsys.readouterr()
    assert "some had no owner after 1 s" in shown.err
    assert "nobody" in shown.out
    assert main(list(drained)) == AWAY, "it is gone"
