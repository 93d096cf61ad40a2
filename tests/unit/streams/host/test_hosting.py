"""What Faust's parts and the partitions share."""

import asyncio
import time
from types import SimpleNamespace

import pytest

from streams.runtime.host.exits import ExitCode
from streams.runtime.host.generation import Heartbeats
from streams.runtime.host.hosting import NO_GENERATION, Hosting
from streams.runtime.host.status import snapshot
from streams.runtime.ports import Ticket
from tests.unit.streams.host.fakes import INPUTS, FakeRunner, Left


class Coordinator:
    def __init__(self, answer=True):
        self.generation, self.answer = 4, answer
        self._rejoin_needed_fut = SimpleNamespace(done=lambda: self.rejoins)
        self.rejoins = False

    async def _do_heartbeat(self):
        if self.answer == "moved":
            self.generation = 5
        return bool(self.answer)


@pytest.fixture
def left():
    return Left()


@pytest.fixture
def hosting(left):
    runner = FakeRunner()
    hosting = Hosting(INPUTS, lambda partition, host: runner, left, lambda: True)
    hosting.lanes.bump()
    hosting.lanes.assigned(4, frozenset((topic, 0) for topic in INPUTS))
    hosting.lanes.start()
    yield hosting
    runner.revoked.set()


async def never():
    return None


def test_ready_of_the_current_epoch_is_passed_on(hosting):
    sought = []
    hosting.ready(0, Ticket(1, 1), {"legs": 1})  # the consumer is not there yet: nothing happens
    hosting.connect(Heartbeats(Coordinator()), lambda *seek: sought.append(seek), never)
    hosting.ready(0, Ticket(1, 1), {"legs": 1})
    hosting.ready(0, Ticket(0, 1), {"legs": 2})
    assert sought == [(0, Ticket(1, 1), {"legs": 1})]


@pytest.mark.parametrize(
    ("answer", "rejoins", "confirmed"),
    [(True, False, True), (False, False, False), ("moved", False, False), (True, True, False)],
)
def test_only_an_answered_heartbeat_of_the_same_generation_confirms(
    hosting, answer, rejoins, confirmed
):
    coordinator = Coordinator(answer)
    coordinator.rejoins = rejoins
    before = time.monotonic()
    assert not hosting.generation_confirmed(1, before)
    hosting.connect(Heartbeats(coordinator), lambda *_: None, never)
    assert not hosting.generation_confirmed(1, before)
    asyncio.run(coordinator._do_heartbeat())
    assert asyncio.run(coordinator._do_heartbeat()) is bool(answer)
    assert hosting.generation_confirmed(1, before) is confirmed
    assert not hosting.generation_confirmed(1, time.monotonic())  # sent before the question
    assert not hosting.generation_confirmed(0, before)


def test_the_first_answer_after_a_failure_confirms_nothing(hosting):
    """A broker that has just begun says yes to any heartbeat while it loads its groups."""
    coordinator = Coordinator()
    hosting.connect(Heartbeats(coordinator), lambda *_: None, never)
    for coordinator.answer, confirmed in [(True, False), (True, True), (False, False)]:
        before = time.monotonic()
        asyncio.run(coordinator._do_heartbeat())
        assert hosting.generation_confirmed(1, before) is confirmed
    for confirmed in (False, True):
        coordinator.answer, before = True, time.monotonic()
        asyncio.run(coordinator._do_heartbeat())
        assert hosting.generation_confirmed(1, before) is confirmed


def test_a_heartbeat_of_another_generation_confirms_nothing(hosting):
    coordinator = Coordinator()
    hosting.connect(Heartbeats(coordinator), lambda *_: None, never)
    coordinator.generation = 9
    asyncio.run(coordinator._do_heartbeat())
    assert not hosting.generation_confirmed(1, 0.0)


@pytest.mark.parametrize(
    ("had", "generation", "codes"),
    [
        (True, NO_GENERATION, [ExitCode.GENERATION_LOST]),
        (True, 4, []),
        (False, NO_GENERATION, []),
    ],
)
def test_a_member_the_group_has_forgotten_ends(hosting, left, had, generation, codes):
    hosting.on_revoked(had_partitions=had, generation=generation)
    assert left.codes == codes
    assert hosting.lanes.epoch == 2


def test_leaving_by_ourselves_is_no_loss(hosting, left):
    hosting.stop()
    hosting.stop()
    hosting.on_revoked(had_partitions=True, generation=NO_GENERATION)
    assert left.codes == []
    assert hosting.lanes.lanes() == ()


def test_leaving_the_group_needs_a_consumer(hosting):
    asyncio.run(hosting.leave_group())
    calls = []

    async def leave_group():
        calls.append(1)

    hosting.connect(Heartbeats(Coordinator()), lambda *_: None, leave_group)
    asyncio.run(hosting.leave_group())
    assert calls == [1]


def test_status_is_ready_when_every_partition_runs(hosting):
    lanes = hosting.lanes
    lane = lanes.lane(0)
    lane.runner.begun = None
    assert not snapshot(lanes, {"worker": "w"}, 5)["ready"]
    lane.runner.begun = (1, 4)
    status = snapshot(lanes, {"worker": "w"}, 5, lambda number: {"legs": 9})
    assert status == {
        "worker": "w",
        "at_us": 5,
        "ready": True,
        "stopping": False,
        "epoch": 1,
        "generation": 4,
        "partitions": {"0": {"state": "running", "ends": {"legs": 9}}},
    }
    hosting.barrier()
    lanes.bump()
    status = snapshot(lanes, {}, 6)
    assert (status["ready"], status["generation"]) == (False, None)
