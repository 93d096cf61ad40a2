"""The gate in front of the lock: what may change in a schema, and what may not."""

import copy

import pytest

from schemas import registry
from schemas.lock import LOCK_PATH, Version, read_lock, write_lock
from schemas.normal import fingerprint
from schemas.registry import (
    current_normals,
    incompatible,
    refused_reset,
    registered,
    removed,
    unregistered,
)

SUBJECT = "ledger.test.Row"


def schema(*fields):
    return {"name": SUBJECT, "type": "record", "fields": list(fields)}


AMOUNT = {"name": "amount", "type": "long"}
NOTE = {"name": "note", "type": "string"}
NOTE_DEFAULT = {**NOTE, "default": ""}
STATUS = {
    "name": "status",
    "type": {
        "name": "ledger.test.Status",
        "type": "enum",
        "symbols": ["A", "B"],
        "default": "A",
    },
}


def with_branches(*names):
    branches = [{"name": f"ledger.test.{each}", "type": "record", "fields": []} for each in names]
    return {"name": "body", "type": branches}


def with_symbols(*symbols):
    field = copy.deepcopy(STATUS)
    field["type"]["symbols"] = list(symbols)
    return field


def locked(*schemas):
    versions = (Version(at, fingerprint(each), each) for at, each in enumerate(schemas, 1))
    return {SUBJECT: tuple(versions)}


def test_the_lock_fits_todays_schemas():
    lock, normals = read_lock(), current_normals()
    assert unregistered(normals, lock) == []
    assert incompatible(normals, lock) == []


def test_ids_are_unique_and_fingerprints_are_those_of_the_schemas():
    versions = [each for versions in read_lock().values() for each in versions]
    assert len({each.schema_id for each in versions}) == len(versions)
    assert all(each.fingerprint == fingerprint(each.schema) for each in versions)


GOOD = {
    "a field with a default": (schema(AMOUNT), schema(AMOUNT, NOTE_DEFAULT)),
    "a field gone": (schema(AMOUNT, NOTE), schema(AMOUNT)),
    "int to long": (schema({**AMOUNT, "type": "int"}), schema(AMOUNT)),
    "a symbol more": (schema(STATUS), schema(with_symbols("A", "B", "C"))),
    "an event more": (schema(with_branches("A", "B")), schema(with_branches("A", "B", "C"))),
    "optional": (schema(AMOUNT), schema({**AMOUNT, "type": ["null", "long"]})),
}
BAD = {
    "a field without default": (schema(AMOUNT), schema(AMOUNT, NOTE)),
    "a rename": (schema(AMOUNT), schema({**AMOUNT, "name": "sum"})),
    "another type": (schema(AMOUNT), schema({**AMOUNT, "type": "string"})),
    "long to int": (schema(AMOUNT), schema({**AMOUNT, "type": "int"})),
    "an event gone": (schema(with_branches("A", "B")), schema(with_branches("A"))),
    "no longer optional": (schema({**AMOUNT, "type": ["null", "long"]}), schema(AMOUNT)),
}


@pytest.mark.parametrize("case", GOOD)
def test_a_change_readers_survive_passes(case):
    old, new = GOOD[case]
    assert incompatible({SUBJECT: new}, locked(old)) == []


@pytest.mark.parametrize("case", BAD)
def test_a_change_that_breaks_old_bytes_is_refused(case):
    old, new = BAD[case]
    problems = incompatible({SUBJECT: new}, locked(old))
    assert problems
    assert all(each.startswith(f"{SUBJECT}: cannot read version 1: ") for each in problems)


def test_every_older_version_counts_not_only_the_last():
    first, second = schema(AMOUNT), schema(AMOUNT, NOTE_DEFAULT)
    third = schema(AMOUNT, NOTE)
    problems = incompatible({SUBJECT: third}, locked(first, second))
    assert [each[: each.index(": ", 20)] for each in problems] == [
        f"{SUBJECT}: cannot read version 1"
    ]


def test_a_changed_schema_gets_the_next_id_and_an_unchanged_one_keeps_its_own():
    first, second = schema(AMOUNT), schema(AMOUNT, NOTE_DEFAULT)
    lock = registered({SUBJECT: second}, locked(first))
    assert [each.schema_id for each in lock[SUBJECT]] == [1, 2]
    assert registered({SUBJECT: second}, lock) == lock
    assert unregistered({SUBJECT: second}, lock) == []


def test_a_default_alone_is_a_change():
    old, new = schema(NOTE_DEFAULT), schema({**NOTE, "default": "x"})
    assert fingerprint(old) == fingerprint(new)
    assert unregistered({SUBJECT: new}, locked(old)) == [
        f"{SUBJECT}: differs from its newest locked version; run with --register"
    ]


def test_a_subject_cannot_disappear():
    assert unregistered({}, locked(schema(AMOUNT))) == [
        f"{SUBJECT}: locked, but has no schema any more"
    ]


def test_locked_versions_are_neither_changed_nor_dropped():
    base = locked(schema(AMOUNT))
    assert removed(base, locked(schema(AMOUNT), schema(AMOUNT, NOTE_DEFAULT))) == []
    for other in ({}, locked(schema(NOTE))):
        assert removed(base, other) == [f"{SUBJECT}: a locked version was changed or dropped"]


@pytest.mark.parametrize(
    ("changelog", "refused"),
    [("# Changelog\n\n## Unreleased\n", False), ("## [0.1.0] - 2026-01-01\n", True)],
)
def test_a_released_lock_is_never_reset(tmp_path, changelog, refused):
    path = tmp_path / "CHANGELOG.md"
    assert refused_reset(path) == []
    path.write_text(changelog, encoding="utf-8")
    assert bool(refused_reset(path)) is refused


def test_a_lock_reads_back(tmp_path):
    path = tmp_path / "lock.json"
    assert read_lock(path) == {}
    write_lock(read_lock(), path)
    assert path.read_bytes() == LOCK_PATH.read_bytes()


@pytest.fixture
def gate(monkeypatch, tmp_path):
    """The command on a lock and schemas of its own."""
    path = tmp_path / "lock.json"
    changelog = tmp_path / "CHANGELOG.md"
    monkeypatch.setattr(registry, "LOCK_PATH", path)
    monkeypatch.setattr(registry, "read_lock", lambda where=path: read_lock(where))
    monkeypatch.setattr(registry, "CHANGELOG_PATH", changelog)

    def run(action, new, *more):
        monkeypatch.setattr(registry, "current_normals", lambda: {SUBJECT: new})
        return registry.main([action, *more])

    return run, path, changelog


def test_the_command_refuses_and_changes_nothing(gate, capsys):
    run, path, changelog = gate
    old, new = BAD["a rename"]
    assert run("--register", old) == 0
    before = path.read_bytes()
    assert run("--check", old) == 0
    assert run("--check", new) == run("--register", new) == 1
    assert "cannot read version 1" in capsys.readouterr().out
    assert path.read_bytes() == before
    changelog.write_text("## 1.0.0\n", encoding="utf-8")
    assert run("--reset", new) == 1
    assert path.read_bytes() == before
    changelog.unlink()
    assert run("--reset", new) == 0
    assert run("--check", new) == 0


def test_the_command_compares_with_an_older_lock(gate, tmp_path, capsys):
    run, _, _ = gate
    base = tmp_path / "base.json"
    write_lock(locked(schema(NOTE)), base)
    assert run("--register", schema(AMOUNT)) == 0
    assert run("--check", schema(AMOUNT), "--base", str(base)) == 1
    assert "changed or dropped" in capsys.readouterr().out
