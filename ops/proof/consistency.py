"""Consistency: two signed checkpoints of a partition, and the proof that one extends the other.

Owns: the JSON document that somebody is given who kept an older checkpoint, and how it is checked.
Never: needs the log to check one, only the public key.
"""

from __future__ import annotations

import binascii
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from ledger.merkle import ProofError, check_consistency, consistency_proof
from ops.proof.checkpoint import Checkpoint, Leaves
from ops.proof.encoding import b64, unb64
from ops.proof.note import NoteError, Verifier, open_note
from ops.proof.signing import Signed


@dataclass(frozen=True, slots=True)
class Extension:
    """Two notes, the smaller checkpoint first, and the hashes that lead from one to the other."""

    old_note: str
    new_note: str
    proof: tuple[bytes, ...]

    def document(self) -> dict[str, Any]:
        """Return it for a file."""
        return {
            "old": self.old_note,
            "new": self.new_note,
            "proof": [b64(each) for each in self.proof],
        }

    @classmethod
    def parse(cls, document: Mapping[str, Any]) -> Extension:
        """Read it back. Raises `NoteError` naming the field that is wrong."""
        try:
            old, new, proof = document["old"], document["new"], document["proof"]
            if not isinstance(old, str) or not isinstance(new, str):
                raise NoteError("consistency: old and new are texts")
            return cls(old, new, tuple(unb64(each) for each in proof))
        except KeyError as error:
            raise NoteError(f"consistency: {error.args[0]} is missing") from error
        except (ValueError, TypeError, binascii.Error) as error:
            raise NoteError(f"consistency: not readable: {error}") from error

    def check(self, trusted: Iterable[Verifier]) -> tuple[Checkpoint, Checkpoint]:
        """Return both checkpoints. Raises `NoteError` or `ProofError`."""
        keys = list(trusted)
        old = Checkpoint.parse(open_note(self.old_note, keys))
        new = Checkpoint.parse(open_note(self.new_note, keys))
        if (old.ledger_id, old.partition) != (new.ledger_id, new.partition):
            raise ProofError("consistency: the checkpoints are of two different logs")
        check_consistency(old.size, old.root, new.size, new.root, self.proof)
        return old, new


def extension_of(old: Signed, new: Signed, leaves: Leaves) -> Extension:
    """Return the proof that the log gives. Raises `ProofError` when it has not come so far."""
    size, reached = new.checkpoint.size, len(leaves.leaves)
    if size > reached:
        raise ProofError(f"{size} Decisions were signed for, the log has {reached}")
    if not 0 < old.checkpoint.size <= size:
        raise ProofError(f"{old.checkpoint.size} Decisions are not fewer than {size}")
    proof = consistency_proof(leaves.leaves[:size], old.checkpoint.size)
    return Extension(old.note, new.note, proof)


def pairs_of(signed: Sequence[Signed]) -> Iterator[tuple[Signed, Signed]]:
    """Yield each checkpoint with the next one, smallest first; one alone has nobody to extend."""
    yield from pairwise(sorted(signed, key=lambda each: each.checkpoint.size))
