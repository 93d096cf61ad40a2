"""Frames, ids and upcasting of stored bytes."""

import importlib.util
import json
from io import BytesIO

import pytest
from fastavro import parse_schema, schemaless_writer
from hypothesis import given
from hypothesis import strategies as st

import schemas.lock
from schemas import codec
from schemas.codec import CodecError, StaleLock, UnknownSchema
from schemas.lock import Version, read_lock, write_lock
from schemas.messages.commands import WalletCommand
from schemas.messages.decisions import Decision
from schemas.messages.journal import Posting
from schemas.messages.rows import AccountRow, OpenCreditRow
from schemas.messages.runtime import AppliedRow
from schemas.messages.subjects import SUBJECTS
from schemas.normal import fingerprint
from schemas.wire import LONG_MAX, long_bytes
from tests.contract.golden.samples import Sampler
from tests.support.sources import ROOT
from tests.unit.schemas.strategies import messages

ROW = AccountRow(1764000000123456)
NAME = "ledger.rows.AccountRow"


def test_frame_is_zero_and_the_locked_id():
    data = codec.encode(ROW)
    assert data[0] == 0
    assert int.from_bytes(data[1:5], "big") == codec.schema_id(AccountRow)
    assert codec.schema_id(AccountRow) == read_lock()[NAME][-1].schema_id
    assert codec.decode(AccountRow, data) == codec.decode_any(data) == ROW


def test_every_subject_has_an_id_of_its_own():
    assert len({codec.schema_id(each.message) for each in SUBJECTS}) == len(SUBJECTS)


def test_what_is_no_subject_is_not_written():
    with pytest.raises(CodecError, match="Posting is not a subject"):
        codec.encode(Posting("W.AVL", "w-1", "EUR", 1))


@pytest.mark.parametrize("data", [b"", b"\x00", b"\x00\x00\x00\x00", b'{"id": 1}', b"\x01" * 20])
def test_without_a_frame_nothing_is_read(data):
    with pytest.raises(UnknownSchema, match="no frame"):
        codec.decode(AccountRow, data)
    with pytest.raises(UnknownSchema, match="no frame"):
        codec.decode_any(data)


def test_an_unknown_id_is_named():
    with pytest.raises(UnknownSchema, match="schema id 999999 is not in the lock"):
        codec.decode(AccountRow, b"\x00" + (999999).to_bytes(4, "big") + b"\x02")


def test_another_subject_is_refused():
    with pytest.raises(CodecError, match=r"AppliedRow expected, .* ledger\.rows\.AccountRow"):
        codec.decode(AppliedRow, codec.encode(ROW))


def test_bytes_left_over_and_missing_bytes_are_refused():
    data = codec.encode(ROW)
    with pytest.raises(CodecError, match="AccountRow: bytes left over after byte 13 of 14"):
        codec.decode(AccountRow, data + b"\x00")
    for size in range(5, len(data)):
        with pytest.raises(CodecError, match=r"AccountRow: .*end early"):
            codec.decode(AccountRow, data[:size])


LEFT_EMPTY = {
    "ledger_id": "",
    "policy_version": "",
    "ruleset_hash": b"",
    "risk": None,
    "entries": (),
}


@given(messages("ledger.decisions.Decision"))
def test_a_partial_decision_is_the_whole_one_but_for_what_a_fold_never_asks(whole):
    part = codec.decode_partly(Decision, codec.encode(whole))
    for name in Decision.__match_args__:
        assert getattr(part, name) == LEFT_EMPTY.get(name, getattr(whole, name)), name


@given(messages("ledger.decisions.Decision"), st.data())
def test_what_is_stepped_over_is_measured(whole, data):
    framed = codec.encode(whole)
    cut = data.draw(st.integers(5, len(framed) - 1))
    for broken in (framed[:cut], framed + b"\x00"):
        with pytest.raises(CodecError):
            codec.decode_partly(Decision, broken)


@given(messages("ledger.decisions.Decision"), st.data())
def test_stepping_over_any_bytes_reads_on_where_reading_does(whole, data):
    """One byte is another: what reads whole reads in part, and both read the same."""
    framed = bytearray(codec.encode(whole))
    framed[data.draw(st.integers(5, len(framed) - 1))] = data.draw(st.integers(0, 255))
    try:
        read = codec.decode(Decision, bytes(framed))
    except CodecError:
        return
    part = codec.decode_partly(Decision, bytes(framed))
    for name in set(Decision.__match_args__) - LEFT_EMPTY.keys():
        assert getattr(part, name) == getattr(read, name), name


def test_another_subject_is_refused_in_part_too():
    with pytest.raises(CodecError, match="Decision expected, the id in the frame names"):
        codec.decode_partly(Decision, codec.encode(ROW))
    assert codec.decode_partly(AccountRow, codec.encode(ROW)) == ROW


@pytest.mark.parametrize("texts_before", [0, 1])
def test_a_length_beyond_any_index_is_refused(texts_before):
    """No partition may halt on it: the time that follows is read by position."""
    frame = b"\x00" + codec.schema_id(WalletCommand).to_bytes(4, "big")
    data = frame + b"\x02a" * texts_before + long_bytes(LONG_MAX) + b"abcdefgh"
    with pytest.raises(CodecError, match="WalletCommand"):
        codec.decode(WalletCommand, data)


def test_a_text_cut_at_its_end_is_refused():
    """The slice of the last text is short; only the position tells."""
    data = codec.encode(OpenCreditRow("wal-1", "transfer-1"))
    with pytest.raises(CodecError, match="OpenCreditRow: the bytes end early"):
        codec.decode(OpenCreditRow, data[:-1])


@pytest.fixture
def codec_with(monkeypatch, tmp_path):
    """A codec that sees another lock."""

    def load(lock):
        path = tmp_path / "lock.json"
        write_lock(lock, path)
        monkeypatch.setattr(schemas.lock, "read_lock", lambda: read_lock(path))
        spec = importlib.util.spec_from_file_location("codec_under_test", ROOT / "schemas/codec.py")
        module = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
        return module

    return load


OLD_ID = 7001


def lock_with_old_account():
    """An older AccountRow wrote its balance as an int and one field more."""
    lock = read_lock()
    old = json.loads(json.dumps(lock[NAME][-1].schema))
    old["fields"][0]["type"] = "int"
    old["fields"].append({"name": "gone", "type": "string"})
    lock[NAME] = (Version(OLD_ID, fingerprint(old), old), *lock[NAME])
    return lock


OLD_FRAME = b"\x00" + OLD_ID.to_bytes(4, "big")


def test_older_versions_are_read_as_today(codec_with):
    other = codec_with(lock_with_old_account())
    data = OLD_FRAME + b"\x0a" + b"\x04ab"
    assert other.decode(AccountRow, data) == other.decode_any(data) == AccountRow(5)
    assert other.encode(ROW) == codec.encode(ROW)


def test_an_older_decision_with_fewer_events_is_read_as_today(codec_with):
    """Unions, optional records and arrays of records survive the way through fastavro."""
    name = "ledger.decisions.Decision"
    lock = read_lock()
    old = json.loads(json.dumps(lock[name][-1].schema))
    assert [each["name"] for each in old["fields"][-5:]] == [
        "events",
        "entries",
        "balances",
        "seal",
        "dry_run",
    ]
    del old["fields"][-1]
    seal = old["fields"].pop()
    events = old["fields"][-3]["type"]["items"]
    gone = next(each for each in events if each["name"].endswith("RulesetActivated"))
    events.remove(gone)
    assert seal["default"] is None
    lock[name] = (Version(OLD_ID, fingerprint(old), old), *lock[name])
    other = codec_with(lock)
    out = BytesIO()
    schemaless_writer(out, parse_schema(old), Sampler("full").value(old))
    found = other.decode(Decision, OLD_FRAME + out.getvalue())
    assert (found.seal, found.dry_run) == (None, None)
    assert [type(each).__name__ for each in found.events] == [
        each["name"].rpartition(".")[2] for each in events
    ]
    assert len(found.balances) == 3
    assert codec.decode(Decision, other.encode(found)) == found


def test_older_bytes_are_checked_too(codec_with):
    other = codec_with(lock_with_old_account())
    with pytest.raises(CodecError, match="old bytes do not fit their schema"):
        other.decode(AccountRow, OLD_FRAME + b"\x0a")
    with pytest.raises(CodecError, match="bytes left over after byte 9"):
        other.decode(AccountRow, OLD_FRAME + b"\x0a\x04ab\x00")
    with pytest.raises(CodecError, match="AppliedRow expected"):
        other.decode(AppliedRow, OLD_FRAME + b"\x0a\x04ab")


def test_a_lock_of_other_schemas_stops_at_import(codec_with):
    lock = read_lock()
    newest = lock[NAME][-1]
    lock[NAME] = (Version(newest.schema_id, "0" * 64, newest.schema),)
    with pytest.raises(StaleLock, match=r"AccountRow: run .* --register"):
        codec_with(lock)
    del lock[NAME]
    with pytest.raises(StaleLock):
        codec_with(lock)
