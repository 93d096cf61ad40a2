"""Checkpoints: what is signed about a partition of the log, and what a record proves with it.

Owns: the text of a checkpoint (https://c2sp.org/tlog-checkpoint: origin, size, root, and our own
line with the head of the chain), and the leaves of the sealed Decisions of a partition.
Never: reads Kafka.
"""

from __future__ import annotations

import binascii
from collections.abc import Iterable
from dataclasses import dataclass

from ledger.merkle import CompactTree
from ledger.sealing import CHAIN_START, leaf_of, linked
from ops.proof.encoding import b64, unb64
from ops.proof.note import NoteError
from ops.reading import Placed


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """The first `size` Decisions of a partition; `chain` is the chain head after the last."""

    ledger_id: str
    partition: int
    size: int
    root: bytes
    chain: bytes

    def text(self) -> str:
        """Return the lines that are signed."""
        return (
            f"{self.ledger_id}/ledger/{self.partition}\n{self.size}\n{b64(self.root)}\n"
            f"chain {b64(self.chain)}\n"
        )

    @classmethod
    def parse(cls, text: str) -> Checkpoint:
        """Read the lines. Raises `NoteError` naming what is wrong with them."""
        try:
            origin, size, root, chain = text.splitlines()
            ledger_id, _, partition = origin.rsplit("/", 2)
            heads = unb64(root), unb64(chain.removeprefix("chain "))
            found = cls(ledger_id, int(partition), int(size), *heads)
        except (ValueError, binascii.Error) as error:
            raise NoteError(f"this is no checkpoint of a ledger: {text[:60]!r}") from error
        if found.text() != text:
            raise NoteError(f"this checkpoint is not written as it must be: {text[:60]!r}")
        return found


class Leaves:
    """The leaves of one partition's sealed Decisions, in order, and the chain head after each."""

    def __init__(self, partition: int) -> None:
        self.partition = partition
        self.leaves: list[bytes] = []
        self._ledger_id = ""
        self._chains: list[bytes] = []

    def add(self, placed: Placed) -> None:
        """Take the next sealed Decision."""
        leaf = leaf_of(placed.value)
        self.leaves.append(leaf)
        self._chains.append(linked(self._chains[-1] if self._chains else CHAIN_START, leaf))
        self._ledger_id = placed.decision.ledger_id

    def checkpoints(self, sizes: Iterable[int]) -> list[Checkpoint]:
        """Return the checkpoints of these sizes, smallest first; none larger than the log."""
        wanted, tree = set(sizes), CompactTree()
        found: list[Checkpoint] = []
        for leaf, chain in zip(self.leaves, self._chains, strict=True):
            tree.append(leaf)
            if tree.size in wanted:
                found.append(
                    Checkpoint(self._ledger_id, self.partition, tree.size, tree.root(), chain)
                )
        return found


def due(reached: int, signed: Iterable[int], every: int) -> list[int]:
    """Return the sizes to sign: each multiple of `every` that is missing, and what is reached."""
    have = set(signed)
    sizes = [*range(every, reached + 1, every), reached]
    return [size for size in dict.fromkeys(sizes) if size > 0 and size not in have]


def broken_by(signed: Iterable[Checkpoint], leaves: Leaves) -> list[str]:
    """Return what an earlier checkpoint says that the log does not any more."""
    kept = list(signed)
    now = {each.size: each for each in leaves.checkpoints(each.size for each in kept)}
    return [
        f"log partition {each.partition}: the first {each.size} Decisions are not those that were "
        f"signed: {_difference(each, now.get(each.size))}"
        for each in kept
        if now.get(each.size) != each
    ]


def _difference(signed: Checkpoint, now: Checkpoint | None) -> str:
    if now is None:
        return "the log is shorter now"
    names = [
        name
        for name in ("ledger_id", "root", "chain")
        if getattr(signed, name) != getattr(now, name)
    ]
    return f"another {' and '.join(names)}"
