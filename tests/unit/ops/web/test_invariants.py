"""Invariants and tiles: each is told alone; what cannot be asked is never told as well."""

import pytest

from sinks.batch import Position
from tests.unit.ops.recon.test_found import opened, proved, reached

ZERO = "Every partition's balances sum to zero"
SEALED = "The end of the log is readable and sealed"
NO_BREAK = "The reconciliation has no open break"
EQUAL = "All partitions were equal at the newest cut"
AHEAD = "No store is ahead of the log"
HALTED = "No partition is halted"


def verdicts(console):
    return {row["invariant"]: row["holds"] for row in console.rows("invariants", "invariants")}


def found(console, name):
    (row,) = [r for r in console.rows("invariants", "invariants") if r["invariant"] == name]
    return row["found"]


def tiles(console):
    return {row["name"]: row for row in console.rows("overview", "tiles")}


@pytest.fixture
def well(busy):
    """Everything holds."""
    busy.source.sums = {(0, "EUR"): 0, (1, "EUR"): 0}
    busy.source.states = [{"job": "wallet", "partition": 0, "state": "running", "worker": "w"}]
    for each in (reached(4, 0), reached(4, 1), proved(4)):
        busy.source.found.take(each)
    return busy


def test_all_hold_where_all_is_well(well):
    assert verdicts(well) == dict.fromkeys((ZERO, SEALED, NO_BREAK, EQUAL, AHEAD, HALTED), "yes")
    tile = tiles(well)["Invariants hold"]
    assert (tile["value"], tile["tone"]) == ("6 of 6", "good")


def test_money_that_is_too_much_is_named_with_its_partition(well):
    well.source.sums[1, "EUR"] = -3
    assert verdicts(well)[ZERO] == "NO"
    assert found(well, ZERO) == "partition 1 -0.03 EUR"
    tile = tiles(well)["Invariants hold"]
    assert (tile["value"], tile["tone"]) == ("5 of 6", "bad")


def test_damage_in_the_log_is_told(well):
    well.source.followed.damaged(ValueError("log partition 1, offset 4: unreadable"))
    assert (verdicts(well)[SEALED], found(well, SEALED)) == (
        "NO",
        "log partition 1, offset 4: unreadable",
    )


def test_an_open_break_is_named(well):
    well.source.found.take(opened())
    assert (verdicts(well)[NO_BREAK], found(well, NO_BREAK)) == ("NO", "1, such as RI07-0-a")
    assert tiles(well)["Open breaks"]["tone"] == "bad"


def test_a_cut_that_was_not_equal_is_named(well):
    well.source.found.take(proved(5, equal=False))
    assert (verdicts(well)[EQUAL], found(well, EQUAL)) == ("NO", "cut 5 (2026-11-29)")


def test_a_store_ahead_of_a_later_look_at_the_log_is_named(well):
    well.source.at["redis"] = {1: Position(1, 1_000, b"", "id")}
    assert verdicts(well)[AHEAD] == "NO"
    assert found(well, AHEAD).startswith("redis in partition 1 by ")


def test_a_halted_partition_is_named_with_its_job(well):
    well.source.states.append({"job": "facts", "partition": 1, "state": "halted", "worker": "f"})
    assert (verdicts(well)[HALTED], found(well, HALTED)) == ("NO", "halted: facts 1")


@pytest.mark.parametrize(
    ("whom", "which"),
    [
        ("trial_balance", {ZERO}),
        ("log", {SEALED, AHEAD}),
        ("recon", {NO_BREAK, EQUAL}),
        ("redis", {AHEAD}),
        ("workers", {HALTED}),
    ],
)
def test_what_cannot_be_asked_is_not_known_and_the_rest_is(well, whom, which):
    well.source.away.add(whom)
    assert {name for name, holds in verdicts(well).items() if holds == "not known"} == which
    assert {name for name, holds in verdicts(well).items() if holds == "NO"} == set()
    tile = tiles(well)["Invariants hold"]
    assert (tile["value"], tile["tone"]) == (f"{6 - len(which)} of 6", "plain")


def test_a_ledger_that_was_never_cut_and_has_no_worker_here_is_not_known_to_be_well(busy):
    assert {name for name, holds in verdicts(busy).items() if holds == "not known"} == {
        EQUAL,
        HALTED,
    }


def test_a_tile_whose_server_is_away_says_so_beside_the_others(well):
    well.source.away.add("holds")
    shown = tiles(well)
    assert (shown["Open holds"]["value"], shown["Open holds"]["tone"]) == ("?", "bad")
    assert shown["In flight"]["value"] == "1"
    assert "Open holds: not known now" in well.page("/")
