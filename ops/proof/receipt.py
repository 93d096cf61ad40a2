"""Receipts: one Decision, and the proof that a signed checkpoint covers it.

Owns: the JSON document that a customer or a merchant is given, and how it is checked.
Never: needs the log to check one, only the public key.
"""

from __future__ import annotations

import binascii
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ledger.merkle import ProofError, check_inclusion, inclusion_proof
from ledger.sealing import leaf_of
from ops.proof.checkpoint import Checkpoint
from ops.proof.encoding import b64, unb64
from ops.proof.note import NoteError, Verifier, open_note
from schemas.codec import CodecError, decode
from schemas.messages.decisions import Decision

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence


@dataclass(frozen=True, slots=True)
class Receipt:
    """A Decision as published, its place in the log, and the hashes up to the signed root."""

    note: str
    sequence: int
    value: bytes
    proof: tuple[bytes, ...]

    def as_json(self) -> str:
        """Return the document."""
        return json.dumps(
            {
                "checkpoint": self.note,
                "sequence": self.sequence,
                "decision": b64(self.value),
                "proof": [b64(each) for each in self.proof],
            },
            indent=2,
        )

    @classmethod
    def parse(cls, document: str) -> Receipt:
        """Read the document. Raises `NoteError` naming the field that is wrong."""
        try:
            found = json.loads(document)
            note, sequence = found["checkpoint"], found["sequence"]
            value, proof = found["decision"], found["proof"]
            if not isinstance(note, str) or not isinstance(sequence, int):
                raise NoteError("receipt: checkpoint is text and sequence a number")
            return cls(note, sequence, unb64(value), tuple(unb64(each) for each in proof))
        except KeyError as error:
            raise NoteError(f"receipt: {error.args[0]} is missing") from error
        except (ValueError, TypeError, binascii.Error) as error:
            raise NoteError(f"receipt: not readable: {error}") from error

    def check(self, trusted: Iterable[Verifier]) -> tuple[Checkpoint, Decision]:
        """Return what the receipt proves. Raises `NoteError` or `ProofError`."""
        checkpoint = Checkpoint.parse(open_note(self.note, trusted))
        index = self.sequence - 1
        check_inclusion(leaf_of(self.value), index, checkpoint.size, self.proof, checkpoint.root)
        try:
            decision = decode(Decision, self.value)
        except CodecError as error:
            raise NoteError(f"receipt: decision: {error}") from error
        stated = (decision.ledger_id, decision.partition, decision.sequence)
        if stated != (checkpoint.ledger_id, checkpoint.partition, self.sequence):
            raise ProofError(f"receipt: the Decision says it is {stated}")
        return checkpoint, decision


def receipt_of(
    note: str, leaves: Sequence[bytes], size: int, sequence: int, value: bytes
) -> Receipt:
    """Return the receipt of a Decision that a checkpoint over `size` leaves covers."""
    return Receipt(note, sequence, value, inclusion_proof(leaves[:size], sequence - 1))
