"""One checkpoint extends another: proved from the log, checked without it, refused when false."""

from dataclasses import replace

import pytest

from ledger.merkle import ProofError, root_of
from ops.proof.checkpoint import Checkpoint
from ops.proof.consistency import Extension, extension_of, pairs_of
from ops.proof.note import NoteError
from ops.proof.signing import Signed
from tests.unit.ops.proof.logs import SIGNER, leaves_of, records_of

LEAVES = leaves_of(records_of(commands=30))
SIZES = (1, 4, 7, 16, 29, len(LEAVES.leaves))
TRUSTED = [SIGNER.verifier()]


def signed(checkpoint):
    return Signed(SIGNER.sign(checkpoint.text()), checkpoint)


SIGNED = [signed(each) for each in LEAVES.checkpoints(SIZES)]


@pytest.mark.parametrize(("old", "new"), list(pairs_of(SIGNED)))
def test_each_checkpoint_extends_the_one_before_it(old, new):
    proof = extension_of(old, new, LEAVES)
    again = Extension.parse(proof.document())
    assert again == proof
    assert again.check(TRUSTED) == (old.checkpoint, new.checkpoint)


def test_any_two_are_proved_and_pairs_are_in_order():
    proof = extension_of(SIGNED[1], SIGNED[-1], LEAVES)
    assert proof.check(TRUSTED)[1].size == SIZES[-1]
    shuffled = [SIGNED[3], SIGNED[0], SIGNED[2]]
    assert [(a.checkpoint.size, b.checkpoint.size) for a, b in pairs_of(shuffled)] == [
        (1, 7),
        (7, 16),
    ]
    assert list(pairs_of(SIGNED[:1])) == []


def test_a_log_that_was_rewritten_between_two_signatures_is_found():
    """The later log has another fourth Decision, and hashes that fit."""
    other = leaves_of(records_of(commands=30))
    other.leaves[3] = bytes(32)
    tampered = Checkpoint("test", 0, 16, root_of(other.leaves[:16]), bytes(32))
    with pytest.raises(ProofError, match="of 7 leaves is not the beginning of that of 16"):
        extension_of(SIGNED[2], signed(tampered), other).check(TRUSTED)


def test_every_flipped_byte_of_a_proof_is_found():
    proof = extension_of(SIGNED[2], SIGNED[4], LEAVES)
    for number, each in enumerate(proof.proof):
        bent = bytes([each[0] ^ 1]) + each[1:]
        parts = (*proof.proof[:number], bent, *proof.proof[number + 1 :])
        with pytest.raises(ProofError):
            replace(proof, proof=parts).check(TRUSTED)


def test_two_of_one_size_that_differ_are_found():
    other = signed(replace(SIGNED[2].checkpoint, root=bytes(32)))
    with pytest.raises(ProofError, match="two different trees of 7 leaves"):
        extension_of(SIGNED[2], other, LEAVES).check(TRUSTED)


def test_checkpoints_of_two_logs_prove_nothing():
    other = signed(replace(SIGNED[4].checkpoint, partition=1))
    with pytest.raises(ProofError, match="two different logs"):
        extension_of(SIGNED[2], other, LEAVES).check(TRUSTED)


def test_what_cannot_be_proved_is_said():
    longer = signed(replace(SIGNED[-1].checkpoint, size=SIZES[-1] + 1))
    with pytest.raises(ProofError, match=f"were signed for, the log has {SIZES[-1]}"):
        extension_of(SIGNED[0], longer, LEAVES)
    with pytest.raises(ProofError, match="16 Decisions are not fewer than 4"):
        extension_of(SIGNED[3], SIGNED[1], LEAVES)


def test_a_signature_of_nobody_proves_nothing():
    proof = extension_of(SIGNED[0], SIGNED[1], LEAVES)
    with pytest.raises(NoteError, match="nobody who is trusted"):
        proof.check([])


@pytest.mark.parametrize(
    ("document", "what"),
    [
        ({}, "old is missing"),
        ({"old": 1, "new": "", "proof": []}, "old and new are texts"),
        ({"old": "", "new": "", "proof": ["*"]}, "not readable"),
        ({"old": "", "new": "", "proof": 1}, "not readable"),
    ],
)
def test_a_wrong_document_is_named(document, what):
    with pytest.raises(NoteError, match=what):
        Extension.parse(document)
