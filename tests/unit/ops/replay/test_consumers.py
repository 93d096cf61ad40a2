"""Every consumer says what a repeat of its topic does, and each sink does what it says."""

import ast
from pathlib import Path

import pytest

import ops.replay
from ops.replay.consumers import DOORS, JOBS, LAKES, SINKS, Replay
from ops.simulate.stores import NewestBySequence, NewestByTimestamp, WholeBatches
from sinks.batch import Batch, Position
from sinks.errors import StoreMoved
from sinks.stores import STORES
from streams import app
from tests.unit.sinks.sample_log import SampleLog

FAKES = {
    "postgres": WholeBatches,
    "cassandra": NewestByTimestamp,
    "redis": NewestBySequence,
}


class Straight:
    """A gate that lets every request through."""

    def io(self, _name, act, _error):
        return act()


def feed(sink, groups, size):
    before = None
    for start in range(0, len(groups), size):
        some = groups[start : start + size]
        last = some[-1]
        after = Position(last.next_offset, last.last_sequence, last.chain, "topic")
        sink.write(Batch(0, [each for group in some for each in group.decisions], before, after))
        before = after


def forget(store):
    """Lose the position, as who replays into a live store would have to."""
    positions = store.store.positions if isinstance(store, WholeBatches) else store._positions
    positions.clear()


def test_every_sink_and_every_job_says_it():
    assert set(SINKS) == set(STORES) == set(FAKES)
    assert set(JOBS) == set(app.JOBS)
    assert DOORS == {"webhooks": Replay.FORBIDDEN}
    assert LAKES == {"lake": Replay.SHADOW}


@pytest.mark.parametrize("name", STORES)
def test_its_topic_twice(name):
    groups = SampleLog().day(300, void_every=5).sealed_groups()
    store = FAKES[name]()
    sink = store.sink(Straight())
    feed(sink, groups, 7)
    once = store.digest(0)
    assert all(digest.count for digest in once.values())
    with pytest.raises(StoreMoved):
        feed(sink, groups, 5)
    forget(store)
    if SINKS[name] is Replay.SAFE:
        feed(sink, groups, 5)
    else:
        with pytest.raises(AssertionError, match="applied twice"):
            feed(sink, groups, 5)
    assert store.digest(0) == once


def test_no_file_of_a_replay_names_a_producer():
    for path in Path(ops.replay.__file__).parent.glob("*.py"):
        names = {
            each.id if isinstance(each, ast.Name) else each.attr
            for each in ast.walk(ast.parse(path.read_text()))
            if isinstance(each, ast.Name | ast.Attribute)
        }
        imported = {
            alias.name
            for each in ast.walk(ast.parse(path.read_text()))
            if isinstance(each, ast.Import | ast.ImportFrom)
            for alias in each.names
        }
        assert not {"Producer", "produce", "deliver"} & (names | imported), path
