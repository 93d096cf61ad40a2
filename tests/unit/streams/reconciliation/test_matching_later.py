"""Passes 5 to 7, without a reference, and where everything stands afterwards."""

from datetime import date, timedelta

import pytest

from streams.reconciliation.external.exceptions.kinds import Kind
from streams.reconciliation.external.matching.expectations import Rules, Status, Tolerance
from streams.reconciliation.external.matching.match import match_all
from streams.reconciliation.external.matching.p7_likeness import likeness_of
from streams.reconciliation.external.matching.rail_days import business_days
from streams.reconciliation.external.matching.references import is_rf, rf_references
from streams.reconciliation.external.matching.standing import standing_of
from streams.reconciliation.external.matching.subset_sum import subsets
from tests.support.reconciling import DAY, expectation, line, told

RULES = Rules(tolerances={"card": Tolerance(absolute=2), "swift": Tolerance(bps=10)})


def matched(lines, expectations, rules=RULES, reports=()):
    return match_all(lines, expectations, rules, reports)


def test_pass_5_amount_name_and_a_day_of_the_rail():
    expected = [expectation("a", 500, counterparty="Ann van Example")]
    friday_before = DAY - timedelta(days=3)
    for day, fits in (
        (DAY, True),
        (DAY + timedelta(days=2), True),
        (DAY + timedelta(days=3), False),
        (friday_before, True),  # one business day
        (friday_before - timedelta(days=2), False),
    ):
        lines = [line(1, 500, counterparty="EXAMPLE, VAN Ann", value_date=day)]
        assert bool(matched(lines, expected).matches) == fits, day


def test_pass_5_believes_a_reference_more_than_a_name():
    lines = [line(1, 500, counterparty="Ann", end_to_end_id="another-payment")]
    expected = [expectation("a", 500, counterparty="Ann", end_to_end_id="this-payment")]
    assert matched(lines, expected).matches == []


def test_pass_5_two_of_the_same_are_ambiguous_and_so_is_a_crowd():
    expected = [expectation(name, 500, counterparty="Ann") for name in ("a", "b")]
    outcome = matched([line(1, 500, counterparty="Ann")], expected)
    assert (outcome.matches, len(outcome.ambiguities)) == ([], 1)
    crowd = [line(at, 500, counterparty="Ann") for at in range(1, 5)]
    outcome = matched(crowd, expected, Rules(pairs_max=3))
    assert [len(each.line_ids) for each in outcome.ambiguities] == [4]


def test_pass_6_one_line_pays_several():
    sizes = {"a": 123_457, "b": 700_001, "c": 98_765, "d": 555_555}
    expected = [expectation(name, size, counterparty="Ann") for name, size in sizes.items()]
    outcome = matched([line(1, 123_457 + 98_765, counterparty="Ann")], expected)
    assert told(outcome) == [("subset", [1], ["a", "c"])]
    parts = [line(1, -123_457, counterparty="Ann"), line(2, -700_001, counterparty="Ann")]
    outcome = matched(parts, [expectation("a", -823_458, counterparty="Ann")])
    assert told(outcome) == [("subset", [1, 2], ["a"])]


def test_pass_6_proposes_what_could_be_another_sum_or_chance():
    sizes = (100_000, 200_000, 300_000)
    expected = [expectation(f"x{size}", size, counterparty="Ann") for size in sizes]
    outcome = matched([line(1, 300_000, counterparty="Bob")], expected)
    assert (outcome.matches, outcome.proposals) == ([], [])
    two_ways = [*expected, expectation("y", 400_000, counterparty="Ann")]
    outcome = matched([line(1, 500_000, counterparty="Ann")], two_ways)
    assert (outcome.matches, [each.by for each in outcome.proposals]) == ([], ["subset"])
    small = [expectation(f"x{size}", size, counterparty="Ann") for size in (3, 5)]
    outcome = matched([line(1, 8, counterparty="Ann")], small)
    assert (outcome.matches, [each.by for each in outcome.proposals]) == ([], ["subset"])
    assert (
        len(matched([line(1, 8, counterparty="Ann")], small, Rules(chance_one_in=0)).matches) == 1
    )


def test_pass_6_a_part_of_two_sums_is_ambiguous():
    expected = [
        expectation(name, size, counterparty="Ann")
        for name, size in (("a", 123_457), ("b", 98_765), ("c", 700_001))
    ]
    lines = [line(1, 222_222, counterparty="Ann"), line(2, 798_766, counterparty="Ann")]
    outcome = matched(lines, expected)
    assert (outcome.matches, len(outcome.ambiguities)) == ([], 2)


def test_pass_7_only_asks():
    lines = [line(1, 500, end_to_end_id="TOPUP-12345678")]
    outcome = matched(lines, [expectation("a", 500, end_to_end_id="TOPUP-12345679")])
    assert outcome.matches == []
    (asked,) = outcome.proposals
    assert (asked.by, asked.expectation_ids) == ("likeness", ("a",))
    assert matched(lines, [expectation("a", 501, end_to_end_id="TOPUP-12345679")]).proposals == []
    assert matched(lines, [expectation("a", 500, end_to_end_id="RENT-99")]).proposals == []
    assert (likeness_of("ABC", "ABC"), likeness_of("ABC", "XYZ")) == (100, 0)


def test_zero_amounts_are_no_money():
    outcome = matched([line(1, 0, rail_ref="R-1")], [expectation("a", 0, rail_ref="R-1")])
    assert outcome.matches == []


def test_the_same_line_or_expectation_twice_is_a_mistake_of_the_caller():
    with pytest.raises(ValueError, match="line is there twice"):
        matched([line(1, 5), line(1, 6)], [])
    with pytest.raises(ValueError, match="expectation is there twice"):
        matched([], [expectation("a", 5), expectation("a", 6)])


def test_what_is_left_has_a_status_and_a_reason():
    lines = [
        line(1, 500, rail_ref="R-100001"),
        line(2, 500, rail_ref="R-100001", statement_id="T"),  # booked again
        line(3, 700, rail_ref="R-100003"),
        line(4, 100, rail_ref="R-100004"),
        line(5, 150, rail_ref="R-100005"),
        line(6, 150, rail_ref="R-100005"),
        line(7, 500, rail_ref="R-100006", currency="USD"),
        line(8, -500, rail_ref="R-100007"),
        line(9, 44, reversal=True),
        line(10, 45),
        line(11, 500, rail_ref="R-100008", end_to_end_id="one"),
        line(12, 500, rail_ref="R-100008", end_to_end_id="two"),
    ]
    expected = [
        expectation("over", 600, rail_ref="R-100003"),
        expectation("under", 600, rail_ref="R-100004"),
        expectation("parts", 600, rail_ref="R-100005"),
        expectation("currency", 500, rail_ref="R-100006"),
        expectation("sign", 500, rail_ref="R-100007"),
        expectation("soon", 1, rail_ref="R-999999"),
        expectation("late", 2, rail_ref="R-999998", expected_on=DAY - timedelta(days=7)),
        expectation("done", 500, rail_ref="R-100008", end_to_end_id="one"),
    ]
    outcome = matched(lines, expected)
    standing = standing_of(outcome, lines, DAY, RULES)
    assert standing.statuses == {
        "over": Status.OVER_AMOUNT,
        "under": Status.UNDER_AMOUNT,
        "parts": Status.PARTIALLY_MATCHED,
        "currency": Status.CURRENCY_MISMATCH,
        "sign": Status.DATA_MISMATCH,
        "soon": Status.EXPECTED,
        "late": Status.MISSING,
        "done": Status.MATCHED,
    }
    kinds = {name.rsplit("/", 1)[1]: kind for name, kind in standing.lines.items()}
    assert kinds == {
        "1": Kind.MISSING_INTERNAL,
        "2": Kind.MISSING_INTERNAL,
        "9": Kind.RETURN_WITHOUT_ORIGINAL,
        "10": Kind.MISSING_INTERNAL,
        "12": Kind.MISSING_INTERNAL,
    }


def test_a_line_booked_again_after_its_match_is_a_duplicate():
    first = [line(1, 500, rail_ref="R-100001")]
    outcome = matched(first, [expectation("a", 500, rail_ref="R-100001")])
    again = line(1, 500, rail_ref="R-100001", statement_id="T")
    later = matched([again], [])
    later.matches.extend(outcome.matches)
    standing = standing_of(later, [*first, again], DAY, RULES)
    assert list(standing.lines.values()) == [Kind.DUPLICATE]


def test_rf_references():
    assert is_rf("RF18539007547034")
    assert not is_rf("RF19539007547034")
    assert not is_rf("RF18")
    assert list(rf_references("pay RF18 5390 0754 7034 NOW please")) == ["RF18539007547034"]
    assert list(rf_references("XRF18539007547034")) == []


@pytest.mark.parametrize(
    ("amounts", "target", "count", "places"),
    [
        ((), 5, 0, ()),
        ((5,), 5, 1, (0,)),
        ((1, 2, 4, 8), 11, 1, (0, 1, 3)),
        ((1, 2, 3), 3, 2, None),
        ((5, 5), 5, 2, None),
        ((3, -3), 0, 1, (0, 1)),
        ((0,), 0, 1, (0,)),
        ((2, 4), 5, 0, ()),
        (tuple(1 << at for at in range(24)), (1 << 24) - 2, 1, tuple(range(1, 24))),
    ],
)
def test_subset_sums_are_exact_and_counted(amounts, target, count, places):
    found, where = subsets(amounts, target)
    assert found == count
    if places is not None:
        assert where == places


def test_a_search_of_25_is_refused():
    with pytest.raises(ValueError, match="at most 24"):
        subsets([1] * 25, 5)


def test_business_days_pass_over_weekends_and_holidays():
    friday, monday = date(2026, 2, 27), date(2026, 3, 2)
    assert business_days(friday, monday, frozenset()) == 1
    assert business_days(monday, friday, frozenset()) == 1
    assert business_days(friday, friday, frozenset()) == 0
    assert business_days(friday, date(2026, 3, 1), frozenset()) == 0
    assert business_days(monday, date(2026, 3, 16), frozenset()) == 10
    assert business_days(friday, monday, frozenset({monday})) == 0
