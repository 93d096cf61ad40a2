"""Processes kept up beside the servers."""

import signal
import sys

import pytest

from ops.stack import NEVER, RestartPolicy
from ops.stack.errors import ConfigError
from ops.stack.process import Identity
from tests.support.stack import running_stack, wait_until

SLEEPER = (sys.executable, "-S", "-c", "import time; print('up', flush=True); time.sleep(600)")
QUICK = RestartPolicy(first_wait_s=0.01, longest_wait_s=0.02)


@pytest.fixture(scope="module")
def stack():
    with running_stack("redis") as stack:
        yield stack


def runs(stack, name):
    log = stack.layout.log(name)
    return log.read_text().splitlines().count("up") if log.exists() else 0


def test_a_killed_process_comes_back(stack):
    process = stack.manage("comes-back", SLEEPER, {}, QUICK)
    wait_until(lambda: runs(stack, "comes-back") == 1)
    first = process.kill()
    wait_until(lambda: process.report().restarts == 1 and process.report().pid)
    report = process.report()
    assert report.pid != first
    assert (report.state, report.exit_code) == ("running", -signal.SIGKILL)
    process.stop()
    assert process.report().state == "stopped"


def test_a_stopped_process_can_be_started_again(stack):
    process = stack.manage("again", SLEEPER, {}, QUICK)
    wait_until(lambda: runs(stack, "again") == 1)
    process.stop()
    assert process.report().pid is None
    process.start()
    wait_until(lambda: runs(stack, "again") == 2)
    process.stop()


def test_a_process_that_always_fails_is_given_up_at_its_limit(stack):
    failing = ("/bin/sh", "-c", "echo up; exit 3")
    policy = RestartPolicy(limit=2, first_wait_s=0.01, longest_wait_s=0.01)
    process = stack.manage("fails", failing, {}, policy)
    wait_until(lambda: process.report().state == "failed")
    assert (process.report().restarts, process.report().exit_code) == (2, 3)
    assert runs(stack, "fails") == 3


def test_a_process_that_is_never_restarted_stays_down(stack):
    process = stack.manage("once", SLEEPER, {}, NEVER)
    wait_until(lambda: runs(stack, "once") == 1)
    process.kill()
    wait_until(lambda: process.report().state == "failed")
    assert process.kill() is None


def test_stopping_does_not_wait_for_a_restart(stack):
    slow = RestartPolicy(first_wait_s=600)
    process = stack.manage("waits", ("/bin/false",), {}, slow)
    wait_until(lambda: process.report().state == "waiting")
    process.stop()
    assert process.report().state == "stopped"


def test_a_program_that_does_not_exist_is_in_its_log(stack):
    process = stack.manage("missing", ("/no/such/program",), {}, NEVER)
    wait_until(lambda: process.report().state == "failed")
    assert "cannot run /no/such/program" in stack.layout.log("missing").read_text()


def test_environment_is_handed_on_without_what_only_the_stack_reads(stack, monkeypatch):
    shown = ("/usr/bin/env",)
    process = stack.manage("env", shown, {"LEDGER_KAFKA": "here:1"}, NEVER)
    wait_until(lambda: process.report().state == "failed")
    lines = stack.layout.log("env").read_text().splitlines()
    assert "LEDGER_KAFKA=here:1" in lines
    assert not [line for line in lines if line.startswith(("LEDGER_STACK_DIR", "LEDGER_CACHE"))]


def test_names_are_unique(stack):
    stack.manage("twin", SLEEPER, {}, QUICK)
    for name in ("twin", "redis"):
        with pytest.raises(ConfigError, match="already a process named"):
            stack.manage(name, SLEEPER, {})


def test_down_ends_them_before_the_servers():
    with running_stack("redis") as stack:
        process = stack.manage("ends", SLEEPER, {}, QUICK)
        wait_until(lambda: runs(stack, "ends") == 1)
        identity = Identity.of(process.report().pid)
        assert "ends" in {row.name for row in stack.status()}
    assert not identity.alive()
