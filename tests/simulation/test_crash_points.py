"""Every I/O boundary, struck before, after and with its outcome unknown, by kill and by pause."""

import sys
from functools import cache

import pytest

from ops.simulate.crash_table import STROKES, boundaries, rows, table
from ops.simulate.crashing import Phase
from ops.simulate.waking import every_wake
from streams.runtime.crashpoints import OPERATIONS, POINTS

# A call out of a partition, as the real broker's crash points name it -> what it is made of here.
CALLS = {
    "fence": {"fence"},
    "begin": {"begin"},
    "send-log": {"add partition", "produce.log"},
    "send": {"produce.outputs"},
    "settle": {"produce.outputs"},
    "commit": {"commit"},
    "abort": {"abort"},
    "topic-id": {"topic_id"},
    "bounds": {"bounds"},
    "tail": {"tail.open"},
    "take": {"tail.take"},
    "read-input": {"read_input"},
    "open-store": {"store.open"},
    "get": {"store.get"},
    "scan": {"store.scan"},
    "write": {"store.write"},
    "close-store": {"store.close"},
    "fetch-snapshot": {"snapshot.fetch"},
    "swap-snapshot": {"snapshot.aside", "snapshot.swap"},
    "take-snapshot": {"snapshot.take"},
}
RECOVERING = {"store.open", "store.get", "store.write", "fence", "topic_id", "bounds", "tail.open"}
RECOVERING |= {
    "store.close",
    "tail.take",
    "read_input",
    "begin",
    "add partition",
    "produce.outputs",
    "commit",
    "snapshot.fetch",
    "snapshot.aside",
    "snapshot.swap",
}
RUNNING = {"fetch", "store.scan", "begin", "add partition", "produce.log", "produce.outputs"}
RUNNING |= {"commit", "abort", "store.write", "store.close", "snapshot.take"}
SINK = {"source.poll", "sink.position", "sink.write"}
PHASES = {Phase.RECOVERY: RECOVERING, Phase.RUNNING: RUNNING, Phase.SINK: SINK}
BOUNDARIES = [(phase, name) for phase, names in PHASES.items() for name in sorted(names)]
BOUNDARIES += [(Phase.RECOVERY if "recovery" in name else Phase.RUNNING, name) for name in POINTS]

passed = cache(boundaries)


@cache
def cells(boundary):
    return list(table(passed(), [boundary]))


def test_every_call_out_of_a_partition_is_in_the_table():
    assert set(CALLS) == set(OPERATIONS)
    assert set().union(*CALLS.values()) <= RECOVERING | RUNNING


def test_the_runs_pass_the_named_boundaries_and_no_other():
    assert set(passed()) == set(BOUNDARIES)


@pytest.mark.parametrize("boundary", BOUNDARIES, ids=lambda each: f"{each[0]}-{each[1]}")
def test_a_stroke_at_a_boundary_changes_nothing(boundary):
    found = cells(boundary)
    assert len(found) == len(STROKES)
    assert [(cell.stroke, cell.text, cell.findings) for cell in found if cell.text != "held"] == []


def test_the_table_is_whole(capsys):
    struck = [cell for boundary in BOUNDARIES for cell in cells(boundary)]
    with capsys.disabled():
        for row in rows(struck):
            sys.stdout.write(f"\n  {row.pop('boundary'):42} {' '.join(row.values())}")
        sys.stdout.write(f"\n  {sum(each.covered for each in struck)} of {len(struck)} struck\n")
    assert len(struck) == len(BOUNDARIES) * len(STROKES)
    assert all(cell.covered for cell in struck)


def test_a_zombie_may_wake_at_any_operation_of_its_successors_recovery():
    wakes = list(every_wake())
    assert {"fence", "bounds", "tail.take", "commit", "store.write"} <= {w.operation for w in wakes}
    assert [(woken.number, woken.findings) for woken in wakes if woken.findings] == []
