"""Redelivery in any batching, by any number of writers, with crashes anywhere = the same rows."""

from hypothesis import given
from hypothesis import strategies as st

from sinks.batch import Batch, Position
from sinks.crash import POINTS
from sinks.errors import StoreMoved
from sinks.memory.sink import MemorySink, MemoryStore
from tests.unit.sinks.sample_log import SampleLog

LOG = SampleLog(partition=1, seed=4).day(120, group=5, void_every=4)
GROUPS = LOG.sealed_groups()
START = Position.start("t")


class Killed(Exception):
    pass


def position_after(groups):
    if not groups:
        return None
    last = GROUPS[groups - 1]
    return Position(last.next_offset, last.last_sequence, last.chain, "t")


# A writer believes that `known` groups are in the store, and writes the next `size`; it may die.
ATTEMPTS = st.lists(
    st.tuples(
        st.integers(0, len(GROUPS) - 1),
        st.integers(1, len(GROUPS)),
        st.sampled_from([None, *POINTS]),
    ),
    max_size=25,
)


def attempt(store, known, size, point):
    def die(reached):
        if reached == point:
            raise Killed

    some = GROUPS[known : known + size]
    decisions = [decision for group in some for decision in group.decisions]
    batch = Batch(1, decisions, position_after(known), position_after(known + len(some)))
    try:
        MemorySink(store, die).write(batch)
    except (StoreMoved, Killed):
        return


def write_rest(store):
    held = store.positions.get(1) or START
    known = sum(group.last_sequence <= held.sequence for group in GROUPS)
    if known < len(GROUPS):
        attempt(store, known, len(GROUPS), None)


def contents(store):
    fields = {name: dict(rows) for name, rows in store.fields.items()}
    return store.positions, dict(store.rows), store.balances, fields, dict(store.steps)


REFERENCE = MemoryStore()
write_rest(REFERENCE)


@given(ATTEMPTS)
def test_any_history_of_attempts_ends_in_the_same_rows(attempts):
    store = MemoryStore()
    for known, size, point in attempts:
        attempt(store, known, size, point)
    write_rest(store)
    assert contents(store) == contents(REFERENCE)
