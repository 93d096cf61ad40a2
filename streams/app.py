"""The composition root of the stream workers: `python -m streams --job wallet`.

Owns: the command line, the jobs that can be named, and how job, runtime and host are put together.
Never: logic of a job or of the runtime.

A worker that must not go on ends with one of the codes of `streams/runtime/host/exits.py`.
"""

from __future__ import annotations

import argparse
import contextlib
import logging
import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, NoReturn

from eyes.logs import read_format
from eyes.server import EyesServer
from eyes.spans import SpanQueue, spans_to
from streams.automation.job import AutomationJob, automation_job
from streams.eyes import WorkerEyes
from streams.publish.job import PublishJob, publish_job
from streams.publish.traced import TracedPublish
from streams.reconciliation.internal.facts_job import FactsJob, facts_job
from streams.reconciliation.internal.match_job import MatchJob, match_job
from streams.reconciliation.stores.job import StoresJob, stores_job
from streams.risk.job import RiskJob, risk_job
from streams.runtime.assembly import Assembly, RuntimeSettings
from streams.runtime.crashpoints import VARIABLE as CRASH_POINT
from streams.runtime.errors import StoreLockedError
from streams.runtime.host.cluster import check_cluster
from streams.runtime.host.collector import Collector
from streams.runtime.host.exits import UNSURE, ExitCode, leave
from streams.runtime.host.faust_app import Membership
from streams.runtime.host.fences import FenceTimes
from streams.runtime.host.logs import log_to_stderr
from streams.runtime.host.seam import MakeRunner
from streams.runtime.host.state_lock import lock_state
from streams.runtime.host.worker import Surroundings, run
from streams.runtime.job import Job
from streams.runtime.ports import Gauges
from streams.runtime.traced import Trails
from streams.scheduler.job import SchedulerJob, scheduler_job
from streams.settings import Settings, SettingsError
from streams.settlement.job import SettlementJob, settlement_job
from streams.wallet.job import WalletJob
from streams.wallet.traced import TracedWallet
from topics.catalog import (
    AUTOMATION_LOG,
    FACTS_LOG,
    MATCH_LOG,
    PUBLISH_LOG,
    RISK_LOG,
    SCHEDULER_LOG,
    SETTLEMENT_LOG,
    STORES_LOG,
)
from topics.topic import Topic

LOG = logging.getLogger("streams")
MICROS: Final = 1_000_000


@dataclass(frozen=True, slots=True)
class Offer:
    """A job that can be named on the command line. Its topics are known before its partitions."""

    inputs: tuple[Topic, ...]
    others: tuple[Topic, ...]
    make: Callable[[Settings, int], Job]
    # The same job, which carries traces on; None: what it sends is no part of what caused it.
    traced: Callable[[Settings, int, Trails], Job] | None = None


JOBS: Final[Mapping[str, Offer]] = {
    "wallet": Offer(
        WalletJob.inputs,
        (WalletJob.log, *WalletJob.outputs),
        lambda settings, partitions: WalletJob(settings.ledger_id, partitions),
        lambda settings, partitions, trails: TracedWallet(
            WalletJob(settings.ledger_id, partitions), trails
        ),
    ),
    "settlement": Offer(
        SettlementJob.inputs,
        (SETTLEMENT_LOG, *SettlementJob.outputs),
        lambda _settings, _partitions: settlement_job(),
    ),
    "scheduler": Offer(
        SchedulerJob.inputs,
        (SCHEDULER_LOG, *SchedulerJob.outputs),
        lambda _settings, _partitions: scheduler_job(),
    ),
    "automation": Offer(
        AutomationJob.inputs,
        (AUTOMATION_LOG, *AutomationJob.outputs),
        lambda _settings, partitions: automation_job(partitions),
    ),
    "facts": Offer(
        FactsJob.inputs,
        (FACTS_LOG, *FactsJob.outputs),
        lambda _settings, partitions: facts_job(partitions),
    ),
    "match": Offer(
        MatchJob.inputs,
        (MATCH_LOG, *MatchJob.outputs),
        lambda _settings, partitions: match_job(partitions),
    ),
    "publish": Offer(
        PublishJob.inputs,
        (PUBLISH_LOG, *PublishJob.outputs),
        lambda _settings, _partitions: publish_job(),
        lambda _settings, _partitions, trails: publish_job(TracedPublish(trails)),
    ),
    "stores": Offer(
        StoresJob.inputs,
        (STORES_LOG, *StoresJob.outputs),
        lambda _settings, _partitions: stores_job(),
    ),
    "risk": Offer(
        RiskJob.inputs,
        (RISK_LOG, *RiskJob.outputs),
        lambda _settings, partitions: risk_job(partitions),
    ),
}


def main(argv: Sequence[str], environ: Mapping[str, str], code: str = "pure") -> int:
    """Run one worker until SIGTERM or SIGINT; `code` says which build of the core it is."""
    try:
        log_to_stderr(read_format(environ.get("LEDGER_LOG_FORMAT", "")))
    except ValueError as error:
        log_to_stderr()
        LOG.critical("%s", error)
        return ExitCode.SETTINGS
    chosen = _arguments(argv)
    LOG.info("job %s, code %s", chosen, code)
    collector = Collector()
    collector.start()
    try:
        settings = Settings.from_env(environ)
        LOG.info("settings %s", settings.shown())
        return traced(chosen, JOBS[chosen], settings, collector.gauges)
    except SettingsError as error:
        LOG.critical("%s", error)
        return ExitCode.SETTINGS
    except StoreLockedError as error:
        LOG.critical("%s", error)
        return ExitCode.STATE_LOCKED


def traced(name: str, offer: Offer, settings: Settings, gauges: Gauges) -> ExitCode:
    """Run a worker; what it tells of traced records is sent for a moment longer than it runs."""
    collector = settings.traces if offer.traced is not None else ""
    try:
        spans = spans_to(collector, f"ledger-{name}", settings.worker)
    except ValueError as error:
        raise SettingsError(str(error)) from error
    try:
        return serve(name, offer, settings, gauges, spans)
    finally:
        if spans is not None:
            spans.close()


def serve(
    name: str, offer: Offer, settings: Settings, gauges: Gauges, spans: SpanQueue | None = None
) -> ExitCode:
    """Put a worker together and run it."""
    lock_state(settings.folder)
    assembly = _assembly(settings)
    clock = assembly.clock
    trails = None if spans is None else Trails(spans, clock.wall_us)
    fences = FenceTimes(
        settings.folder / name / "fence-times.json", lambda: clock.wall_us() / MICROS
    )

    def leave_noted(code: ExitCode, reason: str) -> NoReturn:
        if code in UNSURE:
            with contextlib.suppress(OSError):  # a full disk must not keep the worker alive
                fences.record()
        leave(code, reason)

    def make_runner(partitions: int) -> MakeRunner:
        if trails is None or offer.traced is None:
            job = offer.make(settings, partitions)
        else:
            job = offer.traced(settings, partitions, trails)
        return lambda partition, host: assembly.runner(job, partition, host, trails)

    eyes = _eyes(settings, WorkerEyes(name, clock.monotonic))
    inputs = [topic.name for topic in offer.inputs]
    return run(
        Membership(
            kafka=settings.kafka,
            group=f"{settings.env}-{name}",
            worker=settings.worker,
            session_timeout_s=settings.session_timeout_s,
            inputs=inputs,
            folder=settings.folder,
            traced=trails is not None,
        ),
        Surroundings(
            check_cluster=lambda: check_cluster(settings.kafka, (*offer.inputs, *offer.others)),
            make_runner=make_runner,
            entry_delay_s=fences.delay_s,
            leave=leave_noted,
            who={"worker": settings.worker, "job": name, "env": settings.env, "pid": os.getpid()},
            wall_us=clock.wall_us,
            told=eyes.told,
            gauges=gauges,
        ),
    )


def _eyes(settings: Settings, eyes: WorkerEyes) -> WorkerEyes:
    """Open the page of metrics where one is wanted."""
    if settings.metrics is None:
        return eyes
    try:
        EyesServer(settings.metrics, eyes).start()
    except OSError as error:
        raise SettingsError(f"LEDGER_METRICS: {settings.metrics}: {error}") from error
    return eyes


def _assembly(settings: Settings) -> Assembly:
    """Build what the partitions of this process share, with its watchdog running."""
    where = RuntimeSettings(
        settings.kafka,
        settings.env,
        settings.worker,
        settings.state_dir,
        settings.snapshots,
        settings.snapshot_records,
    )
    try:
        assembly = Assembly(
            where,
            lambda what: leave(ExitCode.STUCK, what),
            {CRASH_POINT: settings.crash_point},
        )
    except ValueError as error:
        raise SettingsError(str(error)) from error
    assembly.watchdog.start()
    return assembly


def _arguments(argv: Sequence[str]) -> str:
    parser = argparse.ArgumentParser(prog="python -m streams", description="Run a stream worker.")
    parser.add_argument("--job", choices=sorted(JOBS), default="wallet")
    chosen: str = parser.parse_args(argv).job
    return chosen
