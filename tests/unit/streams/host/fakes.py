"""Stand-ins for the runner and for aiokafka's insides."""

import asyncio
import threading
from contextlib import contextmanager
from types import SimpleNamespace

from aiokafka.structs import TopicPartition

INPUTS = ("legs", "commands")


class FakeRunner:
    """Runs until revoked; takes what it is offered."""

    def __init__(self, *, room=True, error=None, stubborn=False, ends=False):
        self.room, self.error, self.stubborn, self.ends = room, error, stubborn, ends
        self.offered, self.begun = [], None
        self.revoked, self.closed = threading.Event(), threading.Event()

    def begin(self, epoch, generation):
        self.begun = (epoch, generation)
        if self.error is not None:
            raise self.error
        if not self.ends:
            self.revoked.wait(30)
        self.closed.set()

    def has_room(self, topic):
        return self.room

    def offer(self, hand_over):
        self.offered.append(hand_over)

    def request_revoke(self):
        if not self.stubborn:
            self.revoked.set()

    def revoke(self, deadline_s):
        self.request_revoke()
        return self.closed.wait(deadline_s)

    def status(self):
        return {"state": "running" if self.begun else "new"}


class Left:
    """Remembers how the process would have ended."""

    def __init__(self):
        self.codes, self.reasons = [], []
        self.happened = threading.Event()

    def __call__(self, code, reason):
        self.codes.append(code)
        self.reasons.append(reason)
        self.happened.set()


def record(offset, timestamp_type=1, headers=()):
    return SimpleNamespace(
        offset=offset,
        timestamp=1_000 + offset,
        timestamp_type=timestamp_type,
        key=b"k",
        value=b"%d" % offset,
        headers=headers,
    )


class FakeConsumer:
    """The parts of an aiokafka consumer that fetching touches."""

    def __init__(self, positions):
        self.states = {
            TopicPartition(*pair): SimpleNamespace(position=at, has_valid_position=at is not None)
            for pair, at in positions.items()
        }
        self.buffered, self.asked, self.polls = {}, [], 0
        self.failure = None
        self._closed = False
        self._coordinator = SimpleNamespace(generation=7)
        assignment = SimpleNamespace(state_value=self.states.get)
        self._subscription = SimpleNamespace(
            reassignment_in_progress=False,
            subscription=SimpleNamespace(assignment=assignment),
            fetch_context=self._context,
        )
        self._fetcher = SimpleNamespace(
            _closed=False,
            fetched_records=self._fetched,
            _create_fetch_waiter=self._waiter,
        )
        self.waiters = []

    @contextmanager
    def _context(self):
        self.polls += 1
        yield

    async def _fetched(self, partitions, timeout, max_records):  # noqa: ASYNC109 - aiokafka's
        assert timeout == 0
        assert partitions
        self.asked.append(set(partitions))
        if self.failure is not None:
            failure, self.failure = self.failure, None
            raise failure
        found = {}
        for tp in sorted(partitions & set(self.buffered)):
            records, after = self.buffered.pop(tp)
            self.states[tp].position = after
            if records:
                found[tp] = records
        return found

    def _waiter(self):
        waiter = asyncio.get_running_loop().create_future()
        self.waiters.append(waiter)
        return waiter

    def put(self, topic, partition, records, after):
        self.buffered[TopicPartition(topic, partition)] = (records, after)
        for waiter in self.waiters:
            if not waiter.done():
                waiter.set_result(None)
