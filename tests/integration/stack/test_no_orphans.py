"""However the owner of a stack ends, none of its processes is left."""

import signal
import subprocess
import sys

import pytest

from ops.stack import Stack, lock, runfile
from ops.stack.process import Identity
from ops.stack.workers import HOME
from tests.support.stack import stack_folder, wait_until

OWNER = """
import signal, sys, time
from pathlib import Path
from ops.stack import Stack
# A shell that starts us in the background has it ignored.
signal.signal(signal.SIGINT, signal.default_int_handler)
services = tuple(sys.argv[2].split(","))
with Stack(Path(sys.argv[1]), services=services) as stack:
    stack.manage("sleeper", ("/bin/sleep", "600"), {})
    print("up", flush=True)
    while True:  # a signal that comes just before one long wait would be noticed after it
        time.sleep(0.1)
"""
ALL = "kafka,postgres,cassandra,redis"
LIGHT = "postgres,redis"
GONE_DEADLINE_S = 30


@pytest.fixture
def folder():
    with stack_folder() as root:
        yield root


def owner_of(folder, services):
    """Start a program that owns a stack, and return it once the stack is up."""
    owner = subprocess.Popen(
        (sys.executable, "-c", OWNER, str(folder), services),
        cwd=HOME,
        stdout=subprocess.PIPE,
        text=True,
    )
    with owner.stdout:
        assert owner.stdout.readline() == "up\n"
    return owner


def children_of(folder):
    rows = runfile.read(folder / "run.json").rows
    children = [Identity.of(row.pid) for row in rows if row.pid is not None]
    assert all(child is not None for child in children)
    return children


@pytest.mark.parametrize(
    ("services", "number"),
    [(ALL, signal.SIGKILL), (LIGHT, signal.SIGTERM), (LIGHT, signal.SIGINT)],
)
def test_nothing_outlives_the_owner(folder, services, number):
    owner = owner_of(folder, services)
    children = children_of(folder)
    assert len(children) == len(services.split(",")) + 1
    owner.send_signal(number)
    owner.wait(GONE_DEADLINE_S)
    # Every process of a stack holds its lock, those that the servers started too.
    wait_until(lambda: not lock.is_held(folder / "lock"), GONE_DEADLINE_S)
    assert not any(child.alive() for child in children)


def test_the_data_of_a_killed_owner_is_good(folder):
    owner = owner_of(folder, LIGHT)
    owner.kill()
    owner.wait(GONE_DEADLINE_S)
    # Its servers are not waited for: the next owner itself waits for the last of them.
    with Stack(folder, services=tuple(LIGHT.split(","))) as stack:
        assert {row.state for row in stack.status()} == {"running"}


def test_an_owner_that_forgets_takes_its_stack_down_at_exit(folder):
    program = OWNER.replace("with Stack(", "stack = Stack(").replace(
        "services=services) as stack:", "services=services).up()\nif True:"
    )
    done = subprocess.run(
        (sys.executable, "-c", program.replace("while True:", "while False:"), str(folder), LIGHT),
        cwd=HOME,
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stderr == ""
    assert runfile.read(folder / "run.json").phase == "stopped"
    assert not lock.is_held(folder / "lock")
