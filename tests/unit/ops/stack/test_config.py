"""What a stack is, and what is refused as one."""

from pathlib import Path

import pytest

from ops.stack import config
from ops.stack.config import StackConfig
from ops.stack.errors import ConfigError

PORTS = {"kafka": 1, "postgres": 2, "cassandra": 3, "redis": 4}


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"services": ()}, "at least one service"),
        ({"services": ("kafka", "oracle")}, "unknown service 'oracle'"),
        ({"ports": {"oracle": 1521}}, "unknown port 'oracle'"),
        ({"ports": {"kafka": 0}}, "1 to 65535, not 0"),
        ({"ports": {"kafka": 65_536}}, "1 to 65535, not 65536"),
    ],
)
def test_what_cannot_be_a_stack_is_refused(wrong, said):
    with pytest.raises(ConfigError, match=said):
        StackConfig(root=Path("/stack"), **wrong)


def test_kafka_and_cassandra_have_a_second_port():
    stack = StackConfig(root=Path("/stack"), services=("kafka", "redis"))
    assert stack.port_names() == ("kafka", "redis", "kafka-controller")


def test_endpoints_name_every_server():
    ends = config.endpoints_of(PORTS, config.SERVICES)
    assert ends.env() == {
        "LEDGER_KAFKA": "127.0.0.1:1",
        "LEDGER_POSTGRES": "postgresql://ledger@127.0.0.1:2/ledger",
        "LEDGER_CASSANDRA": "127.0.0.1:3",
        "LEDGER_REDIS": "redis://127.0.0.1:4/0",
    }


def test_a_server_that_is_not_part_of_the_stack_has_no_endpoint():
    assert config.endpoints_of(PORTS, ("redis",)).env() == {"LEDGER_REDIS": "redis://127.0.0.1:4/0"}


@pytest.mark.parametrize(
    ("env", "folder"),
    [
        ({"LEDGER_CACHE_DIR": "/c"}, "/c"),
        ({"XDG_CACHE_HOME": "/x", "HOME": "/h"}, "/x/wallet-ledger"),
        ({"HOME": "/h"}, "/h/.cache/wallet-ledger"),
        ({}, "/var/tmp/.cache/wallet-ledger"),
    ],
)
def test_the_cache_lies_outside_the_checkout(env, folder):
    assert config.cache_folder(env) == Path(folder)


def test_the_stack_folder_is_configurable():
    assert config.default_root({"LEDGER_STACK_DIR": "/s"}) == Path("/s")
    assert config.default_root({}) == Path.cwd() / ".stack"
