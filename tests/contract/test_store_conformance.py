"""Every store keeps the contract of `sinks.batch`: one abstract suite, run against each of them."""

import random
from itertools import pairwise

import pytest

from sinks.batch import Batch, Position
from sinks.crash import AFTER_OFFSET, BEFORE_OFFSET, MID_BATCH
from sinks.digests import LogDigests, differences
from sinks.errors import StoreMoved
from sinks.memory.reads import MemoryReads
from sinks.memory.sink import MemorySink, MemoryStore
from tests.integration.sinks.store_backends import SERVERS, OfMemory
from tests.unit.sinks.sample_log import SampleLog

TOPIC = "topic-1"
DECISIONS = 400


ON_SERVERS = [pytest.param(name, marks=pytest.mark.integration) for name in SERVERS]


@pytest.fixture(params=["memory", *ON_SERVERS])
def store(request):
    """An empty store, on its server under a name of its own."""
    if request.param == "memory":
        fresh = OfMemory()
    else:
        fresh = SERVERS[request.param](request.getfixturevalue("ledger_stack").endpoints)
    yield fresh
    fresh.drop()


@pytest.fixture(scope="module")
def log():
    return SampleLog(partition=2, seed=7).day(DECISIONS, group=12, void_every=3)


class Killed(Exception):
    """Stands for the end of the process at a crash point."""


def die_at(name, occurrence=1):
    passes = []

    def reach(point):
        if point == name:
            passes.append(point)
            if len(passes) == occurrence:
                raise Killed

    return reach


def batches(log, cuts):
    """Cut the sealed groups of a log into batches; `cuts` are group numbers."""
    groups = log.sealed_groups()
    edges = sorted({0, len(groups), *cuts})
    before = None
    for start, end in pairwise(edges):
        last = groups[end - 1]
        after = Position(last.next_offset, last.last_sequence, last.chain, TOPIC)
        decisions = [decision for group in groups[start:end] for decision in group.decisions]
        yield Batch(log.partition, decisions, before, after)
        before = after


def fill(sink, log, cuts=()):
    for batch in batches(log, cuts):
        sink.write(batch)


def assert_holds_exactly(store, log):
    expected = LogDigests(log.partition)
    expected.add(log.decisions)
    held = store.digest(log.partition)
    assert held
    assert differences(expected.result(), held) == []


def end_of(log):
    last = log.sealed_groups()[-1]
    return Position(last.next_offset, last.last_sequence, last.chain, TOPIC)


def test_an_empty_store_has_no_position(store):
    assert store.open().position(2) is None


@pytest.mark.parametrize("cuts", [(), (1, 2, 3), range(0, 1000, 5)])
def test_any_cut_into_batches_gives_the_rows_of_the_log(store, log, cuts):
    sink = store.open()
    groups = len(log.groups)
    fill(sink, log, [cut for cut in cuts if cut <= groups])
    assert_holds_exactly(store, log)
    assert sink.position(2) == end_of(log)


def test_void_groups_leave_no_row(store, log):
    assert len(log.records) > len(log.decisions), "the sample holds torn transactions"
    fill(store.open(), log)
    assert_holds_exactly(store, log)


def test_a_batch_already_taken_changes_nothing(store, log):
    sink = store.open()
    cut = list(batches(log, [3, 9]))
    for batch in cut:
        sink.write(batch)
    for batch in cut:
        with pytest.raises(StoreMoved):
            sink.write(batch)
    assert_holds_exactly(store, log)
    assert sink.position(2) == end_of(log)


def test_a_writer_that_starts_again_from_the_beginning_changes_nothing(store, log):
    fill(store.open(), log, [4])
    late = store.open()
    whole = next(iter(batches(log, ())))
    with pytest.raises(StoreMoved):
        late.write(whole)
    assert_holds_exactly(store, log)
    assert late.position(2) == end_of(log)


def test_two_writers_in_turn_and_in_conflict_give_the_rows_once(store, log):
    dice = random.Random(5)
    writers = [store.open(), store.open()]
    groups = log.sealed_groups()
    positions = [None, None]  # where each writer believes the store to be
    for _ in range(200):
        turn = dice.randrange(2)
        positions[turn] = step(writers[turn], log, groups, positions[turn], dice)
    for writer in writers:
        at = writer.position(2)
        if at is not None and at != end_of(log):
            write_from(writer, log, groups, at, len(groups))
    assert_holds_exactly(store, log)


def step(writer, log, groups, believed, dice):
    """Write a few groups from where this writer believes the store to be, or learn better."""
    done = sum(group.last_sequence <= (believed.sequence if believed else 0) for group in groups)
    if done == len(groups):
        return believed
    try:
        return write_from(
            writer, log, groups, believed, min(len(groups), done + dice.randint(1, 4))
        )
    except StoreMoved:
        return writer.position(log.partition)


def write_from(writer, log, groups, before, end):
    start = sum(group.last_sequence <= (before.sequence if before else 0) for group in groups)
    decisions = [decision for group in groups[start:end] for decision in group.decisions]
    last = groups[end - 1]
    after = Position(last.next_offset, last.last_sequence, last.chain, TOPIC)
    writer.write(Batch(log.partition, decisions, before, after))
    return after


@pytest.mark.parametrize("point", [MID_BATCH, BEFORE_OFFSET, AFTER_OFFSET])
@pytest.mark.parametrize("occurrence", [1, 2])
def test_a_writer_that_dies_anywhere_is_continued_by_the_next(store, log, point, occurrence):
    dying = store.open(die_at(point, occurrence))
    groups = log.sealed_groups()
    with pytest.raises(Killed):
        fill(dying, log, [5, 11])
    heir = store.open()
    write_from(heir, log, groups, heir.position(2), len(groups))
    assert_holds_exactly(store, log)


def test_the_position_is_never_ahead_of_the_rows(store, log):
    dying = store.open(die_at(BEFORE_OFFSET, 2))
    first, *_ = batches(log, [5, 11])
    with pytest.raises(Killed):
        fill(dying, log, [5, 11])
    assert store.open().position(2) == first.after


def test_partitions_do_not_touch_each_other(store, log):
    other = SampleLog(partition=5, seed=7).day(DECISIONS // 2, group=12)
    sink = store.open()
    fill(sink, log)
    fill(sink, other, [3])
    assert_holds_exactly(store, log)
    assert_holds_exactly(store, other)
    assert set(store.positions()) == {2, 5}


def test_a_wallet_addressed_in_two_partitions_at_the_same_sequence_keeps_both(store):
    """A misrouted command is answered by a partition that is not its wallet's own."""
    sink = store.open()
    for partition in (0, 1):
        misrouted = SampleLog(partition=partition)
        misrouted.seal([misrouted.decision("wanderer", detail=f"partition {partition}")])
        fill(sink, misrouted)
    for partition in (0, 1):
        expected = SampleLog(partition=partition)
        expected.seal([expected.decision("wanderer", detail=f"partition {partition}")])
        assert_holds_exactly(store, expected)


def test_the_largest_amounts_keep_every_unit(store):
    rich = SampleLog(partition=4)
    rich.opened = ["rich"]
    largest = 2**63 - 1
    lines = [("W.AVL", "rich", -largest), ("RAIL.RCV", "card", largest)]
    rich.seal([rich.decision("rich", lines=lines, flow="F1.1")])
    fill(store.open(), rich)
    assert_holds_exactly(store, rich)


def test_reads_answer_as_the_reference_does(store, log):
    fill(store.open(), log, [6])
    held = MemoryStore()
    fill(MemorySink(held), log)
    reference, reads = MemoryReads(held), store.reads()
    commands = [decision.command_id for decision in log.decisions[:60]]
    asked = {
        "outcomes": [(command,) for command in commands if "\x00" not in command],
        "transaction_steps": [*log.transactions][:15],
    }
    wallets = [(wallet,) for wallet in (*log.wallets[:15], "never-heard-of")]
    for view in store.views:
        for key in asked.get(view, wallets):
            expected, found = getattr(reference, view)(*key), getattr(reads, view)(*key)
            assert in_any_order(found, view) == in_any_order(expected, view)


def in_any_order(answers, view):
    """Holds have no order of their own; everything else does."""
    return set(answers) if view == "holds" else answers
