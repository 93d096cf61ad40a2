"""`ledgerctl bench matching`: figures against a truth, and no mercy for a wrong match."""

import json

from ops.bench.matching import judged
from ops.bench.matching_disturbed import truth_of
from ops.bench.matching_truth import RULES
from ops.cli import main
from streams.reconciliation.external.matching.match import match_all


def test_the_figures_of_a_small_day(capsys):
    assert main(["bench", "matching", "--lines", "500", "--json"]) == 0
    figures = json.loads(capsys.readouterr().out)
    assert figures["lines"] >= 500
    assert figures["expectations"] >= 500
    assert figures["wrong"] == 0
    assert {each["precision"] for each in figures["passes"].values()} == {1.0}


def test_the_same_seed_is_the_same_day():
    first, second = truth_of(3, 300), truth_of(3, 300)
    assert first.lines == second.lines
    assert first.expectations == second.expectations
    assert any(unit.disturbed for unit in first.units)


def test_a_wrong_match_is_counted():
    truth = truth_of(3, 300, disturbed_percent=0)
    outcome = match_all(truth.lines, truth.expectations, RULES, truth.reports)
    right = judged(outcome, truth)
    assert right["wrong"] == 0
    truth.units[0].lines = truth.units[1].lines
    assert judged(outcome, truth)["wrong"] == 1
