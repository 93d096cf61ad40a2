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


def ended(script):
    return subprocess.run(
        (sys.executable, "-c", script), capture_output=True, text=True, timeout=30, check=False
    )


def test_leaving_ends_the_process_from_any_thread():
    script = (
        "import threading, time\n"
        "from streams.runtime.host.exits import ExitCode, leave\n"
        "threading.Thread(target=lambda: leave(ExitCode.GAP, 'a gap')).start()\n"
        "threading.Event().wait(30)\n"
    )
    done = ended(script)
    assert done.returncode == ExitCode.GAP
    assert "exit code 22 (GAP): a gap" in done.stderr


# What runs while the interpreter is taken apart; threads inside RocksDB crash it at that time.
MARKED = """
import atexit, sys
from streams.runtime.host.exits import end
atexit.register(print, "taken apart")
"""


@pytest.mark.parametrize(
    ("how", "code"),
    [
        ("end(lambda: 0)", 0),
        ("end(lambda: 29)", 29),
        ("end(lambda: 77)", ExitCode.HOST_CRASHED),
        ("end(lambda: sys.exit())", 0),
        ("end(lambda: sys.exit(2))", 2),
        ("end(lambda: sys.exit('what is wrong'))", 2),
        ("end(lambda: 1 // 0)", ExitCode.HOST_CRASHED),
    ],
)
def test_the_interpreter_is_not_taken_apart(how, code):
    assert ended(MARKED).stdout == "taken apart\n"
    done = ended(f"{MARKED}{how}\n")
    assert (done.returncode, done.stdout) == (code, "")


def test_an_exception_nobody_expected_is_told_and_has_its_code():
    done = ended("from streams.runtime.host.exits import end\nend(lambda: 1 // 0)\n")
    assert done.returncode == ExitCode.HOST_CRASHED
    assert "ZeroDivisionError" in done.stderr


def test_what_main_asked_to_end_with_is_told():
    done = ended("from streams.runtime.host.exits import end\nend(lambda: exit('no such job'))\n")
    assert "no such job" in done.stderr


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


# What hangs on the last call, such as a measurement writing its file, takes longer than the guard.
SLOW_LAST_CALL = """
import os, sys, threading
from streams.runtime.host import exits
exits.LOG_S = 0.05
real = os._exit

def last_call(code):
    print("called", flush=True)
    threading.Event().wait(0.5)
    real(code)

os._exit = last_call
exits.end(lambda: 0)
"""


def test_the_last_call_is_made_once():
    done = ended(SLOW_LAST_CALL)
    assert (done.returncode, done.stdout) == (0, "called\n"), done.stderr
