"""The loop that drains aiokafka's buffers."""

import asyncio
from types import SimpleNamespace

import pytest
from aiokafka.errors import ConsumerStoppedError, NoOffsetForPartitionError, OffsetOutOfRangeError
from aiokafka.structs import TopicPartition

from streams.runtime.host.fetching import (
    FETCH_WAIT_MS,
    IDLE_FETCH_WAIT_MS,
    Fetching,
    wait_longer_when_idle,
)
from streams.runtime.host.lanes import Lanes
from streams.runtime.ports import Ticket
from tests.unit.streams.host.fakes import INPUTS, FakeConsumer, FakeRunner, Left, record
from topics.restored import RESTORED_HEADER

COMMANDS_0 = TopicPartition("commands", 0)
WHOLE = {(topic, number): 10 for topic in INPUTS for number in (0, 1)}


@pytest.fixture
def runners():
    return {}


@pytest.fixture
def lanes(runners):
    lanes = Lanes(INPUTS, lambda n: runners.setdefault(n, FakeRunner()), Left())
    lanes.bump()
    lanes.assigned(7, frozenset(WHOLE))
    lanes.start()
    for lane in lanes.lanes():
        lane.ticket = Ticket(1, 1)
    yield lanes
    for runner in runners.values():
        runner.revoked.set()


@pytest.fixture
def consumer():
    return FakeConsumer(WHOLE)


def collect(
    lanes, consumer, timeout_s=0.05, during=None, *, flowing=lambda: True, until_found=False
):
    async def run():
        fetching = Fetching(lanes, flowing)
        fetching.bind(asyncio.get_running_loop())
        found = {}

        def emit(drained):
            found.update(drained)
            if until_found:
                rebalance()

        collecting = asyncio.ensure_future(fetching.collect(consumer, timeout_s, emit))
        if during is not None:
            await asyncio.sleep(0)
            during(fetching)
        await collecting
        return found

    def rebalance():
        consumer._subscription.reassignment_in_progress = True

    return asyncio.run(run())


def test_records_come_with_the_positions_around_them(lanes, consumer):
    consumer.put("commands", 0, [record(11), record(13)], 15)
    found = collect(lanes, consumer)
    assert set(found) == {COMMANDS_0}
    taken = found[COMMANDS_0]
    assert (taken.topic, taken.partition, taken.ticket) == ("commands", 0, Ticket(1, 1))
    assert (taken.before, taken.after, taken.untimed) == (10, 15, None)
    assert [(r.offset, r.append_time, r.value) for r in taken.records] == [
        (11, 1_011_000, b"11"),
        (13, 1_013_000, b"13"),
    ]


def test_a_position_that_only_moved_is_handed_over(lanes, consumer):
    consumer.put("legs", 1, [], 12)
    taken = collect(lanes, consumer)[TopicPartition("legs", 1)]
    assert (taken.before, list(taken.records), taken.after) == (10, [], 12)


def test_moves_are_not_lost_beside_an_unset_partition(lanes, consumer):
    consumer.put("legs", 0, [], 12)
    consumer.failure = NoOffsetForPartitionError(COMMANDS_0)
    found = collect(lanes, consumer, 0)
    assert list(found) == [TopicPartition("legs", 0)]
    assert len(consumer.asked) == 2  # asked again at once, not after the next fetch


def test_a_record_without_append_time_is_named(lanes, consumer):
    consumer.put("commands", 0, [record(11), record(12, 0), record(13, 0)], 14)
    assert collect(lanes, consumer)[COMMANDS_0].untimed == 12


def test_a_restored_record_has_the_time_it_had(lanes, consumer):
    restored = record(12, 0, ((RESTORED_HEADER, b""),))
    consumer.put("commands", 0, [record(11), restored, record(13, 0, (("other", b""),))], 14)
    assert collect(lanes, consumer)[COMMANDS_0].untimed == 13


def test_nothing_is_asked_with_an_empty_set(lanes, consumer, runners):
    for runner in runners.values():
        runner.room = False
    consumer.put("commands", 0, [record(11)], 12)
    assert collect(lanes, consumer) == {}
    assert consumer.asked == []
    assert consumer.polls > 0  # the poll interval is kept alive all the same


def test_only_partitions_that_want_more_are_asked(lanes, consumer, runners):
    runners[0].room = False
    collect(lanes, consumer, 0)
    assert consumer.asked == [{TopicPartition(topic, 1) for topic in INPUTS}]


def test_a_partition_without_position_is_left_out(lanes, consumer):
    consumer.states[COMMANDS_0].has_valid_position = False
    collect(lanes, consumer, 0)
    assert COMMANDS_0 not in consumer.asked[0]


def test_a_bounded_number_is_on_its_way(lanes, consumer):
    for after in (11, 12):
        consumer.put("commands", 0, [record(after - 1)], after)
        assert collect(lanes, consumer)
    consumer.put("commands", 0, [record(12)], 13)
    assert collect(lanes, consumer) == {}


def test_a_new_fetch_ends_the_wait(lanes, consumer):
    def fetch(_):
        consumer.put("commands", 0, [record(10)], 11)

    assert COMMANDS_0 in collect(lanes, consumer, 30, fetch, until_found=True)


def test_room_in_a_partition_ends_the_wait(lanes, consumer, runners):
    for runner in runners.values():
        runner.room = False
    consumer.put("commands", 0, [record(10)], 11)

    def make_room(fetching):
        runners[0].room = True
        fetching.room()

    assert COMMANDS_0 in collect(lanes, consumer, 30, make_room, until_found=True)


def test_room_nobody_waited_for_costs_nothing(lanes, consumer):
    fetching = Fetching(lanes, lambda: True)
    woken = []
    fetching.wake = lambda: woken.append(1)
    fetching._wanted(consumer._subscription.subscription.assignment)
    fetching.room()
    assert woken == []
    lanes.lane(0).runner.room = False
    fetching._wanted(consumer._subscription.subscription.assignment)
    fetching.room()
    assert woken == [1]


def test_a_rebalance_stops_the_loop(lanes, consumer):
    consumer.put("commands", 0, [record(10)], 11)
    assert collect(lanes, consumer, 30, flowing=lambda: False) == {}
    consumer._subscription.reassignment_in_progress = True
    assert collect(lanes, consumer, 30) == {}
    assert consumer.asked == []


def test_what_was_drained_across_a_change_of_assignment_is_dropped(lanes, consumer):
    original = consumer._fetcher.fetched_records

    async def overtaken(*args, **kwargs):
        found = await original(*args, **kwargs)
        lanes.bump()
        return found

    consumer._fetcher.fetched_records = overtaken
    consumer.put("commands", 0, [record(10)], 11)
    assert collect(lanes, consumer) == {}


def test_a_closed_consumer_and_a_lost_position_are_errors(lanes, consumer):
    consumer.failure = OffsetOutOfRangeError({COMMANDS_0: 10})
    with pytest.raises(OffsetOutOfRangeError):
        collect(lanes, consumer)
    consumer._closed = True
    with pytest.raises(ConsumerStoppedError):
        collect(lanes, consumer)


def test_waking_is_harmless_before_and_after_the_loop(lanes):
    fetching = Fetching(lanes, lambda: True)
    fetching.wake()

    async def bind():
        fetching.bind(asyncio.get_running_loop())

    asyncio.run(bind())
    fetching.wake()


@pytest.mark.parametrize(
    ("records", "second", "wait"),
    [
        ({}, {}, IDLE_FETCH_WAIT_MS),
        ({COMMANDS_0: "not drained"}, {}, FETCH_WAIT_MS),
        ({}, {"paused": True}, FETCH_WAIT_MS),
        ({}, {"has_valid_position": False}, FETCH_WAIT_MS),
    ],
)
def test_the_broker_may_hold_a_fetch_for_long_only_when_no_partition_is_left_out(
    records, second, wait
):
    read = {"paused": False, "has_valid_position": True}
    states = {0: SimpleNamespace(**read), 1: SimpleNamespace(**{**read, **second})}
    assignment = SimpleNamespace(tps=states, state_value=states.get)
    fetcher = SimpleNamespace(_records=records, _fetch_max_wait_ms=None)
    fetcher._get_actions_per_node = lambda given: (given, fetcher._fetch_max_wait_ms)

    wait_longer_when_idle(fetcher)

    assert fetcher._get_actions_per_node(assignment) == (assignment, wait)
