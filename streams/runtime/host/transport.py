"""Transport: Faust's aiokafka driver, changed where it would lose or hide records.

Owns: every override of Faust's transport, each a small method that says why it exists.
Never: keeps positions or commits offsets; the group's offsets play no part in safety.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Iterable, Mapping
from typing import Any, Final

import aiokafka
from aiokafka.errors import OffsetOutOfRangeError
from aiokafka.structs import TopicPartition
from faust.transport.consumer import Fetcher
from faust.transport.drivers import TRANSPORTS
from faust.transport.drivers import aiokafka as driver
from faust.types import TP, ConsumerMessage
from typing_extensions import override

from streams.runtime.host.exits import ExitCode
from streams.runtime.host.fetching import FETCH_WAIT_MS, Drained, wait_longer_when_idle
from streams.runtime.host.generation import Heartbeats
from streams.runtime.host.hosting import Hosting
from streams.runtime.job import Positions
from streams.runtime.ports import HandOver, Ticket

SCHEME: Final = "ledgerkafka"
FETCH_MAX_BYTES: Final = (
    8 * 1024 * 1024
)  # of one fetch over all partitions; aiokafka's default is 50 MiB
PREFETCH_BACKOFF_S: Final = 0.005  # see ConsumerThread.on_start
COLLECT_TIMEOUT_S: Final = 1.0  # how often an idle consumer comes back to the event loop


def _hosting(service: Any) -> Hosting:
    """Return what all parts of one app share; see `faust_app.HostApp`."""
    hosting = service.app.hosting
    assert isinstance(hosting, Hosting)
    return hosting


def _entering(service: Any) -> Mapping[str, Any]:
    found: Mapping[str, Any] = service.app.entering
    return found


def flows(app: Any) -> bool:
    """Tell whether Faust lets records flow: not so during a rebalance."""
    return bool(app.consumer.flow_active)


class RebalanceListener(driver.ConsumerRebalanceListener):
    """Raises the barrier before Faust hears of a rebalance."""

    @override
    def on_partitions_revoked(self, revoked: Iterable[TopicPartition]) -> Any:
        """Bump the epoch synchronously: from this line on nothing more is handed over."""
        hosting = _hosting(self._thread)
        generation = self._thread._ensure_consumer()._coordinator.generation
        hosting.on_revoked(had_partitions=bool(set(revoked)), generation=generation)
        return self._close_then(hosting, super().on_partitions_revoked(revoked))

    @override
    async def on_partitions_assigned(self, assigned: Iterable[TopicPartition]) -> None:
        """Park everything: a partition is read only after its own thread has set the positions.

        Without a position aiokafka would ask for the group's offsets, which are never committed.
        """
        pairs = set(assigned)
        consumer = self._thread._ensure_consumer()
        for tp in pairs:
            consumer.seek(tp, 0)
            consumer.pause(tp)
        hosting = _hosting(self._thread)
        hosting.lanes.assigned(
            consumer._coordinator.generation, frozenset((tp.topic, tp.partition) for tp in pairs)
        )
        await super().on_partitions_assigned(pairs)

    @staticmethod
    async def _close_then(hosting: Hosting, after: Any) -> None:
        """Raise the barrier, then let Faust go on. aiokafka would only log an exception."""
        try:
            await asyncio.to_thread(hosting.barrier)
        except Exception as error:  # noqa: BLE001 - see above
            hosting.leave(ExitCode.HOST_CRASHED, f"the barrier failed: {error!r}")
        await after


class ConsumerThread(driver.AIOKafkaConsumerThread):
    """The thread that fetches, heartbeats and takes part in the group."""

    consumer: Consumer

    mundane_level = "debug"

    @override
    async def on_start(self) -> None:
        """Shorten the time for which one undrained partition blocks every fetch (100 ms)."""
        hosting = _hosting(self)
        hosting.fetching.bind(self.thread_loop)
        await super().on_start()
        consumer = self._ensure_consumer()
        consumer._fetcher._prefetch_backoff = PREFETCH_BACKOFF_S
        wait_longer_when_idle(consumer._fetcher)
        hosting.connect(Heartbeats(consumer._coordinator), self._seek_soon, self._leave_group)

    @override
    def _create_worker_consumer(self, transport: Any) -> aiokafka.AIOKafkaConsumer:
        """Force our assignor: Faust would take RoundRobin, neither sticky nor co-partitioned."""
        self._assignor = self.app.assignor
        conf = self.app.conf
        return aiokafka.AIOKafkaConsumer(
            client_id=conf.broker_client_id,
            group_id=conf.id,  # dynamic membership only: a duplicate static id is not fenced
            **_entering(self),  # Faust's own credentials know less than the settings do
            partition_assignment_strategy=[self._assignor],
            enable_auto_commit=False,
            auto_offset_reset="none",
            isolation_level="read_committed",
            fetch_max_wait_ms=FETCH_WAIT_MS,
            fetch_max_bytes=FETCH_MAX_BYTES,
            max_partition_fetch_bytes=conf.consumer_max_fetch_size,
            max_poll_interval_ms=int(conf.broker_max_poll_interval * 1000),
            request_timeout_ms=int(conf.broker_request_timeout * 1000),
            session_timeout_ms=int(conf.broker_session_timeout * 1000),
            rebalance_timeout_ms=int(conf.broker_rebalance_timeout * 1000),
            heartbeat_interval_ms=int(conf.broker_heartbeat_interval * 1000),
            metadata_max_age_ms=conf.consumer_metadata_max_age_ms,
        )

    @override
    async def _fetch_records(
        self, consumer: Any, active_partitions: Any, timeout: Any = None, max_records: Any = None
    ) -> Mapping[TP, list[Any]]:
        """Replaced without super: whole batches with the positions around them.

        They go to the event loop as they come; returning each would cost a round trip per batch.
        """

        def emit(found: Drained) -> None:
            with contextlib.suppress(RuntimeError):  # the event loop is closed
                self.parent_loop.call_soon_threadsafe(self.consumer.received, found)

        await _hosting(self).fetching.collect(consumer, timeout, emit)
        return {}

    async def _leave_group(self) -> None:
        """Leave explicitly, ahead of Faust's own stop of a dozen services. From the event loop."""
        await self.call_thread(self._ensure_consumer()._coordinator.close)

    def _seek_soon(self, number: int, ticket: Ticket, positions: Positions) -> None:
        """From a partition's thread: continue in this one."""
        with contextlib.suppress(RuntimeError):  # the loop is closed: we are on our way out
            self.thread_loop.call_soon_threadsafe(self._seek_inputs, number, ticket, positions)

    def _seek_inputs(self, number: int, ticket: Ticket, positions: Positions) -> None:
        """Set the positions of one partition number and let it be fetched.

        An exception in such a callback would only be logged, the partition silently never start.
        """
        hosting = _hosting(self)
        try:
            lane = hosting.lanes.lane(number)
            if lane is None or not hosting.holds(number, ticket.epoch):
                return  # recovered for an assignment that is over
            consumer = self._ensure_consumer()
            for topic in hosting.lanes.inputs:
                tp = TopicPartition(topic, number)
                consumer.seek(tp, positions[topic])
                consumer.resume(tp)
            lane.ticket = ticket
            hosting.fetching.wake()
        except Exception as error:  # noqa: BLE001 - see the docstring
            hosting.leave(
                ExitCode.HOST_CRASHED, f"partition {number} could not be opened: {error!r}"
            )


class Consumer(driver.Consumer):
    """Faust's consumer on the event loop: delivers hand-overs, and knows no offsets."""

    RebalanceListener = RebalanceListener
    mundane_level = "debug"

    @override
    def _new_consumer_thread(self) -> ConsumerThread:
        """Use our thread."""
        return ConsumerThread(self, loop=self.loop, beacon=self.beacon)

    @override
    def __post_init__(self) -> None:
        """Make the way from the fetching thread; what is on it is bounded by the lanes."""
        self._received: asyncio.Queue[HandOver] = asyncio.Queue()

    def received(self, found: Drained) -> None:
        """Take what was fetched. On the event loop, without waiting."""
        for hand_over in found.values():
            self._received.put_nowait(hand_over)

    @override
    async def _drain_messages(self, fetcher: Any) -> None:
        """Fetch and deliver. Faust's own loop sleeps a second when no partition is active."""
        delivering = asyncio.ensure_future(self._deliver())
        hosting = _hosting(self)
        try:
            while not (self.should_stop or fetcher.should_stop):
                if self.flow_active:
                    await self._getmany(None, COLLECT_TIMEOUT_S)
                else:
                    await self.wait(self.can_resume_flow.wait())
        except OffsetOutOfRangeError as error:
            hosting.leave(ExitCode.OUT_OF_RANGE, f"positions no longer in their topics: {error}")
        except Exception as error:  # noqa: BLE001 - any other one would end in an agent's silence
            if not (self.should_stop or hosting.lanes.stopping):
                hosting.leave(ExitCode.HOST_CRASHED, f"fetching ended: {error!r}")
        finally:
            delivering.cancel()  # of a rebalance or a stop; no error

    async def _deliver(self) -> None:
        """Give Faust one message per hand-over; what a rebalance has overtaken is dropped."""
        hosting = _hosting(self)
        try:
            while True:
                hand_over = await self._received.get()
                if self.flow_active and hosting.lanes.epoch == hand_over.ticket.epoch:
                    await self.callback(self._message(hand_over))
        except Exception as error:  # noqa: BLE001 - a future nobody looks at would keep it
            hosting.leave(ExitCode.HOST_CRASHED, f"delivering ended: {error!r}")

    def _message(self, hand_over: HandOver) -> ConsumerMessage:
        value: Any = hand_over  # where Faust expects bytes
        return ConsumerMessage(
            topic=hand_over.topic,
            partition=hand_over.partition,
            offset=hand_over.before,
            timestamp=0.0,
            timestamp_type=1,
            headers=None,
            key=None,
            value=value,
            checksum=None,
            serialized_key_size=0,
            serialized_value_size=0,
            generation_id=self.app.consumer_generation_id,
        )

    @override
    async def perform_seek(self) -> None:
        """Do nothing: positions are set when each partition is ready."""

    @override
    async def commit(self, topics: Any = None, start_new_transaction: bool = True) -> bool:
        """Never commit: positions are folded from the job's log."""
        return False

    @override
    def verify_event_path(self, now: float, tp: TP) -> None:
        """Leave Faust's livelock detector idle: it reads statistics we do not keep."""

    @override
    async def on_stop(self) -> None:
        """Raise the barrier of a planned stop; it runs before LeaveGroup.

        `on_partitions_revoked` is not called on SIGTERM.
        """
        hosting = _hosting(self)
        await asyncio.to_thread(hosting.stop)
        await super().on_stop()


class Transport(driver.Transport):
    """The transport behind `ledgerkafka://`."""

    Consumer = Consumer
    Fetcher = Fetcher


def register() -> None:
    """Make `ledgerkafka://` known to Faust."""
    TRANSPORTS.aliases[SCHEME] = f"{__name__}:Transport"
