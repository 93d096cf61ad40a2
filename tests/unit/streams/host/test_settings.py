"""What a worker is told by its environment."""

from pathlib import Path

import pytest

from schemas.access.kafka import Kafka
from streams.settings import Settings, SettingsError

LEAST = {"LEDGER_KAFKA": "h:9092", "LEDGER_STATE_DIR": "/s", "LEDGER_WORKER": "w"}


def test_the_least_and_its_defaults():
    settings = Settings.from_env({**LEAST, "PATH": "/bin"})
    assert settings == Settings(Kafka("h:9092"), Path("/s"), "w", "local", "main", 10.0, "")
    assert settings.folder == Path("/s/w")


def test_everything():
    env = {
        **LEAST,
        "LEDGER_ENV": "prod",
        "LEDGER_LEDGER_ID": "eu",
        "LEDGER_SESSION_TIMEOUT_S": "3",
        "LEDGER_CRASH_POINT": "mid-step",
        "LEDGER_SNAPSHOTS": "memory://shared",
        "LEDGER_SNAPSHOT_RECORDS": "7",
    }
    settings = Settings.from_env(env)
    assert (settings.env, settings.ledger_id) == ("prod", "eu")
    assert (settings.session_timeout_s, settings.crash_point) == (3.0, "mid-step")
    assert (settings.snapshots, settings.snapshot_records) == ("memory://shared", 7)


def test_variables_of_sister_shells_are_known():
    sisters = ("POSTGRES", "CASSANDRA", "REDIS", "STACK_DIR", "CACHE_DIR")
    assert Settings.from_env({**LEAST, **{f"LEDGER_{name}": "x" for name in sisters}})


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"LEDGER_KAFAK": "h:1"}, "unknown setting LEDGER_KAFAK"),
        ({"LEDGER_KAFKA": ""}, "LEDGER_KAFKA is missing"),
        ({"LEDGER_KAFKA": "h:1,h"}, "LEDGER_KAFKA is host:port"),
        ({"LEDGER_STATE_DIR": ""}, "LEDGER_STATE_DIR is missing"),
        ({"LEDGER_WORKER": ""}, "LEDGER_WORKER is missing"),
        ({"LEDGER_WORKER": "../w"}, "LEDGER_WORKER='../w'"),
        ({"LEDGER_ENV": "a b"}, "LEDGER_ENV='a b'"),
        ({"LEDGER_SESSION_TIMEOUT_S": "2.9"}, "LEDGER_SESSION_TIMEOUT_S=2.9"),
        ({"LEDGER_SESSION_TIMEOUT_S": "61"}, "LEDGER_SESSION_TIMEOUT_S=61"),
        ({"LEDGER_SESSION_TIMEOUT_S": "soon"}, "LEDGER_SESSION_TIMEOUT_S=soon"),
        ({"LEDGER_SNAPSHOTS": "s9://bucket"}, "LEDGER_SNAPSHOTS is a folder or .*s9"),
        ({"LEDGER_SNAPSHOT_RECORDS": "0"}, "LEDGER_SNAPSHOT_RECORDS"),
    ],
)
def test_a_wrong_setting_is_named(change, said):
    with pytest.raises(SettingsError, match=said):
        Settings.from_env({**LEAST, **change})


def test_passwords_are_not_shown():
    env = {
        **LEAST,
        "LEDGER_KAFKA_SECURITY": "SASL_SSL",
        "LEDGER_KAFKA_SASL": "PLAIN",
        "LEDGER_KAFKA_USER": "u",
        "LEDGER_KAFKA_PASSWORD": "hush",
    }
    settings = Settings.from_env(env)
    assert settings.shown()["kafka"] == "h:9092"
    assert "hush" not in f"{settings}{settings.shown()}"


def test_the_page_of_metrics_is_off_until_a_port_is_given():
    assert Settings.from_env(LEAST).metrics is None
    assert Settings.from_env({**LEAST, "LEDGER_METRICS": "9100"}).metrics == ("127.0.0.1", 9100)
    with pytest.raises(SettingsError, match="LEDGER_METRICS"):
        Settings.from_env({**LEAST, "LEDGER_METRICS": "nine"})
