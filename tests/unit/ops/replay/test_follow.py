"""What a replay follows: up to the live store, in any batches the same rows, only its scope."""

import pytest

from ledger.sealing import CHAIN_HEADER, LogError
from ops.errors import DocumentError
from ops.moment import micros_of
from ops.reading import Placed, Record
from ops.replay.follow import Pace, follow
from ops.replay.scope import Scope, range_of
from sinks.batch import Position
from sinks.memory.digest import digest
from sinks.memory.sink import MemorySink, MemoryStore
from tests.unit.sinks.sample_log import SampleLog

LOG = SampleLog().day(200, void_every=4)
GROUPS = LOG.sealed_groups()


def read(offset):
    return iter(
        Record("log", 0, at, 1, b"k", value, {CHAIN_HEADER: chain})
        for at, value, chain in LOG.records
        if at >= offset
    )


def place(group):
    return Position(group.next_offset, group.last_sequence, group.chain, "topic")


END = place(GROUPS[-1])
WHOLE = Scope(0)


def quick(batch=30, **fields):
    return Pace(fields.pop("wait", None), lambda done, whole: None, batch, **fields)


def followed(*, batch=30, until=END, scope=WHOLE, store=None):
    store = store or MemoryStore()
    follow(read, MemorySink(store), scope, until, quick(batch))
    return store


def test_the_same_input_gives_the_same_rows_in_any_batches():
    whole = digest(followed(batch=1_000), 0)
    assert whole == digest(followed(batch=1), 0)
    store = followed(until=place(GROUPS[4]))
    assert store.positions[0] == place(GROUPS[4])
    assert digest(store, 0) != whole
    assert digest(followed(store=store), 0) == whole, "it goes on where it was"
    assert digest(followed(store=store), 0) == whole, "once more changes nothing"


@pytest.mark.parametrize(
    "wrong",
    [
        Position(END.next_offset, END.sequence, bytes(32), "topic"),
        Position(END.next_offset, END.sequence + 1, END.chain, "topic"),
        Position(END.next_offset - 2, END.sequence, END.chain, "topic"),
    ],
)
def test_a_store_that_was_filled_from_another_log_is_refused(wrong):
    with pytest.raises(LogError, match="was not filled from this log"):
        followed(until=wrong)


def test_a_live_store_behind_its_shadow_or_of_another_topic_is_refused():
    other = Position(END.next_offset, END.sequence, END.chain, "other")
    for live in (place(GROUPS[0]), other):
        with pytest.raises(LogError, match="abort this replay"):
            followed(store=followed(), until=live)


def test_only_decisions_of_the_scope_are_written():
    store = followed(scope=Scope(0, "", 5, 9))
    assert [key[1] for key in store.rows["outcomes"]] == [5, 6, 7, 8, 9]
    wallet = LOG.opened[0]
    mine = {
        each.sequence
        for each in LOG.decisions
        if each.wallet_id == wallet or any(b.owner == wallet for b in each.balances)
    }
    assert {key[1] for key in followed(scope=Scope(0, wallet)).rows["outcomes"]} >= mine


def test_the_rate_is_kept_by_waiting():
    waits = []
    follow(read, MemorySink(MemoryStore()), Scope(0), END, quick(wait=waits.append, rate=100))
    assert sum(waits) == pytest.approx(END.sequence / 100)


def test_the_name_of_a_replay_is_that_of_its_scope():
    assert Scope(3).name == "p3"
    assert Scope(3, "", 5, 9).name == "p3_s5_9"
    assert Scope(3, "w").name == Scope(3, "w").name != Scope(3, "v").name
    scope = Scope(3, "w", 0, 0)
    assert Scope.parse(scope.text()) == scope
    assert [each.words for each in (Scope(1), Scope(1, "w"), Scope(1, "", 2, 3))] == [
        "partition 1",
        "wallet w of partition 1",
        "sequences 2 to 3 of partition 1",
    ]


def test_offsets_and_times_become_sequences():
    placed = [Placed(each, 10 * each.sequence, 1, b"") for each in LOG.decisions]
    assert range_of(placed, "offset", 45, 80) == (5, 8)
    at = [each.decided_at for each in LOG.decisions]
    assert range_of(placed, "time", at[4] - 1, at[9]) == (5, 10)
    with pytest.raises(DocumentError, match="no Decision has its offset between 1 and 2"):
        range_of(placed, "offset", 1, 2)


def test_a_time_has_a_zone():
    assert micros_of("1970-01-01T00:00:01Z", "--from") == 1_000_000
    with pytest.raises(DocumentError, match="--from: '2026-11-29T06:00' has no zone"):
        micros_of("2026-11-29T06:00", "--from")
    with pytest.raises(DocumentError, match="--to: 'noon' is no time"):
        micros_of("noon", "--to")
