"""Personal data: what was sealed is opened, by nobody after the erasure; nothing can be moved."""

import json
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingress.personal import (
    Envelope,
    EnvelopeDamagedError,
    ErasedError,
    FolderKeys,
    KeyMissingError,
    LocalWrap,
    MemoryKeys,
    PersonalData,
)
from tests.support.sources import ROOT

GUIDE = (ROOT / "docs/guides/personal-data.md").read_text(encoding="utf-8")
MASTER = bytes(range(32))
FIELDS = {"name": "Ada Lovelace", "memo": "für das Mittagessen"}


@pytest.fixture(params=["memory", "folder"])
def keys(request, tmp_path):
    return MemoryKeys() if request.param == "memory" else FolderKeys(tmp_path / "keys")


@pytest.fixture
def people(keys):
    return PersonalData(keys, LocalWrap(MASTER))


@given(fields=st.dictionaries(st.text(), st.text()))
def test_what_was_sealed_is_opened(fields):
    people = PersonalData(MemoryKeys(), LocalWrap(MASTER))
    sent = people.seal("party-7", "c-1", fields).to_bytes()
    assert people.open(Envelope.from_bytes(sent)) == fields


def test_nothing_of_the_clear_text_is_in_the_bytes(people):
    sent = people.seal("party-7", "c-1", FIELDS).to_bytes()
    assert not any(text.encode() in sent for text in FIELDS.values())
    assert people.seal("party-7", "c-1", FIELDS).to_bytes() != sent, "nonces are drawn anew"


def test_an_erased_person_is_opened_and_sealed_no_more(people, keys):
    envelope = people.seal("party-7", "c-1", FIELDS)
    other = people.seal("party-8", "c-2", FIELDS)
    digest = envelope.digest()
    people.erase("party-7")
    with pytest.raises(ErasedError, match="party-7 was erased"):
        people.open(envelope)
    with pytest.raises(ErasedError):
        people.seal("party-7", "c-3", FIELDS)
    assert envelope.digest() == digest
    assert people.open(other) == FIELDS
    assert list(keys.subjects()) == ["party-8"]


def test_another_store_of_keys_says_so(people):
    with pytest.raises(KeyMissingError, match="no key of party-7 is here"):
        PersonalData(MemoryKeys(), LocalWrap(MASTER)).open(people.seal("party-7", "c-1", FIELDS))


@pytest.mark.parametrize(
    "moved",
    [
        lambda sealed: Envelope("party-7", "c-2", sealed),
        lambda sealed: Envelope("party-7", "c-1", {"memo": sealed["name"]}),
        lambda sealed: Envelope("party-8", "c-1", sealed),
        lambda sealed: Envelope("party-7", "c-1", {"name": sealed["name"][:-1] + b"\0"}),
    ],
    ids=["event", "field", "person", "bytes"],
)
def test_a_field_is_opened_in_its_own_place_only(people, moved):
    people.seal("party-8", "c-1", {})
    envelope = people.seal("party-7", "c-1", FIELDS)
    with pytest.raises(EnvelopeDamagedError, match="was altered, moved, or is another key's"):
        people.open(moved(envelope.sealed))


def test_keys_are_wrapped_by_another_master_and_envelopes_stay(people, keys):
    envelopes = [people.seal(f"party-{number}", "c-1", FIELDS) for number in range(3)]
    people.erase("party-2")
    new = LocalWrap(MASTER[::-1])
    assert people.rewrap(new) == 2
    assert [PersonalData(keys, new).open(each) for each in envelopes[:2]] == [FIELDS] * 2
    with pytest.raises(EnvelopeDamagedError, match="key of party-0: was altered, or is another"):
        people.open(envelopes[0])


class AskedTooEarly:
    """A store of keys as it was before somebody else kept one in it."""

    def __init__(self, keys):
        self.add = keys.add

    def get(self, _subject):
        return None


def test_the_first_key_stays_when_two_make_one(people, keys):
    envelope = people.seal("party-7", "c-1", FIELDS)
    second = PersonalData(AskedTooEarly(keys), LocalWrap(MASTER)).seal("party-7", "c-2", FIELDS)
    assert people.open(envelope) == people.open(second) == FIELDS


def test_two_processes_share_a_folder(tmp_path):
    one, two = (PersonalData(FolderKeys(tmp_path), LocalWrap(MASTER)) for _ in range(2))
    assert two.open(one.seal("party-7", "c-1", FIELDS)) == FIELDS
    two.erase("party-7")
    with pytest.raises(ErasedError):
        one.seal("party-7", "c-2", FIELDS)


def test_files_of_keys_are_their_owners_and_leave_no_other(tmp_path):
    PersonalData(FolderKeys(tmp_path), LocalWrap(MASTER)).seal("party-7", "c-1", FIELDS)
    (file,) = tmp_path.iterdir()
    assert (file.stat().st_mode & 0o777, "party-7" in file.name) == (0o600, False)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda _: "no", "envelope: has not exactly event, fields, subject, version"),
        (lambda it: it | {"more": 1}, "envelope: has not exactly"),
        (lambda it: it | {"version": 2}, "version: 2 is not 1"),
        (lambda it: it | {"subject": ""}, "subject: is not a text"),
        (lambda it: it | {"event": 7}, "event: is not a text"),
        (lambda it: it | {"fields": []}, "fields: are not an object"),
        (lambda it: it | {"fields": {"a": "???"}}, "field 'a': is not base64"),
        (lambda it: it | {"fields": {"a": 7}}, "field 'a': is too short"),
        (lambda it: it | {"fields": {"a": "AAAA"}}, "field 'a': is too short"),
    ],
)
def test_what_is_no_envelope_is_told_by_name(people, change, said):
    document = json.loads(people.seal("party-7", "c-1", FIELDS).to_bytes())
    with pytest.raises(EnvelopeDamagedError, match=re.escape(said)):
        Envelope.from_bytes(json.dumps(change(document)).encode())


def test_bytes_that_are_no_json_are_refused():
    with pytest.raises(EnvelopeDamagedError, match="envelope: is not JSON"):
        Envelope.from_bytes(b"\xff")


@pytest.mark.parametrize("subject", ["", "a\nb"])
def test_a_subject_is_one_line(people, subject):
    with pytest.raises(ValueError, match=r"subject: .* is not one line of text"):
        people.seal(subject, "c-1", FIELDS)
    with pytest.raises(ValueError, match=r"subject: .* is not one line of text"):
        people.erase(subject)


def test_a_master_key_of_another_length_is_refused():
    with pytest.raises(ValueError, match="master_key has 16 bytes, not 32"):
        LocalWrap(bytes(16))


def test_the_guides_example_runs_and_prints_what_it_says(capsys, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (code,) = re.findall(r"```python\n(.*?)```", GUIDE, re.DOTALL)
    exec(compile(code, "personal-data.md", "exec"), {})
    assert capsys.readouterr().out.splitlines() == re.findall(r"print\(.*\)\s+# (.*)", code)
