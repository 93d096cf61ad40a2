"""Runner: one store fed from all its partitions, for ever.

Owns: the polling loop, one thread per partition, pausing and resuming, the halt of a partition.
Never: decodes, knows a store, or skips a record.

A partition whose lane raises is halted, loudly, and its neighbours go on. A partition whose lane is
full is paused while polling continues, so that a slow store never costs more memory than the
queues' bounds.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Mapping, Sequence
from typing import Final, final

from sinks.backoff import wait_s
from sinks.errors import BrokerAway, SettingsError
from sinks.lane import Lane, Stopped
from sinks.source import Source

# What came meanwhile is handed on together: every hand-over wakes a lane.
POLL_S: Final = 0.05
REPORT_EVERY_POLLS: Final = 200
ENDS_EVERY_POLLS: Final = 20  # what the client knows; asks nobody

log = logging.getLogger(__name__)

MakeLane = Callable[[int, str], Lane]  # partition, topic id


@final
class Runner:
    """Feeds one store until told to stop."""

    def __init__(
        self,
        name: str,
        source: Source,
        make_lane: MakeLane,
        stop: threading.Event,
        partitions: Sequence[int] | None = None,
    ) -> None:
        self.name: Final = name
        self.lanes: dict[int, Lane] = {}
        self._source: Final = source
        self._make_lane: Final = make_lane
        self._stop: Final = stop
        self._wanted: Final = partitions
        self._paused: set[int] = set()
        self._reported = 0
        self._heard = ""
        self.ends: dict[int, int] = {}  # of the log, by partition, as last heard
        self.turns = 0

    @property
    def halted(self) -> dict[int, str]:
        """Return why each halted partition is halted."""
        return {lane.partition: lane.halted for lane in self.lanes.values() if lane.halted}

    def run(self) -> int:
        """Work until told to stop; 0 when no partition was halted, else 1."""
        threads: list[threading.Thread] = []
        try:
            self._open()
            self._source.assign(self._locate())
            threads = [self._thread(lane) for lane in self.lanes.values() if not lane.halted]
            self._poll()
        except Stopped:
            log.info("%s: stopped before the store answered", self.name)
        finally:
            self._stop.set()
            for thread in threads:
                thread.join()
            self._source.close()
        return 1 if self.halted else 0

    def _open(self) -> None:
        count, topic_id = self._described()
        wanted = range(count) if self._wanted is None else self._wanted
        beyond = [number for number in wanted if number >= count]
        if beyond:
            raise SettingsError(f"partition {beyond[0]} asked for, the topic has {count}")
        self.lanes = {number: self._make_lane(number, topic_id) for number in wanted}
        log.info("%s: %d partitions of topic id %s", self.name, len(self.lanes), topic_id)

    def _described(self) -> tuple[int, str]:
        attempt = 0
        while True:
            try:
                return self._source.describe()
            except BrokerAway as away:
                attempt += 1
                log.warning("%s: attempt %d: %s", self.name, attempt, away)
            if self._stop.wait(wait_s(attempt, self.name)):
                raise Stopped

    def _locate(self) -> dict[int, int]:
        offsets: dict[int, int] = {}
        for lane in self.lanes.values():
            try:
                offsets[lane.partition] = lane.locate()
            except Stopped:
                raise
            except Exception as bug:
                self._halt(lane, bug)
        return offsets

    def _thread(self, lane: Lane) -> threading.Thread:
        def work() -> None:
            try:
                lane.run()
            except Stopped:
                pass
            except Exception as bug:
                self._halt(lane, bug)

        thread = threading.Thread(target=work, name=f"{self.name}-{lane.partition}")
        thread.start()
        return thread

    def _halt(self, lane: Lane, bug: Exception) -> None:
        """Stop one partition: an event we wrote cannot be poison, so this is our own bug."""
        lane.halt(f"{type(bug).__name__}: {bug}")
        log.critical("%s: partition %d HALTED", self.name, lane.partition, exc_info=bug)

    def _poll(self) -> None:
        while not self._stop.is_set():
            self._steer()
            records, lost = self._source.poll(POLL_S)
            for partition, found in records.items():
                self.lanes[partition].offer(found)
            self._hear(lost)
            self.turns += 1
            if self.turns % ENDS_EVERY_POLLS == 0:
                self.ends = {number: self._source.end(number) for number in self.lanes}
            if self.turns % REPORT_EVERY_POLLS == 0:
                self._report()

    def _hear(self, lost: Mapping[int, str]) -> None:
        """Halt what cannot be read on; repeat what the client complains of, each thing once."""
        for partition, why in lost.items():
            lane = self.lanes[partition]
            if not lane.halted:
                lane.halt(why)
                log.critical("%s: partition %d HALTED: %s", self.name, partition, why)
        said = self._source.complaint()
        if said and said != self._heard:
            self._heard = said
            log.warning("%s: broker: %s", self.name, said)

    def _steer(self) -> None:
        """Carry out what the lanes ask for: rewinds, pauses, resumes."""
        for partition, lane in self.lanes.items():
            offset = lane.rewind_to()
            if offset is not None and self._source.seek(partition, offset):
                lane.rewound()
            if partition not in self._paused and lane.crowded:
                self._source.pause(partition)
                self._paused.add(partition)
            elif partition in self._paused and lane.roomy:
                self._source.resume(partition)
                self._paused.discard(partition)

    def _report(self) -> None:
        written = sum(lane.written for lane in self.lanes.values())
        if written != self._reported:
            self._reported = written
            log.info("%s: %d Decisions written, %d paused", self.name, written, len(self._paused))
        for partition, why in self.halted.items():
            log.critical("%s: partition %d is halted: %s", self.name, partition, why)
