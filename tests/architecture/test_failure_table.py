"""The failure table: every row is whole, and the test it names exists."""

import ast
import re

import pytest

from tests.support.sources import ROOT, functions_of, text_of

TITLES = ["where", "failure", "what is seen", "what happens", "what an operator does", "shown by"]
NAMED = re.compile(r"`([\w/]+\.py)::(test_\w+)`")
LINES = [line for line in text_of("docs/failure-table.md").splitlines() if line.startswith("|")]
ROWS = [
    cells
    for line in LINES
    if (cells := [cell.strip() for cell in line.strip("|").split("|")]) != TITLES
    and not set(line) <= set("|-")
]
STOPS = {
    *("producer", "commands", "results", "fetching", "input", "step", "log", "commit", "legs"),
    *("recovery", "state", "group", "network", "broker", "sink", "store", "stack"),
    *("automation", "scheduler", "HTTP", "webhooks", "lake"),
}


@pytest.mark.parametrize("row", ROWS, ids=lambda row: " ".join(row[:2]))
def test_a_row_says_everything_and_names_a_test_that_exists(row):
    assert len(row) == len(TITLES)
    assert all(row)
    assert row[0] in STOPS
    found = NAMED.fullmatch(row[-1])
    assert found, f"no test named: {row[-1]}"
    name = f"tests/{found[1]}"
    assert (ROOT / name).is_file(), name
    assert found[2] in {function.name for function in functions_of(name)}


def test_every_stop_has_a_row():
    assert {row[0] for row in ROWS} == STOPS


def test_no_row_stands_twice():
    failures = [tuple(row[:2]) for row in ROWS]
    assert len(failures) == len(set(failures))


def test_a_named_test_is_not_skipped():
    """A row that names a skipped test would show nothing."""
    for row in ROWS:
        path, name = NAMED.fullmatch(row[-1]).groups()
        for function in functions_of(f"tests/{path}"):
            if function.name == name:
                marks = "".join(ast.unparse(each) for each in function.decorator_list)
                assert "skip" not in marks
