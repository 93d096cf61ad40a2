"""What the environment may say, and the small pure parts around the runner."""

import signal

import pytest

from sinks import crash
from sinks.backoff import CEILING_S, wait_s
from sinks.errors import SettingsError
from sinks.settings import Settings, masked, partitions_of

KAFKA = {"LEDGER_KAFKA": "127.0.0.1:9092"}


def test_settings_come_from_the_environment():
    env = {**KAFKA, "LEDGER_POSTGRES": "postgresql://u:pw@h/db", "PATH": "/bin"}
    settings = Settings.from_env(env)
    assert settings.require("postgres") == "postgresql://u:pw@h/db"
    assert settings.shown()["postgres"] == "postgresql://u:***@h/db"


def test_variables_of_the_sister_shells_are_known():
    names = ["STATE_DIR", "WORKER", "ENV", "LEDGER_ID", "SESSION_TIMEOUT_S", "STACK_DIR"]
    names += ["CACHE_DIR", "CRASH_POINT"]
    assert Settings.from_env({**KAFKA, **{f"LEDGER_{name}": "x" for name in names}})


@pytest.mark.parametrize(
    ("env", "message"),
    [
        ({}, "LEDGER_KAFKA is missing"),
        ({**KAFKA, "LEDGER_POSTGRESS": "x"}, "unknown setting LEDGER_POSTGRESS"),
        ({**KAFKA, "LEDGER_CASSANDRA": "localhost"}, "host:port"),
    ],
)
def test_a_wrong_environment_is_refused_by_name(env, message):
    with pytest.raises(SettingsError, match=message):
        Settings.from_env(env)


def test_a_store_that_was_not_named_is_asked_for():
    with pytest.raises(SettingsError, match="LEDGER_REDIS is missing"):
        Settings.from_env(KAFKA).require("redis")


def test_passwords_are_in_no_repr():
    places = {"POSTGRES": "postgresql://u:hush@h/db", "REDIS": "redis://:hush@h:1/0"}
    settings = Settings.from_env({**KAFKA, **{f"LEDGER_{k}": v for k, v in places.items()}})
    assert "hush" not in f"{settings}{settings.shown()}"


@pytest.mark.parametrize(
    ("place", "shown"),
    [
        ("host=h password=pw dbname=d", "host=h password=*** dbname=d"),
        ("redis://:pw@h:1/0", "redis://:***@h:1/0"),
        ("redis://h:1/0", "redis://h:1/0"),
    ],
)
def test_passwords_are_masked(place, shown):
    assert masked(place) == shown


@pytest.mark.parametrize(
    ("text", "chosen"), [("0", (0,)), ("0-3", (0, 1, 2, 3)), ("5,0-1,1", (0, 1, 5))]
)
def test_partitions_are_numbers_and_ranges(text, chosen):
    assert partitions_of(text) == chosen


@pytest.mark.parametrize("text", ["", "a", "3-1", "1-", "-1", "1;2"])
def test_anything_else_is_refused(text):
    with pytest.raises(SettingsError, match="such as"):
        partitions_of(text)


def test_waits_grow_to_a_ceiling_and_are_spread():
    waits = [wait_s(attempt, "p") for attempt in range(1, 60)]
    assert waits[0] <= 0.1
    assert all(0 < wait <= CEILING_S for wait in waits)
    assert waits[-1] >= CEILING_S / 2
    assert wait_s(9, "a") != wait_s(9, "b")


@pytest.fixture
def killed(monkeypatch):
    calls = []
    monkeypatch.setattr(crash.os, "kill", lambda pid, number: calls.append((pid, number)))
    return calls


def test_the_process_dies_at_the_nth_pass_of_the_named_point_only(killed):
    reach = crash.crash_at("mid-sink-batch:2")
    for point in (crash.BEFORE_OFFSET, crash.MID_BATCH, crash.AFTER_OFFSET):
        reach(point)
    assert killed == []
    reach(crash.MID_BATCH)
    reach(crash.MID_BATCH)
    assert [number for _, number in killed] == [signal.SIGKILL]


@pytest.mark.parametrize("setting", ["", "mid-step:1", "after-commit"])
def test_crash_points_of_others_do_nothing_here(killed, setting):
    reach = crash.crash_at(setting)
    for point in crash.POINTS:
        reach(point)
    assert killed == []


def test_a_point_that_ends_in_stop_freezes_the_process(killed):
    crash.crash_at("mid-sink-batch:1:stop")(crash.MID_BATCH)
    assert [number for _, number in killed] == [signal.SIGSTOP]
