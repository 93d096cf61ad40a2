"""Matching does not depend on order, does nothing twice, and is right by a made truth."""

from itertools import combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ops.bench.matching import judged
from ops.bench.matching_disturbed import truth_of
from ops.bench.matching_truth import RULES
from streams.reconciliation.external.matching.expectations import Rules
from streams.reconciliation.external.matching.match import match_all
from streams.reconciliation.external.matching.rail_days import business_days
from streams.reconciliation.external.matching.subset_sum import subsets
from tests.support.reconciling import DAY, expectation, line

REFERENCES = st.sampled_from(["", "REF-000001", "ref 000001", "REF-000002", "REF-000012"])
NAMES = st.sampled_from(["", "Ann", "ANN", "Bob"])
AMOUNTS = st.sampled_from([1, 2, 3, 100_000, 200_000, 300_000, 500_000, -100_000])
BATCHES = st.sampled_from(["", "", "BATCH-1", "BATCH-2"])
FACTS = st.fixed_dictionaries(
    {
        "rail_ref": REFERENCES,
        "end_to_end_id": REFERENCES,
        "counterparty": NAMES,
        "batch_id": BATCHES,
        "fee": st.sampled_from([0, 0, 1]),
    }
)
ITEMS = st.lists(st.tuples(AMOUNTS, FACTS), max_size=9)
RULES_CROWDED = Rules(chance_one_in=0)


def world(lines, expectations):
    return (
        [line(at, amount, **facts) for at, (amount, facts) in enumerate(lines, start=1)],
        [expectation(f"x{at}", amount, **facts) for at, (amount, facts) in enumerate(expectations)],
    )


def conclusions(outcome):
    return outcome.matches, outcome.ambiguities, outcome.proposals


@given(ITEMS, ITEMS, st.randoms(use_true_random=False))
def test_the_order_of_the_input_says_nothing(lines, expectations, random):
    first, second = world(lines, expectations)
    before = conclusions(match_all(first, second, RULES_CROWDED))
    random.shuffle(first)
    random.shuffle(second)
    assert conclusions(match_all(first, second, RULES_CROWDED)) == before


@given(st.integers(0, 1_000), st.randoms(use_true_random=False))
@settings(max_examples=10)
def test_a_whole_day_in_any_order_ends_alike_to_the_letter(seed, random):
    truth = truth_of(seed, 150, disturbed_percent=20)
    given_ = [truth.lines, truth.expectations, truth.reports]
    before = conclusions(match_all(given_[0], given_[1], RULES, given_[2]))
    for each in given_:
        random.shuffle(each)
    assert conclusions(match_all(given_[0], given_[1], RULES, given_[2])) == before


@given(ITEMS, ITEMS)
def test_a_run_over_what_was_left_matches_nothing(lines, expectations):
    lines, expectations = world(lines, expectations)
    outcome = match_all(lines, expectations, RULES_CROWDED)
    line_ids = {name for each in outcome.matches for name in each.line_ids}
    done = {name for each in outcome.matches for name in each.expectation_ids}
    again = match_all(
        [each for each in lines if each.line_id not in line_ids],
        [each for each in expectations if each.expectation_id not in done],
        RULES_CROWDED,
    )
    assert again.matches == []


@given(ITEMS, ITEMS)
def test_nothing_is_matched_twice_and_money_is_kept(lines, expectations):
    lines, expectations = world(lines, expectations)
    outcome = match_all(lines, expectations, RULES_CROWDED)
    line_ids = [name for each in outcome.matches for name in each.line_ids]
    names = [name for each in outcome.matches for name in each.expectation_ids]
    assert len(line_ids) == len(set(line_ids))
    assert len(names) == len(set(names))
    amounts = {each.line_id: each.amount for each in lines}
    fees = {each.line_id: each.fee for each in lines}
    expected = {each.expectation_id: each for each in expectations}
    for each in outcome.matches:
        found = sum(amounts[name] for name in each.line_ids)
        wanted = sum(expected[name].amount for name in each.expectation_ids)
        if each.by == "batch":
            found -= sum(fees[name] for name in each.line_ids)
            wanted -= sum(expected[name].fee for name in each.expectation_ids)
        assert found - wanted == each.difference


@pytest.mark.parametrize("seed", range(5))
def test_every_pass_is_right_whenever_it_decides(seed):
    truth = truth_of(seed, 2_000, disturbed_percent=5)
    figures = judged(match_all(truth.lines, truth.expectations, RULES, truth.reports), truth)
    assert figures["wrong"] == 0
    for name, each in figures["passes"].items():
        assert (name, each["precision"]) == (name, 1.0)
        assert each["recall_undisturbed"] > 0.95, name
        assert each["recall"] > 0.85, name


@given(
    st.lists(st.integers(-20, 60), max_size=9),
    st.integers(-40, 200),
)
def test_subset_sums_equal_trying_everything(amounts, target):
    solutions = [
        places
        for size in range(1, len(amounts) + 1)
        for places in combinations(range(len(amounts)), size)
        if sum(amounts[at] for at in places) == target
    ]
    count, places = subsets(amounts, target)
    assert count == min(2, len(solutions))
    assert not solutions or places in solutions


@given(st.dates(), st.dates(), st.frozensets(st.dates(), max_size=5))
def test_business_days_equal_counting_them(first, second, holidays):
    lower, upper = sorted((first, second))
    if (upper - lower).days > 1_000:
        upper = lower
    days = range(lower.toordinal() + 1, upper.toordinal() + 1)
    dates = [DAY.fromordinal(each) for each in days]
    wanted = sum(each.weekday() < 5 and each not in holidays for each in dates)
    assert business_days(upper, lower, holidays) == wanted
