"""The matrix of crash points on the real broker, and the table of what was covered.

A pytest plugin: the rows of one run may be shown by several processes; whoever hears all of them
prints the table.

Owns: every point of workers and sinks, at which pass it strikes, which rows `make test` can afford.
Never: a point nobody listed: the names come from the hooks themselves.
"""

from dataclasses import dataclass

from sinks.crash import POINTS as SINK_POINTS
from streams.runtime.crashpoints import (
    AFTER_COMMIT,
    AFTER_PRODUCE,
    BOUNDARIES,
    MID_RECOVERY,
    MID_STEP,
    POINTS,
)
from tests.support.aloud import told

KILL, ZOMBIE = "kill", "zombie"
SHOWN = "crash point shown"
STORES = ("postgres", "cassandra", "redis")
# Calls a healthy wallet worker never makes, or not while it works: why, and where they are shown.
ELSEWHERE = {
    "settle": "the wallet job has no outputs to its own log; simulation",
    "abort": "only after an abortable error; simulation",
}
# How often a point is passed before it strikes: deep enough that the worker is at work.
AT_WORK, RECOVERING = 25, 2
PASSES = {
    MID_STEP: 150,
    AFTER_PRODUCE: AT_WORK,
    AFTER_COMMIT: AT_WORK,
    MID_RECOVERY: RECOVERING,
    "begin": AT_WORK,
    "send-log": AT_WORK,
    "send": AT_WORK,
    "commit": AT_WORK,
    "fence": RECOVERING,
    "topic-id": RECOVERING,
    "bounds": 6,
    "tail": RECOVERING,
    "take": RECOVERING,
    "read-input": 1,
    "open-store": RECOVERING,
    "get": 100,
    "scan": 3,
    "write": AT_WORK,
    "close-store": 1,
    "fetch-snapshot": RECOVERING,
    "swap-snapshot": 1,
    "take-snapshot": 1,
}
# Ten rows for every day; the others are long.
EVERYDAY = {
    (MID_STEP, KILL),
    (MID_RECOVERY, KILL),
    ("after-fence", KILL),
    ("after-send-log", KILL),
    ("before-commit", KILL),
    ("after-commit", KILL),
    ("after-write", KILL),
    ("before-commit", ZOMBIE),
    ("after-commit", ZOMBIE),
    ("before-write", ZOMBIE),
}


@dataclass(frozen=True)
class Row:
    point: str
    how: str

    @property
    def operation(self):
        return self.point.removeprefix("before-").removeprefix("after-")

    @property
    def passes(self):
        return PASSES.get(self.point) or PASSES[self.operation]

    @property
    def setting(self):
        return f"{self.point}:{self.passes}" + (":stop" if self.how == ZOMBIE else "")

    @property
    def everyday(self):
        return (self.point, self.how) in EVERYDAY

    def __str__(self):
        return f"{self.point}-{self.how}"


def worker_rows():
    everything = [Row(point, how) for point in (*POINTS, *BOUNDARIES) for how in (KILL, ZOMBIE)]
    return [row for row in everything if row.operation not in ELSEWHERE]


def sink_rows():
    return [Row(point, how) for point in SINK_POINTS for how in (KILL, ZOMBIE)]


def show(request, row):
    """Note that a row held; `request` is that of its test."""
    request.node.user_properties.append((SHOWN, str(row)))


def pytest_terminal_summary(terminalreporter):
    if passed := set(told(terminalreporter, SHOWN, "passed")):
        terminalreporter.section("crash points")
        terminalreporter.write_line(table(passed))


def table(passed):
    """The coverage of this run in words: rows shown, rows left to `make long`, rows elsewhere."""
    rows = worker_rows()
    lines = [f"{'worker point':<28}{KILL:<10}{ZOMBIE:<10}"]
    for point in dict.fromkeys(row.point for row in rows):
        marks = ["shown" if str(Row(point, how)) in passed else "long" for how in (KILL, ZOMBIE)]
        lines.append(f"{point:<28}{marks[0]:<10}{marks[1]:<10}")
    lines += [f"{name:<28}{why}" for name, why in ELSEWHERE.items()]
    shown = sum(str(row) in passed for row in rows)
    return "\n".join([*lines, f"{shown} of {len(rows)} rows shown, {shown / len(rows):.0%}"])
