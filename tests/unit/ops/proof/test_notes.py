"""Signed notes, checkpoints and receipts: who signed what, and what is none of them."""

import pytest

from ledger.merkle import ProofError, root_of
from ledger.sealing import leaf_of
from ops.proof.checkpoint import Checkpoint, broken_by, due
from ops.proof.note import NoteError, Signer, Verifier, open_note
from ops.proof.receipt import Receipt, receipt_of
from tests.unit.ops.proof.logs import KEY, SIGNER, leaves_of, notes_of, records_of
from tests.unit.ops.proof.test_verifier import rewritten

TRUSTED = [Verifier.parse(KEY)]
NOTE = SIGNER.sign("a\nb\n")
RECORDS = records_of()


def test_a_note_is_opened_by_the_key_that_signed_it():
    assert open_note(NOTE, TRUSTED) == "a\nb\n"
    made = Signer.generate("somebody")
    again = Signer.parse(made.text())
    assert again == made
    assert open_note(again.sign("x\n"), [*TRUSTED, made.verifier()]) == "x\n"
    assert made.text() not in repr(made)


def test_a_note_may_have_signatures_of_others():
    other = Signer("witness", bytes(32)).sign("a\nb\n").splitlines()[-1]
    assert open_note(f"{NOTE}{other}\n", TRUSTED) == "a\nb\n"


@pytest.mark.parametrize(
    ("note", "message"),
    [
        ("a\n", "no empty line"),
        (NOTE.replace("b\n", "c\n", 1), "is not of this text"),
        (NOTE.replace("office", "other"), "nobody who is trusted"),
        ("a\n\nsigned: me\n", "no line of a signature"),
        ("a\n\n\N{EM DASH} office ???\n", "not base64"),
    ],
)
def test_what_nobody_signed_is_refused(note, message):
    with pytest.raises(NoteError, match=message):
        open_note(note, TRUSTED)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("office", "no public key"),
        (KEY.replace("office", "other"), "is not the one that its id"),
        (KEY[:-8], "no Ed25519 key|not base64"),
    ],
)
def test_a_key_that_is_none_says_so(text, message):
    with pytest.raises(NoteError, match=message):
        Verifier.parse(text)


def test_a_private_key_is_never_shown_by_an_error():
    with pytest.raises(NoteError, match="no private key") as found:
        Signer.parse(KEY)
    assert KEY not in str(found.value)
    for name in ("", "a b", "a+b"):
        with pytest.raises(NoteError, match="no blank and no plus"):
            Signer.generate(name)
    with pytest.raises(NoteError, match="ends with a line's end"):
        SIGNER.sign("a")


def test_a_checkpoint_reads_what_it_writes_and_nothing_else():
    (checkpoint,) = leaves_of(RECORDS).checkpoints([4])
    assert Checkpoint.parse(checkpoint.text()) == checkpoint
    for text in (
        "",
        "a\nb\n",
        checkpoint.text() + "more\n",
        checkpoint.text().replace("\n4\n", "\n04\n"),
    ):
        with pytest.raises(NoteError, match="checkpoint"):
            Checkpoint.parse(text)


def test_what_is_due_is_each_multiple_once_and_where_the_log_stands():
    assert due(25, [], 10) == [10, 20, 25]
    assert due(25, [10, 25], 10) == [20]
    assert due(20, [], 10) == [10, 20]
    assert due(0, [], 10) == []


def test_a_log_that_contradicts_a_signature_is_named():
    signed = leaves_of(RECORDS).checkpoints([5, len(RECORDS)])
    assert broken_by(signed, leaves_of(RECORDS)) == []
    (changed,) = broken_by(signed, leaves_of(rewritten(RECORDS, 7)))
    assert changed.endswith("another root and chain")
    (shorter,) = broken_by(signed, leaves_of(RECORDS[:8]))
    assert shorter.endswith("the log is shorter now")


def test_every_decision_has_a_receipt_that_the_public_key_checks():
    leaves, size = leaves_of(RECORDS).leaves, 10
    (note,) = notes_of(RECORDS, size)
    for sequence in range(1, size + 1):
        value = RECORDS[sequence - 1].value
        made = receipt_of(note, leaves, size, sequence, value)
        again = Receipt.parse(made.as_json())
        assert again == made
        checkpoint, decision = again.check(TRUSTED)
        assert (checkpoint.size, decision.sequence) == (size, sequence)
        other = RECORDS[sequence % size].value
        with pytest.raises(ProofError):
            Receipt(note, sequence, other, made.proof).check(TRUSTED)


@pytest.mark.parametrize(
    ("document", "message"),
    [
        ("{}", "checkpoint is missing"),
        ("[", "not readable"),
        ('{"checkpoint": 1, "sequence": 1, "decision": "", "proof": []}', "checkpoint is text"),
        ('{"checkpoint": "a", "sequence": 1, "decision": "?", "proof": []}', "not readable"),
        ('{"checkpoint": "a", "sequence": 1, "decision": 5, "proof": []}', "not readable"),
    ],
)
def test_a_document_that_is_no_receipt_says_why(document, message):
    with pytest.raises(NoteError, match=message):
        Receipt.parse(document)


def test_a_receipt_of_what_is_no_decision_or_another_one_is_refused():
    """Only whoever holds the key could make such a one."""

    def receipt(value, ledger_id="test", sequence=1):
        leaf = leaf_of(value)
        text = Checkpoint(ledger_id, 0, 1, root_of([leaf]), bytes(32)).text()
        return Receipt(SIGNER.sign(text), sequence, value, ())

    receipt(RECORDS[0].value).check(TRUSTED)
    with pytest.raises(NoteError, match="decision"):
        receipt(b"nothing").check(TRUSTED)
    with pytest.raises(ProofError, match="says it is"):
        receipt(RECORDS[0].value, ledger_id="other").check(TRUSTED)
