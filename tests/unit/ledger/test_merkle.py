"""Merkle trees: the test vectors of RFC 6962's reference log, and every proof of small trees."""

from hashlib import sha256

import pytest

from ledger.merkle import (
    EMPTY_ROOT,
    CompactTree,
    ProofError,
    check_consistency,
    check_inclusion,
    consistency_proof,
    inclusion_proof,
    root_of,
)
from ledger.sealing import leaf_of

# The inputs and roots that the certificate-transparency implementations are tested with.
INPUTS = ("", "00", "10", "2021", "3031", "40414243", "5051525354555657")
INPUTS += ("606162636465666768696a6b6c6d6e6f",)
ROOTS = (
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
)
LEAVES = [leaf_of(bytes.fromhex(each)) for each in INPUTS]
MOST = 20
MANY = [leaf_of(bytes([number])) for number in range(MOST)]


def test_roots_are_those_of_the_reference():
    tree = CompactTree()
    assert tree.root() == EMPTY_ROOT == sha256(b"").digest()
    for leaf, root in zip(LEAVES, ROOTS, strict=True):
        tree.append(leaf)
        assert tree.root().hex() == root


def test_a_tree_goes_on_from_its_subtrees():
    whole = CompactTree()
    for size, leaf in enumerate(MANY, 1):
        tree = CompactTree(size - 1, whole.subtrees())
        tree.append(leaf)
        whole.append(leaf)
        assert (tree.size, tree.root()) == (size, whole.root())
    with pytest.raises(ValueError, match="a tree of 3 leaves has 2 subtrees"):
        CompactTree(3, MANY[:1])


@pytest.mark.parametrize("size", range(1, MOST + 1))
def test_every_leaf_is_proved_and_no_other_is(size):
    leaves, root = MANY[:size], root_of(MANY[:size])
    for index, leaf in enumerate(leaves):
        proof = inclusion_proof(leaves, index)
        check_inclusion(leaf, index, size, proof, root)
        wrong = [
            (MANY[index - 1] if size > 1 else LEAVES[3], index, size, proof, root),
            (leaf, index, size, (*proof, root), root),
            (leaf, index, size, proof, LEAVES[3]),
            (leaf, size, size, proof, root),
            (leaf, -1, size, proof, root),
        ]
        if proof:
            flipped = bytes([proof[0][0] ^ 1]) + proof[0][1:]
            wrong.append((leaf, index, size, proof[:-1], root))
            wrong.append((leaf, index, size, (flipped, *proof[1:]), root))
            wrong.append((leaf, (index + 1) % size, size, proof, root))
        for each in wrong:
            with pytest.raises(ProofError):
                check_inclusion(*each)


@pytest.mark.parametrize("size", range(1, MOST + 1))
def test_every_beginning_is_proved_and_no_other_is(size):
    leaves, root = MANY[:size], root_of(MANY[:size])
    for old in range(1, size + 1):
        old_root, proof = root_of(MANY[:old]), consistency_proof(leaves, old)
        check_consistency(old, old_root, size, root, proof)
        wrong = [
            (old, LEAVES[3], size, root, proof),
            (old, old_root, size, LEAVES[3], proof),
            (old, old_root, size, root, (*proof, root)),
            (0, old_root, size, root, proof),
            (size + 1, old_root, size, root, proof),
        ]
        if proof:
            wrong.append((old, old_root, size, root, proof[:-1]))
            wrong.append((old, old_root, size, root, ()))
        for each in wrong:
            with pytest.raises(ProofError):
                check_consistency(*each)


def test_a_proof_needs_a_leaf_and_a_beginning():
    with pytest.raises(ValueError, match="no leaf 2 among 2"):
        inclusion_proof(MANY[:2], 2)
    with pytest.raises(ValueError, match="no tree of 3 leaves"):
        consistency_proof(MANY[:2], 3)
