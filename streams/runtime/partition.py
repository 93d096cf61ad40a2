"""The engine of one partition: recover, decide, commit, store; or halt, or end the process.

Owns: the life of one assignment of one partition, and the public face to the host.
Never: starts a thread, or reaches broker, store and clock other than through `ports.py`.

    recovering -> running -> recovering   the producer was lost, the generation is confirmed
                          -> halted       a bug or a record that cannot be: waits for a release
                          -> closed       revoked
    anything unsure leaves `begin` as an exception: the process must end
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from functools import partial
from typing import Final, final

from streams.runtime.errors import (
    AbortRequiredError,
    BrokerAwayError,
    GenerationLostError,
    HaltError,
    JobBugError,
    ProducerLostError,
)
from streams.runtime.group import OpenGroup
from streams.runtime.halt import describe, guarded
from streams.runtime.job import Job
from streams.runtime.limits import LIMITS, Limits
from streams.runtime.mailbox import Mailbox
from streams.runtime.metrics import Meter
from streams.runtime.pipeline import Pipeline
from streams.runtime.ports import HandOver, Ports, Store, Ticket
from streams.runtime.recovery import Recovered, Recovery, RevokedError, warmed

LOG = logging.getLogger(__name__)

CONFIRM_EVERY_S: Final = 0.05
# While the broker is away nobody can confirm; a rebalance ends the wait if we lost the partition.
FOR_EVER: Final = float("inf")


@final
class PartitionRunner:
    """One assignment of one partition; make a new one for the next. The host drives it like this.

    - a thread of its own per partition: `begin(epoch, generation)`. Fences, recovers, calls
      `host.ready`, then works until revoked; a broker that is away, or a halt, is waited for.
    - the fetching thread: `has_room(topic)`, then `offer(hand_over)`. Neither blocks. Offer every
      hand-over in the order fetched, also one without records whose position moved.
    - rebalance or stop: `revoke(deadline_s)` from any other thread. Finishes the transaction under
      way, closes the store; False = not in time, and the process must end. `request_revoke()` is
      the part that does not wait: call it for all partitions first.

    A simulation calls `start`, then `turn` again and again, then `close`, all in one thread.
    """

    def __init__(self, job: Job, partition: int, ports: Ports, limits: Limits = LIMITS) -> None:
        self.partition: Final = partition
        self._job: Final = job
        self._ports: Final = ports
        self._limits: Final = limits
        self._topics: Final = tuple(topic.name for topic in job.inputs)
        self._mailbox: Final = Mailbox(self._topics, limits.pending_hand_overs)
        self._meter: Final = Meter(ports.clock, ports.gauges)
        self._closed: Final = threading.Event()
        self._revoked = False
        self._enter("new", self._turn_recovering)
        self._epoch = self._generation = -1
        self._recoveries = self._room_told = 0
        self._store: Store | None = None
        self._running: tuple[Recovered, OpenGroup, Pipeline] | None = None
        self._retry_s = limits.retry_first_s
        self._wait_until = self._error_at = self._confirm_until = 0.0
        self._confirmed: Callable[[], None] = self._drop
        self._trouble = ""
        self._bug: object = ""  # the record that the last bug was about

    def begin(self, epoch: int, generation: int) -> None:
        """Own the partition until revoked. Blocks."""
        try:
            self.start(epoch, generation)
            while not self._revoked:
                self._mailbox.wait(self.turn())
        finally:
            self.close()

    def has_room(self, topic: str) -> bool:
        """Say whether a hand-over of this topic may be offered now."""
        return self._mailbox.has_room(topic)

    def offer(self, hand_over: HandOver) -> None:
        """Queue a hand-over."""
        self._mailbox.offer(hand_over)

    def request_revoke(self) -> None:
        """Ask `begin` to come to an end."""
        self._revoked = True
        self._mailbox.wake()

    def revoke(self, deadline_s: float) -> bool:
        """Ask, and wait at most `deadline_s` seconds; False = the process must end."""
        self.request_revoke()
        return self._closed.wait(deadline_s)

    def status(self) -> dict[str, object]:
        """Say how the partition is: state, positions, counters, times by stop, halt."""
        running = self._running
        return {
            "job": self._job.name,
            "partition": self.partition,
            "state": self._name,
            "epoch": self._epoch,
            "generation": self._generation,
            "positions": {} if running is None else running[1].positions(),
            "waiting": self._mailbox.waiting(),
            "dropped_hand_overs": self._mailbox.dropped,
            "trouble": self._trouble,
            "halt": dict(self._ports.halt_file.read()) if self._name == "halted" else None,
            **self._meter.report(),
        }

    def start(self, epoch: int, generation: int) -> None:
        """Open the store; the first `turn` recovers."""
        self._epoch, self._generation = epoch, generation
        self._meter.start()
        self._store = self._ports.open_store()
        self._enter("recovering", self._turn_recovering)
        if self._ports.halt_file.exists():
            self._enter("halted", self._turn_halted)

    def turn(self) -> float:
        """Do what can be done now; return for how long nothing more is to be done."""
        try:
            return self._state()
        except RevokedError:
            self._revoked = True
        except BrokerAwayError as error:
            return self._retry(error)
        except ProducerLostError as error:
            self._lost(error)
        except HaltError as error:
            self._halt(error)
        return 0.0

    def close(self) -> None:
        """Drop what is undecided, close the store; idempotent."""
        self._mailbox.shut()
        self._running = None
        self._ports.transactions.drop()
        self._ports.attempts.close()
        try:
            if self._store is not None:
                self._store.close()
        finally:
            self._store, self._name = None, "closed"
            self._closed.set()

    def _enter(self, name: str, state: Callable[[], float]) -> None:
        self._name, self._state = name, state

    def _turn_recovering(self) -> float:
        assert self._store is not None
        self._meter.lap("other")
        if self._recoveries == 0:
            self._store = warmed(self._store, self._ports, self._job.log.name)
        recovery = Recovery(self._job, self.partition, self._ports, self._limits, self._meter)
        self._open(recovery.run(self._store, self._wanted))
        return 0.0

    def _open(self, recovered: Recovered) -> None:
        """Recovered: take inputs from its positions on."""
        ports, limits = self._ports, self._limits
        group = OpenGroup(recovered.job, self._mailbox, recovered.positions, ports, limits)
        log = self._job.log.name, recovered.log_topic_id
        self._running = recovered, group, Pipeline(recovered.overlay, log, ports, self._meter)
        self._retry_s, self._trouble = limits.retry_first_s, ""
        self._recoveries += 1
        ticket = Ticket(self._epoch, self._recoveries)
        self._mailbox.reopen(ticket, recovered.positions)
        self._enter("running", self._turn_running)
        LOG.info("partition %d: recovered, %s from %s", self.partition, ticket, recovered.positions)
        ports.host.ready(self.partition, ticket, recovered.positions)

    def _turn_running(self) -> float:
        assert self._running is not None
        recovered, group, pipeline = self._running
        self._meter.turn()
        self._decide(group)
        self._meter.lap("step")
        wait = group.wait_s(pipeline.took_s)
        if wait is None:
            return self._limits.idle_s
        if wait == 0.0:
            wait = pipeline.pause_s(self._limits.commit_gap_s)
        if wait > 0.0:
            return wait
        positions = group.positions()
        sealed = guarded(lambda: recovered.job.seal(group.outcomes, positions), "seal")
        self._meter.lap("seal")
        pipeline.commit(sealed, positions)
        self._meter.records += group.records
        group.restart()
        return 0.0

    def _decide(self, group: OpenGroup) -> None:
        """Decide what has arrived, or timers when nothing has."""
        attempts = self._ports.attempts
        attempts.opening(group.positions())
        try:
            guarded(group.collect, "step")
            if not group.outcomes:
                guarded(group.fire_idle, "timer")
        finally:
            attempts.closed()
        if self._mailbox.taken != self._room_told:
            self._room_told = self._mailbox.taken
            self._ports.host.room(self.partition)

    def _turn_confirming(self) -> float:
        """A new producer only as a confirmed member: a woken zombie must not fence the owner."""
        left = self._wait_until - self._ports.clock.monotonic()
        if left > 0:
            return left
        if self._ports.host.generation_confirmed(self._epoch, self._error_at):
            self._confirmed()
            return 0.0
        if self._ports.clock.monotonic() > self._confirm_until:
            raise GenerationLostError(
                f"partition {self.partition}: {self._trouble}; no heartbeat confirmed generation "
                f"{self._generation} within {self._limits.confirm_s:.0f} s"
            )
        return CONFIRM_EVERY_S

    def _turn_halted(self) -> float:
        if self._ports.halt_file.exists():
            return self._limits.release_poll_s
        LOG.warning("partition %d: released", self.partition)
        self._ports.attempts.reset()
        self._confirm("released from a halt", self._limits.confirm_s)
        return 0.0

    def _wanted(self) -> bool:
        return not self._revoked and self._ports.host.holds(self.partition, self._epoch)

    def _retry(self, error: BrokerAwayError) -> float:
        """Nothing was harmed: the same again later, for ever."""
        LOG.warning("partition %d: %s; again in %.1f s", self.partition, error, self._retry_s)
        wait, self._retry_s = self._retry_s, min(self._retry_s * 2, self._limits.retry_last_s)
        self._drop()
        self._confirm(str(error), wait_s=FOR_EVER)
        self._wait_until = self._error_at + wait
        return wait

    def _lost(self, error: ProducerLostError) -> None:
        LOG.warning("partition %d: %s: %s", self.partition, type(error).__name__, error)
        if isinstance(error, AbortRequiredError):
            # A courtesy that frees waiting readers early; the next fencing aborts in any case.
            try:
                self._ports.transactions.abort()
            except ProducerLostError as second:
                LOG.warning("partition %d: abort: %s", self.partition, second)
        self._drop()
        self._confirm(f"{type(error).__name__}: {error}", self._limits.confirm_s)

    def _confirm(self, trouble: str, wait_s: float, then: Callable[[], None] | None = None) -> None:
        self._confirmed = then or partial(self._enter, "recovering", self._turn_recovering)
        self._trouble, self._error_at = trouble, self._ports.clock.monotonic()
        self._confirm_until = self._error_at + wait_s
        self._enter("confirming", self._turn_confirming)

    def _drop(self) -> None:
        """The open group and the producer are gone; the log decides what they were."""
        self._mailbox.shut()
        self._meter.aborted += bool(self._running and self._running[1].outcomes)
        self._running = None
        self._ports.transactions.drop()

    def _halt(self, error: HaltError) -> None:
        """Halt as a confirmed member only: a woken zombie decides on rows of the past.

        Kafka confirms anybody while it loads a group, so a bug must come again after a recovery.
        """
        running, bug = self._running, isinstance(error, JobBugError)
        record = None if running is None else running[1].record
        described = describe(error, record, self._ports.clock.wall_us())
        again = running is None or not bug or self._bug == described["record"]
        verb = "halts" if again else "decides again"
        LOG.critical("partition %d %s: %s", self.partition, verb, described, exc_info=error)

        def halt() -> None:
            self._ports.halt_file.write({"partition": self.partition, **described})
            self._enter("halted", self._turn_halted)

        self._bug = described["record"]
        self._drop()
        self._confirm(str(error), self._limits.confirm_s, halt if again else None)
        self._turn_confirming()
