"""Passes 1 to 4, by reference: what each accepts, leaves, and calls ambiguous."""

from dataclasses import replace
from datetime import timedelta

import pytest

from streams.reconciliation.external.matching.expectations import Rules, Status, Tolerance
from streams.reconciliation.external.matching.match import match_all
from streams.reconciliation.external.matching.open_items import in_order
from streams.reconciliation.external.matching.standing import standing_of
from streams.reconciliation.external.matching.three_way import payouts_of
from tests.support.reconciling import DAY, expectation, line, told

RULES = Rules(tolerances={"card": Tolerance(absolute=2), "swift": Tolerance(bps=10)})


def matched(lines, expectations, rules=RULES, reports=()):
    return match_all(lines, expectations, rules, reports)


def test_pass_1_takes_both_references_before_one():
    lines = [
        line(1, 500, rail_ref="R-1", end_to_end_id="monthly"),
        line(2, 500, rail_ref="R-2", end_to_end_id="monthly"),
    ]
    expected = [
        expectation("a", 500, rail_ref="R-1", end_to_end_id="monthly"),
        expectation("b", 500, end_to_end_id="monthly"),
    ]
    assert told(matched(lines, expected)) == [("exact", [1], ["a"]), ("exact", [2], ["b"])]


@pytest.mark.parametrize(
    "other",
    [
        {"amount": 501},
        {"amount": -500},
        {"currency": "USD"},
        {"account": "another"},
        {"rail_ref": "R-100002"},
    ],
)
def test_pass_1_needs_every_fact(other):
    outcome = matched(
        [line(1, **({"amount": 500, "rail_ref": "R-100001"} | other))],
        [expectation("a", 500, rail_ref="R-100001")],
    )
    assert outcome.matches == []


def test_a_reference_that_names_another_payment_wins_over_the_rail_reference():
    lines = [line(1, 500, rail_ref="R-100001", end_to_end_id="ours-1")]
    outcome = matched(lines, [expectation("a", 500, rail_ref="R-100001", end_to_end_id="ours-2")])
    assert outcome.matches == []
    assert standing_of(outcome, lines, DAY, RULES).statuses == {"a": Status.DATA_MISMATCH}


def test_two_lines_for_one_expectation_are_ambiguous_in_every_later_pass():
    lines = [
        line(1, 500, rail_ref="R-100001", counterparty="Ann"),
        line(2, 500, rail_ref="R-100001", counterparty="Ann", value_date=DAY + timedelta(days=9)),
    ]
    outcome = matched(lines, [expectation("a", 500, rail_ref="R-100001", counterparty="Ann")])
    assert outcome.matches == []
    (found,) = outcome.ambiguities
    assert (len(found.line_ids), found.expectation_ids) == (2, ("a",))
    assert standing_of(outcome, lines, DAY, RULES).statuses == {"a": Status.AMBIGUOUS}


@pytest.mark.parametrize(
    ("said", "ours"),
    [
        ({"end_to_end_id": "topup 0042"}, "TOPUP-0042"),
        ({"rail_ref": "TopUp/0042"}, "TOPUP-0042"),
        ({"remittance": "invoice topup-0042xy rest"}, "TOPUP-0042XY"),
        ({"remittance": "RF18 5390 0754 7034 thanks"}, "RF18539007547034"),
        ({"remittance": "rf18 5390 0754 7034"}, "539007547034"),
    ],
)
def test_pass_2_reads_references_as_they_are_meant(said, ours):
    outcome = matched([line(1, 500, **said)], [expectation("a", 500, end_to_end_id=ours)])
    assert told(outcome) == [("normalised", [1], ["a"])]


def test_a_short_reference_says_too_little():
    lines = [line(1, 500, remittance="x", rail_ref="a 1")]
    assert matched(lines, [expectation("a", 500, rail_ref="A1")]).matches == []


@pytest.mark.parametrize(
    ("rail", "found", "fits"),
    [
        ("card", 502, True),
        ("card", 498, True),
        ("card", 503, False),
        ("card", -500, False),
        ("sct", 501, False),
        ("swift", 500, True),
        ("swift", 501, False),
    ],
)
def test_pass_3_keeps_to_the_tolerance_of_the_rail(rail, found, fits):
    outcome = matched(
        [line(1, found, rail_ref="R 100001")],
        [expectation("a", 500, rail=rail, rail_ref="R-100001")],
    )
    assert bool(outcome.matches) == fits
    assert [each.difference for each in outcome.matches] == ([found - 500] if fits else [])


def test_tolerance_in_basis_points_grows_with_the_amount():
    assert Tolerance(bps=10).allows(10_000_00, 9_990_00)
    assert not Tolerance(bps=10).allows(10_000_00, 9_989_99)
    assert Tolerance(absolute=5, bps=1).allows(-100, -95)


def test_pass_3_waits_when_two_bear_the_reference():
    lines = [line(1, 501, rail_ref="R-100001"), line(2, 900, rail_ref="R-100001")]
    expected = [expectation("a", 500, rail="card", rail_ref="R-100001")]
    assert matched(lines, expected).matches == []


def test_what_a_later_pass_takes_away_can_make_an_earlier_one_certain():
    lines = [
        line(1, 501, rail_ref="R-100001"),
        line(2, 900, rail_ref="R-100001", counterparty="Bob"),
    ]
    expected = [
        expectation("a", 500, rail="card", rail_ref="R-100001"),
        expectation("b", 900, counterparty="Bob"),
    ]
    outcome = matched(lines, expected)
    assert told(outcome) == [("neighbours", [2], ["b"]), ("tolerance", [1], ["a"])]


def test_pass_4_many_to_one_net_of_fees():
    parts = [expectation(name, 1_000, batch_id="PAYOUT-7", fee=29) for name in "abc"]
    for found, difference in ((3_000 - 87, 0), (3_000 - 87 + 3, 3)):
        outcome = matched([line(1, found, remittance="your PAYOUT-7")], parts)
        assert told(outcome) == [("batch", [1], ["a", "b", "c"])]
        assert outcome.matches[0].difference == difference
    lines = [line(1, 3_000 - 87 + 4, batch_id="PAYOUT-7")]
    outcome = matched(lines, parts)
    assert outcome.matches == []
    statuses = standing_of(outcome, lines, DAY, RULES).statuses
    assert set(statuses.values()) == {Status.SPLIT_MISMATCH}


def test_pass_4_one_paid_in_parts():
    parts = [line(1, 300, batch_id="B-7"), line(2, 200, batch_id="B-7")]
    outcome = matched(parts, [expectation("a", 500, batch_id="b7")])
    assert told(outcome) == [("batch", [1, 2], ["a"])]
    assert matched(parts, [expectation("a", 501, batch_id="b7")]).matches == []


def test_pass_4_without_fees_allows_no_cent():
    parts = [expectation(name, 1_000, batch_id="PAYOUT-7") for name in "abc"]
    assert matched([line(1, 3_001, batch_id="PAYOUT-7")], parts).matches == []


def three_ways(bank):
    reports = [
        line(
            at, 1_000, source="cards", account="cards", rail_ref=f"charge-{at}", batch_id="PAYOUT7"
        )
        for at in (1, 2)
    ]
    expected = [
        expectation(f"x{at}", 1_000, account="cards", rail_ref=f"charge-{at}") for at in (1, 2)
    ]
    return reports, expected, [line(9, bank, remittance="PAYOUT7 of cards")]


def test_pass_4_three_ways():
    reports, expected, lines = three_ways(2_000)
    outcome = matched(lines, expected, reports=reports)
    (found,) = outcome.matches
    assert (found.by, len(found.line_ids), found.expectation_ids) == ("batch", 3, ("x1", "x2"))
    assert outcome.left.reports == ()


@pytest.mark.parametrize("broken", ["bank", "ledger", "report"])
def test_pass_4_two_of_three_are_not_enough(broken):
    reports, expected, lines = three_ways(2_001 if broken == "bank" else 2_000)
    if broken == "ledger":
        expected = expected[1:]
    if broken == "report":
        reports = reports[1:]
    assert matched(lines, expected, reports=reports).matches == []


@pytest.mark.parametrize(
    ("bank", "dropped", "status"),
    [
        ([2_000], 0, Status.MATCHED),
        ([], 0, Status.EXPECTED),
        ([1_999], 0, Status.SPLIT_MISMATCH),
        ([2_000, 5], 0, Status.SPLIT_MISMATCH),
        ([2_000, 2_000], 0, Status.AMBIGUOUS),
        ([2_000], 1, Status.PARTIALLY_MATCHED),
    ],
)
def test_a_payout_seen_from_three_sides(bank, dropped, status):
    reports, expected, _ = three_ways(0)
    lines = [line(at, each, remittance="PAYOUT7") for at, each in enumerate(bank, start=10)]
    (payout,) = payouts_of(in_order(lines, expected[dropped:], reports), RULES)
    assert (payout.status, payout.gross, payout.net) == (status, 2_000, 2_000)
    assert len(payout.expectation_ids) == 2 - dropped


def test_fees_of_a_payout_may_be_rounded_by_a_cent_an_item():
    reports, expected, _ = three_ways(0)
    with_fees = [replace(each, fee=30) for each in reports]
    for found, fits in ((1_940, True), (1_942, True), (1_938, True), (1_943, False)):
        lines = [line(9, found, batch_id="payout-7")]
        assert bool(matched(lines, expected, reports=with_fees).matches) == fits
