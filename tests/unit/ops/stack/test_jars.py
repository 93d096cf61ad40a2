"""The pinned jars: what is listed, and that nothing else is used."""

import hashlib
import re
from pathlib import Path

import pytest

from ops.stack import jars, jars_fetch, versions
from ops.stack.errors import DownloadFailedError
from ops.stack.jars import Jar

CONTENT = b"a jar"


def jar_of(content, name="org.example:thing:1.0"):
    return Jar(name, hashlib.sha256(content).hexdigest(), len(content))


def arriving(content):
    """Stand in for a download that brings these bytes."""

    def fetch(coordinate, folder):
        folder.mkdir(parents=True, exist_ok=True)
        path = folder / f"{coordinate.replace(':', '_')}.jar"
        path.write_bytes(content)
        return path

    return fetch


@pytest.fixture
def one_jar(monkeypatch):
    monkeypatch.setattr(jars, "pinned", lambda _server: (jar_of(CONTENT),))
    monkeypatch.setattr("shutil.which", lambda _name: None)


@pytest.mark.parametrize(
    ("server", "main_jar", "count"),
    [
        ("kafka", f"org.apache.kafka:kafka_2.13:{versions.KAFKA}", 46),
        ("cassandra", f"org.apache.cassandra:cassandra-all:{versions.CASSANDRA}", 100),
    ],
)
def test_every_jar_of_the_pinned_version_is_listed(server, main_jar, count):
    listed = jars.pinned(server)
    assert main_jar in {jar.coordinate for jar in listed}
    assert len(listed) == count
    assert all(re.fullmatch("[0-9a-f]{64}", jar.sha256) for jar in listed)


@pytest.mark.parametrize(
    ("coordinate", "name"),
    [
        ("g:thing:1.0", "thing-1.0.jar"),
        ("g:thing:1.0:linux-x86_64", "thing-1.0-linux-x86_64.jar"),
    ],
)
def test_a_jar_has_the_file_name_of_a_repository(coordinate, name):
    assert Jar(coordinate, "", 0).file_name == name


def test_the_lock_file_names_no_address():
    assert "://" not in jars.LOCK_FILE.read_text()


def test_a_missing_jar_is_fetched_and_kept(one_jar, monkeypatch, tmp_path):
    said = []
    monkeypatch.setattr(jars_fetch, "by_jgo", arriving(CONTENT))
    folder = jars.ensure("kafka", "1", tmp_path, said.append)
    assert (folder / "thing-1.0.jar").read_bytes() == CONTENT
    assert said[0].startswith("kafka: fetching 1 jars")
    monkeypatch.setattr(jars_fetch, "by_jgo", None)  # a second fetch would fail
    assert jars.ensure("kafka", "1", tmp_path, said.append) == folder


def test_a_jar_with_another_digest_is_refused(one_jar, monkeypatch, tmp_path):
    monkeypatch.setattr(jars_fetch, "by_jgo", arriving(b"evil!"))
    with pytest.raises(DownloadFailedError, match="has not the SHA-256 pinned"):
        jars.ensure("kafka", "1", tmp_path, print)
    assert not (tmp_path / "kafka-1" / "thing-1.0.jar").exists()


def test_a_half_written_jar_is_fetched_again(one_jar, monkeypatch, tmp_path):
    (tmp_path / "kafka-1").mkdir()
    (tmp_path / "kafka-1" / "thing-1.0.jar").write_bytes(CONTENT[:2])
    monkeypatch.setattr(jars_fetch, "by_jgo", arriving(CONTENT))
    jars.ensure("kafka", "1", tmp_path, print)
    assert (tmp_path / "kafka-1" / "thing-1.0.jar").read_bytes() == CONTENT


def test_maven_helps_out_where_jgo_fails(one_jar, monkeypatch, tmp_path):
    def failing(coordinate, _folder):
        raise DownloadFailedError(f"cannot fetch {coordinate}")

    def maven(_coordinates, folder):
        folder.mkdir()
        (folder / "thing-1.0.jar").write_bytes(CONTENT)

    said = []
    monkeypatch.setattr(jars_fetch, "by_jgo", failing)
    monkeypatch.setattr(jars_fetch, "by_maven", maven)
    monkeypatch.setattr("shutil.which", lambda _name: "/usr/bin/mvn")
    folder = jars.ensure("kafka", "1", tmp_path, said.append)
    assert (folder / "thing-1.0.jar").exists()
    assert "kafka: cannot fetch org.example:thing:1.0; trying Maven" in said


def test_mavens_project_names_every_artifact():
    text = jars_fetch.render_project(["g:a:1", "g:b:2:native"], Path("/there"))
    assert "<artifactId>b</artifactId><version>2</version><classifier>native</classifier>" in text
    assert "<outputDirectory>/there</outputDirectory>" in text
    assert text.count("<artifactItem>") == 2
