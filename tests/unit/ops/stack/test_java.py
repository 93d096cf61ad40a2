"""Finding a usable Java."""

import pytest

from ops.stack import java
from ops.stack.errors import NoJavaError

BANNER_17 = 'openjdk version "17.0.15" 2025-04-15\nOpenJDK Runtime Environment'


@pytest.mark.parametrize(
    ("banner", "major"),
    [
        (BANNER_17, 17),
        ('java version "1.8.0_391"', 8),
        ('openjdk version "25" 2025-09-16', 25),
        ("The operation couldn't be completed", 0),
        ("", 0),
    ],
)
def test_the_major_version_is_read_from_the_banner(banner, major):
    assert java.parse_major(banner) == major


@pytest.mark.parametrize(
    ("major", "exactly", "usable"),
    [
        (16, None, False),
        (17, None, True),
        (25, None, True),
        (0, None, False),
        (17, 17, True),
        (21, 17, False),
    ],
)
def test_kafka_takes_any_newer_java_and_cassandra_one_alone(major, exactly, usable):
    assert java.usable(major, exactly) is usable


@pytest.fixture
def only_the_system(monkeypatch):
    monkeypatch.setattr("importlib.util.find_spec", lambda _name: None)


def fake_java(folder, banner, code=0):
    path = folder / "java"
    path.write_text(f"#!/bin/sh\ncat >&2 <<'END'\n{banner}\nEND\nexit {code}\n")
    path.chmod(0o755)
    return {"PATH": f"{folder}:/usr/bin:/bin"}


def test_no_java_at_all_says_what_to_install(only_the_system, tmp_path):
    with pytest.raises(NoJavaError, match="Java 17 or newer is needed") as caught:
        java.find({"PATH": str(tmp_path)})
    assert "there is no java on the path" in str(caught.value)
    assert "extra `stack`" in str(caught.value)


def test_a_java_that_is_too_old_is_named(only_the_system, tmp_path):
    env = fake_java(tmp_path, 'openjdk version "11.0.2"')
    with pytest.raises(NoJavaError, match="java is Java 11"):
        java.find(env)


def test_a_java_that_does_not_run_is_named(only_the_system, tmp_path):
    env = fake_java(tmp_path, BANNER_17, code=1)
    with pytest.raises(NoJavaError, match="no working Java"):
        java.find(env)


def test_a_java_of_the_system_is_taken(only_the_system, tmp_path):
    found = java.find(fake_java(tmp_path, BANNER_17))
    assert (found.path, found.major) == (tmp_path / "java", 17)


def test_java_home_comes_first(only_the_system, tmp_path):
    home = tmp_path / "home"
    (home / "bin").mkdir(parents=True)
    fake_java(home / "bin", 'openjdk version "21.0.1"')
    env = {**fake_java(tmp_path, BANNER_17), "JAVA_HOME": str(home)}
    assert java.find(env).major == 21
    assert java.find(env, exactly=17).path == tmp_path / "java"
