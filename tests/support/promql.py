"""Queries of Prometheus, read as far as a test needs it: which series and labels they name.

Owns: the words of the language that our queries use; anything else is an error.
Never: evaluates one.
"""

import re
from itertools import pairwise
from typing import NamedTuple

from eyes.names import METRICS

AGGREGATIONS = {"sum", "min", "max", "count"}
FUNCTIONS = {"rate", "increase", "histogram_quantile", "max_over_time"}
# What Prometheus itself knows of whom it asks.
TARGETS = {"up": {"job", "instance"}}
OF_EVERY_SERIES = {"instance", "job"}
CALLED = AGGREGATIONS | FUNCTIONS
BY = re.compile(r"\bby \(([\w, ]+)\)")
BRACES = re.compile(r"\{([^}]*)\}")
SELECTED = re.compile(r"(\w+)(?:=|!=)\"")
TOKEN = re.compile(
    r"\s*(?:(?P<name>[a-zA-Z_][a-zA-Z0-9_]*)|(?P<number>\d+(?:\.\d+)?)|(?P<text>\"[^\"]*\")"
    r"|(?P<range>\[\d+[smh](?::\d+[smh])?\])|(?P<mark>==|!=|>=|<=|[-+*/<>(){},=]))"
)


class Query(NamedTuple):
    """The series a query reads, and the labels it asks of them."""

    series: frozenset[str]
    labels: frozenset[str]


def series():
    """Every series that our pages have, with its labels."""
    found = dict(TARGETS)
    for metric in METRICS:
        labels = {*metric.labels, *OF_EVERY_SERIES}
        if metric.kind == "histogram":
            found[f"{metric.name}_bucket"] = {*labels, "le"}
            found |= {f"{metric.name}_{part}": labels for part in ("sum", "count")}
        else:
            found[metric.name + ("_total" if metric.kind == "counter" else "")] = labels
    return found


def tokens_of(text):
    """The tokens of a query; raises `ValueError` at what is none."""
    at, found = 0, []
    while at < len(text.rstrip()):
        match = TOKEN.match(text, at)
        if match is None:
            raise ValueError(f"no token at {text[at : at + 20]!r}")
        found.append((match.lastgroup, match[match.lastgroup]))
        at = match.end()
    return found


def read_query(text):
    """Read a query; raises `ValueError` when it is not one, or names what nobody tells."""
    _check_brackets([value for kind, value in tokens_of(text) if kind == "mark"])
    labels = {name for names in BY.findall(text) for name in names.split(", ")}
    labels |= {name for selectors in BRACES.findall(text) for name in SELECTED.findall(selectors)}
    tokens = tokens_of(BRACES.sub("", BY.sub("", text)))
    names = {value for kind, value in tokens if kind == "name"}
    called = {value for (_, value), after in pairwise(tokens) if after[1] == "("}
    if strange := names & CALLED - called:
        raise ValueError(f"{', '.join(sorted(strange))} is called with nothing")
    names -= CALLED
    _check_names(names, labels, text)
    return Query(frozenset(names), frozenset(labels))


def _check_names(names, labels, text):
    known = series()
    if not names:
        raise ValueError(f"no series in {text!r}")
    if unknown := names - known.keys():
        raise ValueError(f"nobody tells {', '.join(sorted(unknown))}")
    for name in names:
        if strange := labels - known[name]:
            raise ValueError(f"{name} has no label {', '.join(sorted(strange))}")


def _check_brackets(marks):
    open_ = []
    pairs = {")": "(", "}": "{"}
    for mark in marks:
        if mark in pairs.values():
            open_.append(mark)
        elif mark in pairs and (not open_ or open_.pop() != pairs[mark]):
            raise ValueError(f"{mark} closes nothing")
    if open_:
        raise ValueError(f"{open_[-1]} is not closed")
