"""Balances against a signed log: equal where each keeper stands, and every edit is named."""

from dataclasses import replace

import pytest

from ops.proof.checkpoint import Checkpoint
from ops.reading import raise_damage, sealed
from ops.verify.balances import Kept, compare_balances
from tests.unit.ops.proof.logs import leaves_of, records_of

RECORDS = records_of(commands=20)
LEAVES = leaves_of(RECORDS)
LAST = len(LEAVES.leaves)


def log():
    return sealed(iter(RECORDS), raise_damage)


def sums_at(sequence):
    """What a store has that applied so much; from what each Decision states, not from postings."""
    return {
        (0, after.account, after.owner, after.currency): after.minor
        for placed in log()
        if placed.decision.sequence <= sequence
        for after in placed.decision.balances
    }


def keeper(sequence=LAST, name="Redis", **fields):
    return Kept(name, {0: sequence}, sums_at(sequence), **fields)


def compared(*kept, sizes=(5, LAST), signed=None):
    signed = LEAVES.checkpoints(sizes) if signed is None else signed
    return compare_balances(0, log(), signed, kept)


def test_each_keeper_holds_where_it_stands():
    groups = [LAST, LAST - 3, 8]
    found = compared(*(keeper(each, f"store {each}") for each in groups), sizes=(5,))
    assert found.differences == []
    assert {row["kept in"]: (row["sequence"], row["signed"]) for row in found.rows} == {
        f"store {each}": (each, 5) for each in groups
    }
    assert all(row["balances"] > 2 for row in found.rows)


def test_one_minor_unit_is_found_wherever_it_is():
    for key, minor in sums_at(LAST).items():
        kept = replace(keeper(), balances={**sums_at(LAST), key: minor + 1})
        (difference,) = compared(kept).differences
        assert f"{key[1]}:{key[2]} EUR of partition 0 is {minor + 1}" in difference
        assert f"adds up to {minor} at sequence {LAST}" in difference


def test_a_balance_that_is_missing_or_invented_is_found():
    balances = sums_at(LAST)
    key = next(key for key, minor in balances.items() if minor)
    gone = {other: minor for other, minor in balances.items() if other != key}
    (difference,) = compared(replace(keeper(), balances=gone)).differences
    assert "is 0, the log adds up to" in difference
    invented = {**balances, (0, "W.AVL", "nobody", "EUR"): -1}
    (difference,) = compared(replace(keeper(), balances=invented)).differences
    assert "W.AVL:nobody EUR of partition 0 is -1, the log adds up to 0" in difference
    zero = {**balances, (0, "W.AVL", "nobody", "EUR"): 0}
    assert compared(replace(keeper(), balances=zero)).differences == []


def test_a_store_of_wallets_alone_has_no_other_accounts():
    wallets = {key: minor for key, minor in sums_at(LAST).items() if key[1].startswith("W.")}
    kept = replace(keeper(), balances=wallets)
    assert compared(kept).differences
    assert compared(replace(kept, wallets_only=True)).differences == []


def test_a_log_that_is_not_the_signed_one_proves_nothing():
    false = Checkpoint("test", 0, 5, bytes(32), bytes(32))
    (difference,) = compared(keeper(), signed=[false]).differences
    assert "the first 5 Decisions are not those that were signed" in difference


def test_without_a_signature_nothing_is_proved():
    (difference,) = compared(keeper(), signed=[]).differences
    assert difference.startswith("partition 0: no checkpoint was signed")


@pytest.mark.parametrize("sequence", [0, LAST + 1])
def test_who_stands_nowhere_in_the_log_is_named(sequence):
    (difference,) = compared(keeper(sequence)).differences
    assert f"Redis stands at sequence {sequence}, the log ends at {LAST}" in difference


def test_who_moved_while_it_was_read_is_to_be_asked_again():
    found = compared(keeper(moved=frozenset({0})))
    assert found.differences == [
        "partition 0: Redis went on while it was read: stop it, or ask again"
    ]
    assert found.rows == []


def test_an_empty_partition_has_nothing_to_sign():
    kept = Kept("Redis", {}, {})
    found = compare_balances(3, iter(()), [], [kept])
    assert found.differences == []
    assert [row["balances"] for row in found.rows] == [0]
    (difference,) = compare_balances(
        3, iter(()), [], [replace(kept, balances={(3, "W.AVL", "a", "EUR"): -1})]
    ).differences
    assert "W.AVL:a EUR of partition 3 is -1" in difference
