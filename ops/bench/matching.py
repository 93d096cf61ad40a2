"""`ledgerctl bench matching`: how long the passes take, and how often each is right.

Owns: precision and recall against a truth that was made, not guessed.
Never: counts a match as right that is only partly so.
"""

from __future__ import annotations

import random
import resource
import time
from collections import Counter
from typing import Any, Final

import click

from ops.bench.matching_disturbed import truth_of
from ops.bench.matching_truth import RULES, Truth
from ops.bench.table import show
from streams.reconciliation.external.matching.match import PASSES, Outcome, match_all

SEED: Final = 7
DIGITS: Final = 6
KILO: Final = 1_024


@click.command()
@click.option("--lines", default=100_000, show_default=True, help="Lines, and expectations.")
@click.option("--disturbed", default=5, show_default=True, help="Percent of them, somehow.")
@click.option("--seed", default=SEED, show_default=True, help="Of the day that is made up.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def matching(*, lines: int, disturbed: int, seed: int, as_json: bool) -> None:
    """Match a made-up day of a bank; print seconds, precision and recall of every pass."""
    truth = truth_of(seed, lines, disturbed)
    lines_, expectations, reports = truth.lines, truth.expectations, truth.reports
    draw = random.Random(seed)  # noqa: S311 - repeatable, not secret
    draw.shuffle(lines_)
    draw.shuffle(expectations)
    begun = time.process_time()
    outcome = match_all(lines_, expectations, RULES, reports)
    seconds = time.process_time() - begun
    figures = {
        "lines": len(truth.lines),
        "expectations": len(truth.expectations),
        "reports": len(truth.reports),
        "disturbed_percent": disturbed,
        "seed": seed,
        "cpu_seconds": round(seconds, 2),
        "memory_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // KILO,
        **judged(outcome, truth),
    }
    show(figures, as_json=as_json)


def judged(outcome: Outcome, truth: Truth) -> dict[str, Any]:
    """Compare with the truth: precision of matches, recall of the units meant for each pass."""
    members = truth.by_members()
    found: Counter[str] = Counter(each.by for each in outcome.matches)
    right: Counter[str] = Counter()
    recalled: Counter[tuple[str, bool]] = Counter()
    for each in outcome.matches:
        unit = members.get((frozenset(each.line_ids), frozenset(each.expectation_ids)))
        if unit is not None:
            right[each.by] += 1
            recalled[unit.by, bool(unit.disturbed)] += 1
    units = Counter((unit.by, bool(unit.disturbed)) for unit in truth.units)
    return {
        "wrong": sum(found.values()) - sum(right.values()),
        "ambiguous": len(outcome.ambiguities),
        "proposals": len(outcome.proposals),
        "passes": {
            name: {
                "matches": found[name],
                "precision": _share(right[name], found[name]),
                "recall": _share(
                    recalled[name, False] + recalled[name, True],
                    units[name, False] + units[name, True],
                ),
                "recall_undisturbed": _share(recalled[name, False], units[name, False]),
            }
            for name, _ in PASSES
            if units[name, False] or found[name]
        },
    }


def _share(part: int, whole: int) -> float | None:
    return round(part / whole, DIGITS) if whole else None
