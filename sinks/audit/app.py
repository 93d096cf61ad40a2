"""The auditors' composition root: `python -m sinks audit postgres [--partitions 0-3]`.

Owns: the command line, the environment, signals.
Never: logic of a store, or of auditing one.

Exit codes: 0 stopped cleanly, 2 wrong usage.
"""

from __future__ import annotations

import argparse
import logging
import sys
import threading
import time
from collections.abc import Mapping, Sequence
from typing import Final

from eyes.logs import log_to_stderr
from schemas.access.cassandra import Place
from schemas.access.kafka import Servers
from sinks.audit.auditor import Auditor
from sinks.audit.eyes import AuditEyes
from sinks.audit.kafka import KafkaChannel, KafkaLog
from sinks.audit.rounds import ROWS_PER_S, TAIL_EVERY_S, Rounds
from sinks.audit.store import Audited
from sinks.clock import wall_us
from sinks.errors import SettingsError
from sinks.page import show
from sinks.settings import Settings, log_format_in, partitions_of
from sinks.signals import retried, stop_on_signals
from sinks.source import KafkaSource
from topics.catalog import EVENTS

AUDITED: Final = ("postgres", "cassandra", "redis")
EXIT_USAGE: Final = 2
log = logging.getLogger("audit")


def main(argv: Sequence[str], environ: Mapping[str, str]) -> int:
    """Audit one store until SIGTERM or SIGINT."""
    given = _arguments(argv)
    eyes = AuditEyes(given.store, time.monotonic)
    try:
        log_to_stderr(log_format_in(environ))
        wanted = None if given.partitions is None else partitions_of(given.partitions)
        settings = Settings.from_env(environ)
        place = settings.require(given.store)
        show(settings, eyes)
    except SettingsError as error:
        sys.stderr.write(f"audit: {error}\n")
        return EXIT_USAGE
    log.info("settings: %s", settings.shown())
    stop = stop_on_signals()
    partitions = _partitions(settings.kafka, wanted, stop)
    channel, reader = KafkaChannel(settings.kafka, partitions), KafkaLog(settings.kafka)
    audited = retried(lambda: _open(given.store, place, reader, stop), stop)
    if audited is None:
        return 0
    rounds = Rounds(partitions, given.tail_every_s, given.rows_per_s)
    auditor = Auditor(audited, (channel, reader), rounds, time.monotonic, stop)
    eyes.watch(auditor)
    try:
        auditor.run()
    finally:
        for each in (channel, reader, audited):
            each.close()
    return 0


def _arguments(argv: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m sinks audit", description="Audit a store.")
    parser.add_argument("store", choices=AUDITED)
    parser.add_argument("--partitions", help="such as 0-3,7; all when not given")
    parser.add_argument(
        "--rows-per-s", type=float, default=ROWS_PER_S, help="pace of the sweep over all buckets"
    )
    parser.add_argument(
        "--tail-every-s", type=float, default=TAIL_EVERY_S, help="how fresh a moving tail is read"
    )
    return parser.parse_args(argv)


def _partitions(
    kafka: Servers, wanted: Sequence[int] | None, stop: threading.Event
) -> Sequence[int]:
    """Ask the broker until it answers; nothing when told to stop before."""
    source = KafkaSource(kafka, EVENTS.name)
    try:
        described = retried(source.describe, stop)
    finally:
        source.close()
    if described is None:
        return ()
    return range(described[0]) if wanted is None else wanted


def _open(store: str, place: Place, log_end: KafkaLog, stop: threading.Event) -> Audited:
    """Return a store; its driver is imported for nobody else."""
    if store == "redis":
        from sinks.redis.audited import RedisAudited  # noqa: PLC0415 - see above

        return RedisAudited(str(place), log_end, stop.wait)
    if store == "cassandra":
        from sinks.cassandra.audited import CassandraAudited  # noqa: PLC0415
        from sinks.cassandra.session import open_session  # noqa: PLC0415

        return CassandraAudited(open_session(place), log_end, wall_us)
    from sinks.postgres.audited import PostgresAudited  # noqa: PLC0415

    return PostgresAudited(str(place))
