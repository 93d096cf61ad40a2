"""The stand-alone verifier finds whatever was done to an exported log."""

import ast

import pytest

from ledger.sealing import CHAIN_START, chain_after
from ops.proof.note import Signer
from schemas.codec import decode, encode
from schemas.messages.decisions import Decision
from tests.support.sources import ROOT
from tests.unit.ops.proof.logs import (
    changed,
    leaves_of,
    notes_of,
    records_of,
    verified,
)

SCRIPT = ROOT / "verifier/verify_ledger.py"
RECORDS = records_of()
COUNT = len(RECORDS)
NOTES = notes_of(RECORDS, 5, COUNT)


def test_it_needs_nothing_of_ours_and_is_short():
    tree = ast.parse(SCRIPT.read_text(encoding="utf-8"))
    imported = {
        (each.module if isinstance(each, ast.ImportFrom) else each.names[0].name).split(".")[0]
        for each in ast.walk(tree)
        if isinstance(each, ast.Import | ast.ImportFrom)
    }
    assert imported == {
        *("base64", "json", "sys", "collections", "hashlib", "pathlib"),
        "cryptography",
    }
    assert len(SCRIPT.read_text(encoding="utf-8").splitlines()) < 200


def test_a_sound_log_holds(tmp_path, capsys):
    records = [*RECORDS, *records_of(1)]
    assert verified(tmp_path, records, [*NOTES, *notes_of(records_of(1), 3, partition=1)]) == 0
    said = capsys.readouterr().out
    assert f"{COUNT * 2} Decisions of 2 partitions, 3 signed checkpoints hold" in said


@pytest.mark.parametrize("number", [0, 4, COUNT - 1])
def test_any_flipped_bit_of_a_record_is_found_where_it_is(number, tmp_path, capsys):
    value = RECORDS[number].value
    for place in range(len(value)):
        damaged = bytearray(value)
        damaged[place] ^= 1 << (place % 8)
        records = list(RECORDS)
        records[number] = changed(RECORDS[number], value=bytes(damaged))
        assert verified(tmp_path, records, NOTES) == 1
        assert f"partition 0, offset {RECORDS[number].offset}" in capsys.readouterr().out


def test_a_dropped_a_repeated_and_a_reordered_record_are_found(tmp_path, capsys):
    for number in range(COUNT):
        dropped = RECORDS[:number] + RECORDS[number + 1 :]
        repeated = RECORDS[: number + 1] + RECORDS[number:]
        assert verified(tmp_path, dropped, NOTES) == 1
        assert "partition 0" in capsys.readouterr().out
        assert verified(tmp_path, repeated, NOTES) == 1
        assert f"offset {RECORDS[number].offset}, sequence {number + 1}" in capsys.readouterr().out
    for number in range(COUNT - 1):
        swapped = list(RECORDS)
        swapped[number : number + 2] = reversed(swapped[number : number + 2])
        assert verified(tmp_path, swapped, NOTES) == 1
        assert f"sequence {number + 2}" in capsys.readouterr().out


def rewritten(records, since):
    """The end of a log decided otherwise, every hash made to fit: what only a signature shows."""
    chain, made = CHAIN_START, []
    for number, record in enumerate(records):
        value = record.value
        if number >= since:
            decision = decode(Decision, value)
            fields = [getattr(decision, each) for each in Decision.__match_args__]
            fields[Decision.__match_args__.index("decided_at")] += 1
            value = encode(Decision(*fields))
        chain = chain_after(chain, value)
        made.append(changed(record, value=value, chain=chain))
    return made


def test_a_rewritten_end_with_new_hashes_is_found_by_its_checkpoint(tmp_path, capsys):
    forged = rewritten(RECORDS, 7)
    assert verified(tmp_path, forged, NOTES[:1]) == 0  # signed for is only what lies before
    capsys.readouterr()
    assert verified(tmp_path, forged, NOTES) == 1
    said = capsys.readouterr().out
    assert f"partition 0: its first {COUNT} Decisions are not those signed for" in said


def test_a_log_cut_short_is_found_by_its_checkpoint(tmp_path, capsys):
    sealed = 5
    assert verified(tmp_path, RECORDS[:sealed], NOTES) == 1
    assert f"its first {COUNT} Decisions" in capsys.readouterr().out


def test_a_partition_that_was_left_out_is_found_by_its_checkpoint(tmp_path, capsys):
    notes = [*NOTES, *notes_of(records_of(1), 3, partition=1)]
    assert verified(tmp_path, RECORDS, notes) == 1
    assert "partition 1: its first 3 Decisions" in capsys.readouterr().out


def test_an_entry_that_does_not_balance_is_found_though_all_hashes_fit(tmp_path, capsys):
    forged = []
    chain = CHAIN_START
    for record in RECORDS:
        value = record.value
        if record is RECORDS[1]:
            decision = decode(Decision, value)
            posting = decision.entries[0].postings[0]
            wrong = type(posting)(posting.account, posting.owner, posting.currency, 7)
            entry = decision.entries[0]
            fields = [getattr(entry, each) for each in type(entry).__match_args__]
            fields[-1] = (wrong, *entry.postings[1:])
            whole = [getattr(decision, each) for each in Decision.__match_args__]
            whole[Decision.__match_args__.index("entries")] = (type(entry)(*fields),)
            value = encode(Decision(*whole))
        chain = chain_after(chain, value)
        forged.append(changed(record, value=value, chain=chain))
    assert verified(tmp_path, forged, []) == 1
    assert "sequence 2: an entry does not sum to zero" in capsys.readouterr().out


def test_a_note_of_somebody_else_or_about_something_else_counts_for_nothing(tmp_path, capsys):
    stranger = Signer("office", bytes(32))
    assert verified(tmp_path, RECORDS, notes_of(RECORDS, 5, signer=stranger)) == 1
    assert "signed by nobody who is trusted" in capsys.readouterr().out
    forged = NOTES[0].replace("\n5\n", "\n6\n")
    assert verified(tmp_path, RECORDS, [forged]) == 1
    assert "wrong signature" in capsys.readouterr().out


def test_void_records_of_a_torn_transaction_are_in_neither_chain_nor_tree(tmp_path, capsys):
    """The first two of the last group were visible, then their owner decided them again."""
    start = next(
        number
        for number, record in enumerate(RECORDS)
        if decode(Decision, record.value).sequence == COUNT - 2
    )
    torn = [*RECORDS[:start], *RECORDS[start : start + 2], *RECORDS[start:]]
    records = [changed(each, offset=offset) for offset, each in enumerate(torn)]
    assert leaves_of(records).checkpoints([COUNT]) == leaves_of(RECORDS).checkpoints([COUNT])
    assert verified(tmp_path, records, NOTES) == 0
    assert f"{COUNT} Decisions" in capsys.readouterr().out
