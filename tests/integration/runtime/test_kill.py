"""kill -9 at every point of the pipeline, on a real broker: nothing is lost, nothing repeated."""

import os
import signal
import subprocess
import sys
import time

import pytest

from streams.runtime.crashpoints import AFTER_COMMIT, AFTER_PRODUCE, MID_RECOVERY, MID_STEP
from tests.integration.runtime.rig import PATIENCE_S

WORDS = [b"k%d" % (each % 20) for each in range(3000)]


def expected():
    seen, told = {}, []
    for word in WORDS:
        seen[word] = seen.get(word, 0) + 1
        told.append(b"%s=%d" % (word, seen[word]))
    return told


def worker(topics, state, crash=""):
    command = [sys.executable, "-m", "tests.integration.runtime.worker"]
    return subprocess.Popen(
        [*command, topics.servers, topics.tag, str(state)],
        stdin=subprocess.PIPE,
        env={**os.environ, "LEDGER_CRASH_POINT": crash},
    )


def killed(topics, state, crash):
    with worker(topics, state, crash) as process:
        assert process.wait(PATIENCE_S) == -signal.SIGKILL


def finished(topics, state):
    with worker(topics, state) as process:
        until = time.monotonic() + PATIENCE_S
        while len(topics.told_values()) < len(WORDS):
            assert time.monotonic() < until
            assert process.poll() is None
            time.sleep(0.1)
        process.stdin.close()
        assert process.wait(PATIENCE_S) == 0


@pytest.mark.parametrize(
    "crash", [f"{MID_STEP}:1500", f"{AFTER_PRODUCE}:2", f"{AFTER_COMMIT}:2", f"{AFTER_COMMIT}:1"]
)
def test_a_killed_worker_comes_back_as_if_nothing_had_happened(topics, tmp_path, crash):
    topics.say(*WORDS)
    killed(topics, tmp_path, crash)
    finished(topics, tmp_path)
    assert topics.told_values() == expected()


def test_a_worker_killed_while_recovering_comes_back_too(topics, tmp_path):
    topics.say(*WORDS)
    killed(topics, tmp_path, f"{AFTER_COMMIT}:2")
    killed(topics, tmp_path, f"{MID_RECOVERY}:1")
    finished(topics, tmp_path / "another")
    assert topics.told_values() == expected()
