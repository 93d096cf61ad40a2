"""`ledgerctl stack` as a person uses it, on real servers."""

import json
import signal
import subprocess
import sys

import pytest

from ops.stack import control, lock, runfile
from ops.stack.workers import HOME
from tests.support.stack import stack_folder, wait_until

COMMAND = (sys.executable, "-m", "ops.stack")
DEADLINE_S = 60


@pytest.fixture
def folder():
    with stack_folder() as root:
        yield root
        control.down(root, print)


def call(*arguments):
    return subprocess.run(
        (*COMMAND, *map(str, arguments)),
        cwd=HOME,
        capture_output=True,
        text=True,
        timeout=DEADLINE_S,
        check=False,
    )


def light(verb, folder, *arguments):
    return call(verb, "--root", folder, "--service", "redis", *arguments)


def test_a_stack_outlives_its_command_until_down(folder):
    up = light("up", folder)
    assert up.returncode == 0, up.stderr
    assert "redis is ready after" in up.stdout
    status = call("status", "--root", folder, "--json")
    assert status.returncode == 0
    (row,) = json.loads(status.stdout)["services"]
    assert (row["name"], row["state"]) == ("redis", "running")
    again = light("up", folder)
    assert again.returncode == 0
    assert "already up" in again.stdout
    more = call("up", "--root", folder)
    assert more.returncode == 3
    assert "is up without cassandra, kafka, postgres" in more.stderr
    assert "Ready to accept connections" in call("logs", "redis", "--root", folder).stdout
    assert call("wipe", "--root", folder, "--execute").returncode == 3
    down = call("down", "--root", folder)
    assert (down.returncode, down.stdout.splitlines()[-1]) == (0, "the stack is down")
    assert not lock.is_held(folder / "lock")
    assert call("status", "--root", folder).returncode == 3


def test_a_server_that_died_shows_in_the_status(folder):
    light("up", folder)
    (row,) = runfile.read(folder / "run.json").rows
    subprocess.run(("kill", "-9", str(row.pid)), check=True)
    wait_until(lambda: call("status", "--root", folder).returncode == 1)
    assert "stopped (-9)" in call("status", "--root", folder).stdout


def test_a_killed_supervisor_leaves_nothing(folder):
    light("up", folder)
    control.owner_of(folder).send(signal.SIGKILL)
    wait_until(lambda: not lock.is_held(folder / "lock"))
    assert call("status", "--root", folder).returncode == 3
    assert light("up", folder).returncode == 0


def test_a_failed_start_exits_3_and_leaves_nothing(folder):
    light("up", folder, "--port", "redis=27999")
    other = call("up", "--root", folder / "other", "--service", "redis", "--port", "redis=27999")
    assert other.returncode == 3
    assert "port 27999 of redis on 127.0.0.1 is taken by" in other.stdout
    assert "did not come up" in other.stderr
    assert not lock.is_held(folder / "other" / "lock")


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_in_the_foreground_a_signal_stops_everything(folder, number):
    command = (*COMMAND, "up", "--root", str(folder), "--service", "redis", "--foreground")
    with subprocess.Popen(command, cwd=HOME, stdout=subprocess.PIPE, text=True) as shown:
        assert "redis is ready" in shown.stdout.readline()
        shown.send_signal(number)
        assert shown.wait(DEADLINE_S) == 0
    assert not lock.is_held(folder / "lock")


def test_a_stack_of_a_running_program_is_not_taken_from_it(folder):
    program = (
        "import sys; from pathlib import Path; from ops.stack import Stack\n"
        "with Stack(Path(sys.argv[1]), services=('redis',)):\n"
        "    print('up', flush=True); sys.stdin.read()"
    )
    with subprocess.Popen(
        (sys.executable, "-c", program, str(folder)),
        cwd=HOME,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as owner:
        assert owner.stdout.readline() == "up\n"
        answer = call("down", "--root", folder)
        assert answer.returncode == 3
        assert f"belongs to process {owner.pid}" in answer.stderr
