"""The worker process: enter the group, host partitions, leave.

Owns: the order of starting and stopping, signals, the status file, the backoff after a fence.
Never: knows a job or a setting by name; the composition root hands in what is needed.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import signal
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from streams.runtime.host.cluster import ClusterAwayError, ClusterUnfitError
from streams.runtime.host.exits import ExitCode, Leave
from streams.runtime.host.faust_app import HostApp, Membership, build_app
from streams.runtime.host.seam import MakeRunner
from streams.runtime.host.status import snapshot
from streams.runtime.metrics import write_status
from streams.runtime.ports import Gauges

LOG = logging.getLogger(__name__)

STATUS_FILE: Final = "status.json"
STATUS_INTERVAL_S: Final = 1.0
FAUST_STOP_S: Final = 2.0  # it owns nothing any more by then
LAST_RESORT_S: Final = 9.5  # a planned stop is over within 10 s, whatever hangs
RETRY_FIRST_S: Final = 0.5
RETRY_LAST_S: Final = 10.0


def unheard(_status: Mapping[str, object]) -> None:
    """Let the status be: nobody asked for it."""


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What the worker needs besides Faust; concrete in the composition root, tiny in tests."""

    check_cluster: Callable[[], int]  # blocking; the topics' partition count, or raises
    make_runner: Callable[[int], MakeRunner]  # called once, with that count
    entry_delay_s: Callable[[], float]
    leave: Leave
    who: Mapping[str, object]
    wall_us: Callable[[], int]
    told: Callable[[Mapping[str, object]], None] = unheard  # the status, once a second
    gauges: Gauges = dict  # what else the status file says, asked each time it is written


def run(member: Membership, around: Surroundings) -> ExitCode:
    """Run a worker until it is told to stop. A worker that is unsure does not return."""
    return asyncio.run(Worker(member, around).serve())


class Worker:
    """One worker process."""

    def __init__(self, member: Membership, around: Surroundings) -> None:
        self._member: Final = member
        self._around: Final = around
        self._told: Final = asyncio.Event()

    async def serve(self) -> ExitCode:
        """Wait out a backoff, check the cluster, then host until SIGTERM or SIGINT."""
        loop = asyncio.get_running_loop()
        for name in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(name, self._told.set)
        self._member.folder.mkdir(parents=True, exist_ok=True)
        try:
            partitions = await self._enter()
        except ClusterUnfitError as error:
            LOG.critical("the cluster is not fit for this job: %s", error)
            return ExitCode.CLUSTER
        if partitions is not None:
            make_runner = self._around.make_runner(partitions)
            await self._host(build_app(self._member, make_runner, self._around.leave))
        return ExitCode.CLEAN

    async def _enter(self) -> int | None:
        """Wait until we may join, owning nothing; the partition count, or None if told to stop."""
        delay_s = self._around.entry_delay_s()
        if delay_s > 0:
            LOG.warning("ended repeatedly; entering the group in %.1f s", delay_s)
            await self._pause(delay_s)
        retry_s = RETRY_FIRST_S
        while not self._told.is_set():
            try:
                count = await asyncio.to_thread(self._around.check_cluster)
            except ClusterAwayError as error:
                LOG.error("%s; trying again in %.1f s", error, retry_s)  # noqa: TRY400 - no trace needed
                await self._pause(retry_s)
                retry_s = min(retry_s * 2, RETRY_LAST_S)
            else:
                LOG.info("cluster is fit: %d partitions per topic", count)
                return None if self._told.is_set() else count
        return None

    async def _host(self, app: HostApp) -> None:
        """Host until told to stop; an exception inside Faust ends the process at once."""
        starting = asyncio.ensure_future(app.start())
        told = asyncio.ensure_future(self._told.wait())
        crashed = asyncio.ensure_future(self._watch(app, starting))
        status = asyncio.ensure_future(self._report(app))
        await asyncio.wait((told, crashed), return_when=asyncio.FIRST_COMPLETED)
        if not told.done():
            reason = app.crash_reason or (starting.done() and starting.exception())
            self._around.leave(ExitCode.HOST_CRASHED, f"Faust ended: {reason!r}")
        await self._stop(app)
        tasks = (starting, crashed, status)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        self._write_status(app)

    async def _watch(self, app: HostApp, starting: asyncio.Future[None]) -> None:
        """Return when the app crashed or could not start."""
        crashed = asyncio.ensure_future(app._crashed.wait())
        ends: tuple[asyncio.Future[Any], ...] = (starting, crashed)
        await asyncio.wait(ends, return_when=asyncio.FIRST_COMPLETED)
        if starting.done() and starting.exception() is None:
            await crashed

    async def _stop(self, app: HostApp) -> None:
        """Barrier, LeaveGroup, then Faust's own stop: the successor need not wait for the last."""
        began = time.monotonic()
        self._last_resort().start()
        await asyncio.to_thread(app.hosting.stop)
        LOG.info("partitions closed after %.2f s", time.monotonic() - began)
        await app.hosting.leave_group()
        LOG.info("group left after %.2f s", time.monotonic() - began)
        self._write_status(app)
        try:
            async with asyncio.timeout(FAUST_STOP_S):
                await app.stop()
        except TimeoutError:  # its client waits for a broker that is away
            self._around.leave(ExitCode.CLEAN, "partitions are closed, Faust takes too long")
        LOG.info("stopped after %.2f s", time.monotonic() - began)

    def _last_resort(self) -> threading.Timer:
        """End the process when Faust or a client hangs; by then the barrier has done its part."""
        timer = threading.Timer(
            LAST_RESORT_S, self._around.leave, (ExitCode.CLEAN, "the stop took too long")
        )
        timer.daemon = True
        return timer

    async def _report(self, app: HostApp) -> None:
        while True:
            self._write_status(app)
            app.hosting.lanes.look()
            await asyncio.sleep(STATUS_INTERVAL_S)

    def _write_status(self, app: HostApp) -> None:
        around = self._around
        who = {**around.who, **around.gauges()}
        status = snapshot(app.hosting.lanes, who, around.wall_us(), app.hosting.fetching.ends)
        around.told(status)
        try:
            write_status(self._member.folder / STATUS_FILE, status)
        except OSError as error:  # a full disk must not end the worker from here
            LOG.error("status not written: %s", error)  # noqa: TRY400

    async def _pause(self, seconds: float) -> None:
        """Wait, but not longer than until told to stop."""
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self._told.wait(), seconds)
