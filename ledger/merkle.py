"""Merkle trees over the log, as RFC 6962 has them: a short proof that a Decision is in it.

Owns: hashes of nodes, roots, proofs of inclusion and of consistency, and how both are checked.
Never: reads the log or signs anything. Leaves are those of the hash chain (`sealing.leaf_of`).

Source: RFC 6962 section 2.1; the checks are those of RFC 9162 sections 2.1.3.2 and 2.1.4.2.
"""

from __future__ import annotations

from collections.abc import Sequence
from hashlib import sha256
from typing import Final, final

EMPTY_ROOT: Final = sha256(b"").digest()


class ProofError(ValueError):
    """A proof does not lead to the root it should; says which."""


@final
class CompactTree:
    """A tree that only grows: one hash for each 1-bit of its size, the largest subtree first."""

    __slots__ = ("_subtrees", "size")

    def __init__(self, size: int = 0, subtrees: Sequence[bytes] = ()) -> None:
        if len(subtrees) != size.bit_count():
            raise ValueError(f"a tree of {size} leaves has {size.bit_count()} subtrees")
        self.size = size
        self._subtrees: list[bytes] = list(subtrees)

    def append(self, leaf: bytes) -> None:
        """Add the hash of one more leaf (32 bytes)."""
        node = leaf
        size = self.size
        while size & 1:
            node = node_of(self._subtrees.pop(), node)
            size >>= 1
        self._subtrees.append(node)
        self.size += 1

    def subtrees(self) -> tuple[bytes, ...]:
        """Return what the tree can be made of again."""
        return tuple(self._subtrees)

    def root(self) -> bytes:
        """Return the root over all leaves (32 bytes)."""
        if not self._subtrees:
            return EMPTY_ROOT
        node = self._subtrees[-1]
        for left in reversed(self._subtrees[:-1]):
            node = node_of(left, node)
        return node


def node_of(left: bytes, right: bytes) -> bytes:
    """Return the hash of an inner node."""
    return sha256(b"\x01" + left + right).digest()


def root_of(leaves: Sequence[bytes]) -> bytes:
    """Return the root over the hashes of leaves."""
    tree = CompactTree()
    for leaf in leaves:
        tree.append(leaf)
    return tree.root()


def inclusion_proof(leaves: Sequence[bytes], index: int) -> tuple[bytes, ...]:
    """Return the hashes beside the way from a leaf up to the root, lowest first."""
    if not 0 <= index < len(leaves):
        raise ValueError(f"no leaf {index} among {len(leaves)}")
    if len(leaves) == 1:
        return ()
    middle = _split(len(leaves))
    if index < middle:
        return (*inclusion_proof(leaves[:middle], index), root_of(leaves[middle:]))
    return (*inclusion_proof(leaves[middle:], index - middle), root_of(leaves[:middle]))


def consistency_proof(leaves: Sequence[bytes], size: int) -> tuple[bytes, ...]:
    """Return what shows that the tree of the first `size` leaves is the beginning of this one."""
    if not 0 < size <= len(leaves):
        raise ValueError(f"no tree of {size} leaves is the beginning of one of {len(leaves)}")
    return _subproof(leaves, size, whole=True)


def check_inclusion(
    leaf: bytes, index: int, size: int, proof: Sequence[bytes], root: bytes
) -> None:
    """Raise `ProofError` unless the proof leads from the leaf to the root of `size` leaves."""
    if not 0 <= index < size:
        raise ProofError(f"leaf {index} cannot be in a tree of {size}")
    node = leaf
    for is_left, beside in _beside(index, size - 1, proof):
        node = node_of(beside, node) if is_left else node_of(node, beside)
    if node != root:
        raise ProofError(f"leaf {index} is not in the tree of {size} leaves with this root")


def check_consistency(
    old_size: int, old_root: bytes, size: int, root: bytes, proof: Sequence[bytes]
) -> None:
    """Raise `ProofError` unless the old tree is the beginning of the new one."""
    if not 0 < old_size <= size:
        raise ProofError(f"a tree of {old_size} leaves is no beginning of one of {size}")
    if old_size == size:
        if old_root != root or proof:
            raise ProofError(f"two different trees of {size} leaves")
        return
    path = [*proof] if old_size & (old_size - 1) else [old_root, *proof]
    if not path:
        raise ProofError("the proof is empty")
    if _climbed(path, old_size - 1, size - 1) != (old_root, root):
        raise ProofError(f"the tree of {old_size} leaves is not the beginning of that of {size}")


def _climbed(path: Sequence[bytes], place: int, last: int) -> tuple[bytes, bytes]:
    """Return the old and the new root that a proof of consistency leads to."""
    while place & 1:  # up to the largest subtree that ends the old tree
        place >>= 1
        last >>= 1
    old = path[0]
    new = path[0]
    for is_left, beside in _beside(place, last, path[1:]):
        if is_left:
            old = node_of(beside, old)
            new = node_of(beside, new)
        else:
            new = node_of(new, beside)
    return old, new


def _beside(place: int, last: int, proof: Sequence[bytes]) -> list[tuple[bool, bytes]]:
    """Return the nodes beside the way up to the root, and whether each stands on the left.

    Raises `ProofError` unless there are as many as the tree is high. A node at the end of a level
    that has nobody beside it is its own parent.
    """
    sides: list[bool] = []
    while last > 0:
        is_left = place & 1 == 1 or place == last
        sides.append(is_left)
        while is_left and place > 0 and place & 1 == 0:
            place >>= 1
            last >>= 1
        place >>= 1
        last >>= 1
    if len(sides) != len(proof):
        raise ProofError(f"a proof of {len(proof)} hashes where {len(sides)} lead to the root")
    return list(zip(sides, proof, strict=True))


def _subproof(leaves: Sequence[bytes], size: int, *, whole: bool) -> tuple[bytes, ...]:
    if size == len(leaves):
        return () if whole else (root_of(leaves),)
    middle = _split(len(leaves))
    if size <= middle:
        return (*_subproof(leaves[:middle], size, whole=whole), root_of(leaves[middle:]))
    return (*_subproof(leaves[middle:], size - middle, whole=False), root_of(leaves[:middle]))


def _split(count: int) -> int:
    """Return the largest power of two below `count`."""
    return 1 << ((count - 1).bit_length() - 1)
