"""Starting, stopping, killing and freezing single servers, and hearing why one did not start."""

import os
import signal
import socket

import pytest
import redis

from ops.stack import Stack, StackConfig
from ops.stack import lock as locks
from ops.stack.errors import (
    ConfigError,
    FolderLockedError,
    NotRunningError,
    PortTakenError,
    ServerDiedError,
    StartTimeoutError,
)
from ops.stack.ports import HOST
from tests.support.stack import running_stack, stack_folder


@pytest.fixture
def folder():
    with stack_folder() as root:
        yield root


def test_two_stacks_run_side_by_side():
    with running_stack("redis", "postgres") as one, running_stack("redis", "postgres") as two:
        assert set(one.endpoints.env().values()).isdisjoint(two.endpoints.env().values())
        for number, stack in enumerate((one, two)):
            redis.Redis.from_url(stack.endpoints.redis).set("mine", number)
        assert redis.Redis.from_url(one.endpoints.redis).get("mine") == b"0"


def test_a_server_stops_and_starts_again_alone():
    with running_stack("redis", "postgres") as stack:
        before = stack.pid("redis")
        assert stack.stop("redis") == 0
        assert [row.state for row in stack.status()] == ["stopped", "running"]
        with pytest.raises(NotRunningError, match="redis is not up"):
            stack.kill("redis")
        stack.start("redis")
        stack.start("redis")  # already up: nothing happens
        assert stack.pid("redis") != before
        assert redis.Redis.from_url(stack.endpoints.redis).ping()


def test_a_killed_server_shows_how_it_ended():
    with running_stack("redis") as stack:
        stack.kill("redis")
        (row,) = stack.status()
        assert (row.state, row.exit_code) == ("stopped", -signal.SIGKILL)


def test_a_frozen_server_can_be_stopped(folder):
    with Stack(folder, services=("redis",)) as stack:
        stack.kill("redis", signal.SIGSTOP)
    assert not locks.is_held(stack.layout.lock)


def test_a_server_that_dies_is_reported_with_its_log(folder):
    with Stack(folder, services=("redis", "postgres")) as stack:
        data = (stack.layout.service("postgres") / "data").resolve()
    (data / "postgresql.conf").write_text("nonsense = 1\n")
    with pytest.raises(ServerDiedError) as caught:
        stack.up()
    assert "postgres ended with exit code 1 before it was ready" in str(caught.value)
    assert 'unrecognized configuration parameter "nonsense"' in str(caught.value)
    assert not locks.is_held(stack.layout.lock)


def test_a_broker_that_refuses_its_settings_is_reported(folder):
    config = StackConfig(
        root=folder, services=("kafka",), kafka_overrides={"log.segment.bytes": "many"}
    )
    with pytest.raises(ServerDiedError, match="Invalid value many"):
        Stack(config).up()


def test_a_server_that_is_not_ready_in_time_is_reported(folder):
    config = StackConfig(root=folder, services=("redis",), start_deadline_s=-1)
    with pytest.raises(StartTimeoutError, match="redis was not ready"):
        Stack(config).up()
    assert not locks.is_held(folder / "lock")


def test_a_taken_port_names_its_holder(folder):
    with socket.create_server((HOST, 0)) as taken:
        port = taken.getsockname()[1]
        config = StackConfig(root=folder, services=("redis",), ports={"redis": port})
        with pytest.raises(PortTakenError, match=rf"port {port} of redis .* \(pid {os.getpid()}\)"):
            Stack(config).up()
    assert not locks.is_held(folder / "lock")


def test_a_folder_has_one_stack_at_a_time(folder):
    with Stack(folder, services=("redis",)) as stack:
        with pytest.raises(FolderLockedError, match=f"in use by process {os.getpid()}"):
            Stack(folder, services=("redis",)).up()
        with pytest.raises(ConfigError, match="take the stack down"):
            stack.wipe()
        assert redis.Redis.from_url(stack.endpoints.redis).ping()
    stack.wipe()
    assert not folder.exists()


def test_a_stack_that_is_down_starts_and_stops_nothing(folder):
    stack = Stack(folder, services=("redis",))
    with pytest.raises(NotRunningError, match="never up"):
        _ = stack.endpoints
    with pytest.raises(NotRunningError, match="is not up"):
        stack.start("redis")
    assert stack.status() == ()
    stack.down()
