"""Golden bytes of every locked version decode for ever, into what was written then."""

import json
from pathlib import Path

import pytest

from schemas.codec import CodecError, decode, decode_any, encode
from schemas.lock import read_lock
from schemas.messages.subjects import SUBJECTS
from schemas.model import Choice, Maybe, Named, Primitive, Sequence, load, name_of
from tests.contract.golden.__main__ import FOLDER, golden_files

CATALOGUE = load()
CLASSES = {each.fullname: each.message for each in SUBJECTS}
FILES = sorted(path.name for path in FOLDER.glob("*.json"))
VERSIONS = {
    f"{subject}.v{number}.json": (version, number == len(versions))
    for subject, versions in read_lock().items()
    for number, version in enumerate(versions, 1)
}
HOW = "run `python -m tests.contract.golden`"


def golden(name):
    return json.loads((FOLDER / name).read_text(encoding="utf-8"))


def test_every_locked_version_has_its_file():
    assert sorted(VERSIONS) == FILES, HOW


@pytest.mark.parametrize("name", FILES)
def test_golden_bytes_decode_to_what_was_written(name):
    document = golden(name)
    for sample in document["samples"].values():
        data = bytes.fromhex(sample["hex"])
        message = decode(CLASSES[document["subject"]], data)
        assert message == decode_any(data)
        assert_holds(as_json(message, Named(document["subject"])), sample["value"])


@pytest.mark.parametrize("name", FILES)
def test_golden_bytes_of_the_newest_version_are_what_we_write(name):
    _, newest = VERSIONS[name]
    for sample in golden(name)["samples"].values() if newest else ():
        data = bytes.fromhex(sample["hex"])
        assert encode(decode_any(data)) == data


@pytest.mark.parametrize("name", FILES)
def test_golden_bytes_cut_anywhere_or_with_a_byte_more_are_refused(name):
    for sample in golden(name)["samples"].values():
        data = bytes.fromhex(sample["hex"])
        # Every byte of all but the largest samples; those repeat their first bytes' fields.
        for size in range(0, len(data), 1 + len(data) // 3000):
            with pytest.raises(CodecError):
                decode_any(data[:size])
        with pytest.raises(CodecError, match="left over"):
            decode_any(data + b"\x00")


def test_golden_files_are_those_of_the_lock():
    """Made again from the lock they are the same, so no file was edited."""
    for name, text in golden_files().items():
        assert Path(FOLDER / name).read_text(encoding="utf-8") == text, HOW


def assert_holds(found, written):
    """What was written is there; fields added since have defaults and are not compared."""
    if isinstance(written, dict):
        assert isinstance(found, dict)
        for key, value in written.items():
            if key in found:
                assert_holds(found[key], value)
        assert found.keys() & written.keys() or not written
    elif isinstance(written, list):
        assert len(found) == len(written)
        for one, other in zip(found, written, strict=True):
            assert_holds(one, other)
    else:
        assert found == written


def as_json(value, kind):
    """A message in the golden files' JSON, guided by today's schema."""
    if isinstance(kind, Sequence):
        return [as_json(each, kind.item) for each in value]
    if isinstance(kind, Maybe) and value is not None:
        return as_json(value, kind.inner)
    if isinstance(kind, Choice) and value is not None:
        name = next(each for each in kind.branches if name_of(each) == type(value).__name__)
        return {name: as_json(value, Named(name))}
    if isinstance(kind, Named) and hasattr(value, "__match_args__"):
        return {
            field.name: as_json(getattr(value, field.name), field.type)
            for field in CATALOGUE.record(kind.fullname).fields
        }
    if isinstance(kind, Primitive) and isinstance(value, bytes):
        return value.hex()
    return None if value is None else value
