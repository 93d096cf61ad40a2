"""Fetching: whole batches with their positions, out of aiokafka's buffers.

Owns: the loop that decides which partitions are drained, the waiting in between, and the broker's.
Never: calls aiokafka with an empty set (it reads that as "all"), nor with a timeout (it would
swallow moves of a position over markers and aborted records).

A partition is paused by being left out: at most one fetch of it stays in aiokafka's buffer, and its
neighbours do not wait for it.
"""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections.abc import Callable, Mapping
from typing import Any, Final

from aiokafka.errors import ConsumerStoppedError, NoOffsetForPartitionError
from aiokafka.structs import TopicPartition

from streams.runtime.host.lanes import Lanes
from streams.runtime.job import InputRecord
from streams.runtime.ports import HandOver, Ticket
from topics.restored import is_restored

MAX_RECORDS: Final = 1000  # of one turn, and a group's size; more only delays the next partition
FETCH_WAIT_MS: Final = 15  # the broker's wait for more data; Faust hard-codes 1,500
IDLE_FETCH_WAIT_MS: Final = 100  # where no partition waits behind a fetch; see `wait_ms`
LOG_APPEND_TIME: Final = 1  # aiokafka's timestamp_type of a record
MICROS_PER_MS: Final = 1000

Drained = Mapping[TopicPartition, HandOver]


class Fetching:
    """Runs in the consumer's thread, on the consumer's event loop."""

    def __init__(self, lanes: Lanes, flowing: Callable[[], bool]) -> None:
        self._lanes: Final = lanes
        self._flowing: Final = flowing
        self._loop: asyncio.AbstractEventLoop | None = None
        self._waiter: asyncio.Future[None] | None = None
        self._subscription: Any = None  # the consumer's, known once it collects
        self._refused = (
            False  # somebody had no room; set before asking, so that no answer is missed
        )

    def ends(self, number: int) -> dict[str, int]:
        """Return how far each input of a partition was readable at its last fetch. Any thread."""
        subscription = None if self._subscription is None else self._subscription.subscription
        assignment: Any = None if subscription is None else subscription.assignment
        found: dict[str, int] = {}
        for topic in self._lanes.inputs if assignment is not None else ():
            state = assignment.state_value(TopicPartition(topic, number))
            if state is not None and state.lso is not None:
                found[topic] = state.lso
        return found

    def bind(self, loop: asyncio.AbstractEventLoop) -> None:
        """Remember the loop of the consumer's thread."""
        self._loop = loop

    def wake(self) -> None:
        """Look again at what is wanted. From any thread."""
        if self._loop is not None:
            with contextlib.suppress(RuntimeError):  # closed: the worker is on its way out
                self._loop.call_soon_threadsafe(self._nudge)

    def room(self) -> None:
        """Look again if somebody had no room. From any thread, once per group."""
        if self._refused:
            self.wake()

    async def collect(
        self, consumer: Any, timeout_s: float, emit: Callable[[Drained], object]
    ) -> None:
        """Emit whatever there is to hand over, until the timeout or a rebalance."""
        subscription = self._subscription = consumer._subscription
        deadline = time.monotonic() + timeout_s
        while self._flowing() and not subscription.reassignment_in_progress:
            found = await self._turn(consumer)
            if found:
                emit(found)
            left = deadline - time.monotonic()
            if left <= 0:
                return
            if not found:
                await self._wait(consumer._fetcher, left)

    async def _turn(self, consumer: Any) -> Drained:
        """Drain what is ready. Enters the fetch context even with nothing ready: it is the poll."""
        fetcher, subscription = consumer._fetcher, consumer._subscription
        if consumer._closed or fetcher._closed:
            raise ConsumerStoppedError
        with subscription.fetch_context():
            assignment = subscription.subscription.assignment
            epoch = self._lanes.epoch
            before = self._wanted(assignment)
            if not before:
                return {}
            fetched = await self._drain(fetcher, set(before))
            if subscription.subscription.assignment is not assignment or epoch != self._lanes.epoch:
                return {}
        return self._hand_overs(assignment, before, fetched)

    async def _drain(self, fetcher: Any, wanted: set[TopicPartition]) -> Any:
        """Take what is buffered; does not suspend.

        A partition that was without a position for a moment left an error behind. It is raised
        once, and only when nothing was drained: the next call goes on where this one stopped.
        """
        for _ in wanted:
            with contextlib.suppress(NoOffsetForPartitionError):
                return await fetcher.fetched_records(wanted, timeout=0, max_records=MAX_RECORDS)
        return {}

    def _wanted(self, assignment: Any) -> dict[TopicPartition, int]:
        """Return the position of every topic and partition that may be drained now."""
        wanted: dict[TopicPartition, int] = {}
        self._refused, refused = True, False
        for lane in self._lanes.lanes():
            if lane.epoch != self._lanes.epoch:
                continue
            for topic in self._lanes.inputs:
                if not lane.wants(topic):
                    refused = True
                    continue
                tp = TopicPartition(topic, lane.number)
                state = assignment.state_value(tp)
                if state is not None and state.has_valid_position:
                    wanted[tp] = state.position
        self._refused = refused
        return wanted

    def _hand_overs(
        self, assignment: Any, before: Mapping[TopicPartition, int], fetched: Any
    ) -> Drained:
        """Make a hand-over where there are records, or where only the position moved."""
        found: dict[TopicPartition, HandOver] = {}
        for tp, start in before.items():
            records, end = fetched.get(tp, ()), assignment.state_value(tp).position
            lane = self._lanes.lane(tp.partition)
            if (records or end != start) and lane is not None and lane.ticket is not None:
                lane.emitted(tp.topic)
                found[tp] = _hand_over(tp, lane.ticket, records, (start, end))
        return found

    async def _wait(self, fetcher: Any, timeout_s: float) -> None:
        """Wait for a fetch, for a nudge, or for the timeout."""
        assert self._loop is not None
        self._waiter = fetcher._create_fetch_waiter()
        timer = self._loop.call_later(timeout_s, self._nudge)
        try:
            await self._waiter  # raises what the coordinator reported: a lost authorization
        finally:
            timer.cancel()
            self._waiter = None

    def _nudge(self) -> None:
        if self._waiter is not None and not self._waiter.done():
            self._waiter.set_result(None)


def wait_longer_when_idle(fetcher: Any) -> None:
    """Let aiokafka's fetcher choose the broker's wait anew for each round of fetches."""
    plain = fetcher._get_actions_per_node

    def chosen(assignment: Any) -> Any:
        fetcher._fetch_max_wait_ms = wait_ms(fetcher, assignment)
        return plain(assignment)

    fetcher._get_actions_per_node = chosen


def wait_ms(fetcher: Any, assignment: Any) -> int:
    """Return how long the broker may hold the next fetch.

    A partition left out of a fetch waits until it is over: one whose records are not drained yet,
    one that is parked. When none is, the broker answers with the first record of any of them, and
    an idle worker need not ask 66 times a second.
    """
    states = map(assignment.state_value, assignment.tps)
    if fetcher._records or any(each.paused or not each.has_valid_position for each in states):
        return FETCH_WAIT_MS
    return IDLE_FETCH_WAIT_MS


def _hand_over(tp: TopicPartition, ticket: Ticket, fetched: Any, span: tuple[int, int]) -> HandOver:
    records = tuple(
        InputRecord(tp.topic, tp.partition, r.offset, r.timestamp * MICROS_PER_MS, r.key, r.value)
        for r in fetched
    )
    untimed = next(
        (
            r.offset
            for r in fetched
            if r.timestamp_type != LOG_APPEND_TIME and not is_restored(r.headers)
        ),
        None,
    )
    return HandOver(
        topic=tp.topic,
        partition=tp.partition,
        ticket=ticket,
        before=span[0],
        records=records,
        after=span[1],
        untimed=untimed,
    )
