"""Every way to end has its own code."""

import subprocess
import sys

import pytest

from streams.runtime import errors
from streams.runtime.host.exits import UNSURE, ExitCode


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (errors.FencedError(), ExitCode.FENCED),
        (errors.GapError(), ExitCode.GAP),
        (errors.GenerationLostError(), ExitCode.GENERATION_LOST),
        (errors.UnsureError(), ExitCode.UNKNOWN_OUTCOME),
        (errors.OutcomeUnknownError(), ExitCode.UNKNOWN_OUTCOME),
        (errors.StoreLockedError(), ExitCode.STATE_LOCKED),
        (errors.StoreFailedError(), ExitCode.STORE_FAILED),
        (errors.WrongConfigError(), ExitCode.CLUSTER),
        (ValueError(), ExitCode.HOST_CRASHED),
        (SystemExit(), ExitCode.HOST_CRASHED),
    ],
)
def test_what_ended_a_thread_tells_the_code(error, code):
    assert ExitCode.of(error) is code


def test_a_clean_end_is_never_followed_by_a_backoff():
    assert not UNSURE & {ExitCode.CLEAN, ExitCode.SETTINGS, ExitCode.CLUSTER}


def test_leaving_ends_the_process_from_any_thread():
    script = (
        "import threading, time\n"
        "from streams.runtime.host.exits import ExitCode, leave\n"
        "threading.Thread(target=lambda: leave(ExitCode.GAP, 'a gap')).start()\n"
        "threading.Event().wait(30)\n"
    )
    done = subprocess.run(
        (sys.executable, "-c", script), capture_output=True, text=True, timeout=30, check=False
    )
    assert done.returncode == ExitCode.GAP
    assert "exit code 22 (GAP): a gap" in done.stderr


# What runs while the interpreter is taken apart; threads inside RocksDB crash it at that time.
MARKED = """
import atexit, sys
from streams.runtime.host.exits import end
atexit.register(print, "taken apart")
"""


def ended(script, *arguments):
    return subprocess.run(
        (sys.executable, "-c", script, *arguments),
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


@pytest.mark.parametrize("how", ["0", "sys.exit(0)", "sys.exit(2)", "1 // 0"])
def test_the_interpreter_is_not_taken_apart(how):
    assert ended("import atexit\natexit.register(print, 'taken apart')\n").stdout != ""
    assert ended(f"{MARKED}end(lambda: {how})\n").stdout == ""


def test_an_exception_nobody_expected_is_told_and_has_its_code():
    done = ended("from streams.runtime.host.exits import end\nend(lambda: 1 // 0)\n")
    assert done.returncode == ExitCode.HOST_CRASHED
    assert "ZeroDivisionError" in done.stderr


@pytest.mark.parametrize(("wanted", "code"), [(0, 0), (2, 2), ("what is wrong", 2)])
def test_wrong_arguments_end_as_argparse_says(wanted, code):
    script = "import sys\nfrom streams.runtime.host.exits import end\n"
    assert ended(f"{script}end(lambda: sys.exit({wanted!r}))\n").returncode == code


def test_a_log_nobody_drains_does_not_keep_the_process():
    script = (
        "import logging, sys, threading\n"
        "from streams.runtime.host.exits import ExitCode, leave\n"
        "class Stuck(logging.Handler):\n"
        "    def emit(self, record): threading.Event().wait(30)\n"
        "logging.getLogger().addHandler(Stuck())\n"
        "leave(ExitCode.FENCED, 'fenced')\n"
    )
    done = subprocess.run((sys.executable, "-c", script), timeout=20, check=False)
    assert done.returncode == ExitCode.FENCED
