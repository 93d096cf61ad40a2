"""Lanes: epochs, barrier, delivery."""

import threading
import time

import pytest

from streams.runtime.errors import FencedError
from streams.runtime.host.exits import ExitCode
from streams.runtime.host.lane import IN_TRANSIT_MAX, STUCK_LOOKS, Lane
from streams.runtime.host.lanes import Lanes
from streams.runtime.ports import HandOver, Ticket
from tests.unit.streams.host.fakes import INPUTS, FakeRunner, Left

WHOLE = frozenset((topic, number) for topic in INPUTS for number in (0, 1))


@pytest.fixture
def left():
    return Left()


@pytest.fixture
def runners():
    return {}


@pytest.fixture
def lanes(runners, left):
    def make(number):
        return runners.setdefault(number, FakeRunner())

    lanes = Lanes(INPUTS, make, left)
    yield lanes
    for runner in runners.values():
        runner.revoked.set()


def soon():
    return time.monotonic() + 10


def hand_over(number, epoch, topic="commands"):
    return HandOver(
        topic=topic, partition=number, ticket=Ticket(epoch, 1), before=0, records=(), after=1
    )


def assign(lanes, generation=3, pairs=WHOLE):
    lanes.bump()
    lanes.assigned(generation, pairs)
    lanes.start()


def test_every_assigned_number_gets_its_thread(lanes, runners):
    assign(lanes)
    assert {lane.number for lane in lanes.lanes()} == {0, 1}
    lanes.barrier(soon())
    assert {number: runner.begun for number, runner in runners.items()} == {0: (1, 3), 1: (1, 3)}
    assert lanes.lanes() == ()


def test_an_assignment_overtaken_by_the_next_rebalance_starts_nothing(lanes, runners):
    lanes.bump()
    lanes.assigned(3, WHOLE)
    lanes.bump()
    lanes.start()
    assert runners == {}
    assert lanes.generation_of(lanes.epoch) is None


def test_nothing_starts_on_the_way_out(lanes, runners):
    lanes.stop(soon())
    assign(lanes)
    assert runners == {}


def test_a_split_assignment_ends_the_process(lanes, left, runners):
    assign(lanes, pairs=frozenset({("legs", 0)}))
    assert left.codes == [ExitCode.ASSIGNMENT]
    assert runners == {}


def test_a_hand_over_reaches_the_runner_of_its_number(lanes, runners):
    assign(lanes)
    given = hand_over(1, 1)
    lanes.deliver(given)
    assert runners[1].offered == [given]
    assert runners[0].offered == []


def test_what_belongs_to_the_past_is_dropped(lanes, runners):
    assign(lanes)
    lanes.deliver(hand_over(1, 0))
    lanes.deliver(hand_over(9, 1))
    lanes.bump()
    lanes.deliver(hand_over(1, 1))
    assert runners[1].offered == []


def test_a_partition_holds_its_epoch_until_the_bump(lanes):
    assign(lanes, generation=5)
    assert lanes.holds(0, 1)
    assert lanes.generation_of(1) == 5
    assert not lanes.holds(0, 0)
    assert not lanes.holds(7, 1)
    lanes.bump()
    assert not lanes.holds(0, 1)
    assert lanes.generation_of(1) is None


def test_a_stubborn_partition_ends_the_process(lanes, runners, left):
    runners[0] = FakeRunner(stubborn=True)
    assign(lanes)
    lanes.barrier(time.monotonic() + 0.05)
    assert left.codes == [ExitCode.BARRIER_MISSED]
    assert "partitions [0]" in left.reasons[0]


@pytest.mark.parametrize(
    ("runner", "code"),
    [
        (FakeRunner(error=FencedError("taken")), ExitCode.FENCED),
        (FakeRunner(error=KeyError("bug")), ExitCode.HOST_CRASHED),
        (FakeRunner(ends=True), ExitCode.HOST_CRASHED),
    ],
)
def test_a_thread_that_ends_unasked_ends_the_process(lanes, runners, left, runner, code):
    runners[1] = runner
    assign(lanes)
    assert left.happened.wait(10)
    assert left.codes == [code]
    assert "partition 1" in left.reasons[0]


def test_a_lane_wants_no_more_than_its_bound():
    lane = Lane(0, 1, 1, FakeRunner())
    assert not lane.wants("commands")  # not recovered yet
    lane.ticket = Ticket(1, 1)
    for _ in range(IN_TRANSIT_MAX):
        assert lane.wants("commands")
        lane.emitted("commands")
    assert not lane.wants("commands")
    assert lane.wants("legs")
    lane.deliver(hand_over(0, 1))
    assert lane.wants("commands")
    lane.runner.room = False
    assert not lane.wants("commands")


def test_a_lane_that_never_started_is_closed_at_once():
    assert Lane(0, 1, 1, FakeRunner(stubborn=True)).close(time.monotonic())


def test_a_partition_that_saw_the_end_of_its_epoch_first_is_no_crash(lanes, runners, left):
    runners[0] = FakeRunner()
    assign(lanes)
    lane = lanes.lane(0)
    lanes.bump()
    runners[0].revoked.set()  # as the engine does when it no longer holds the partition
    assert lane.close(soon())
    assert left.codes == []
    lanes.barrier(soon())


def test_a_hand_over_lost_on_its_way_ends_the_process(lanes, left):
    assign(lanes)
    for _ in range(2 * STUCK_LOOKS):
        lanes.look()
    lane = lanes.lane(1)
    lane.emitted("commands")
    lane.emitted("commands")
    for _ in range(STUCK_LOOKS - 1):
        lanes.look()
    lanes.deliver(hand_over(1, 1))
    for _ in range(STUCK_LOOKS):
        lanes.look()
    assert left.codes == []
    lanes.look()
    assert left.codes == [ExitCode.STUCK]
    assert "partition 1" in left.reasons[0]


def test_a_rebalance_cannot_slip_between_check_and_start(lanes, runners):
    bumped = threading.Event()

    def bump_meanwhile():
        lanes.bump()
        bumped.set()

    def make(number):
        threading.Thread(target=bump_meanwhile).start()
        assert not bumped.wait(0.05)  # it has to wait until the lanes are there
        return runners.setdefault(number, FakeRunner())

    lanes._make = make
    assign(lanes, pairs=frozenset((topic, 0) for topic in INPUTS))
    assert bumped.wait(10)
    lanes.barrier(soon())
    assert runners[0].closed.is_set()
