"""The sinks' composition root: `python -m sinks postgres|cassandra|redis|all [--partitions 0-3]`.

Owns: the command line, the environment, signals; the only place where runner and stores meet.
Never: logic of a store.

Exit codes: 0 stopped cleanly, 1 a partition was halted, 2 wrong usage.
"""

from __future__ import annotations

import argparse
import logging
import os
import signal
import sys
import threading
from collections.abc import Callable, Sequence
from functools import partial
from typing import Final

from schemas.codec import decode
from schemas.messages.decisions import Decision
from sinks.backoff import wait_s
from sinks.batch import Sink
from sinks.crash import CrashPoint, crash_at
from sinks.errors import SettingsError, StoreAway
from sinks.lane import Lane, Limits
from sinks.runner import Runner
from sinks.settings import Settings, host_and_port, partitions_of
from sinks.source import KafkaSource
from topics.catalog import EVENTS

EXIT_USAGE: Final = 2
STORES: Final = ("postgres", "cassandra", "redis")
LIMITS: Final = {
    "postgres": Limits(),
    # Rows of one wallet and month travel together: a longer wait means fewer, fuller batches.
    "cassandra": Limits(batch_decisions=8_000, linger_s=0.25),
    "redis": Limits(linger_s=0.05),
}

log = logging.getLogger("sinks")


def main(argv: Sequence[str]) -> int:
    """Run the named sinks until SIGTERM or SIGINT."""
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s %(message)s")
    logging.getLogger("alembic.runtime.plugins").setLevel(logging.WARNING)
    # The driver tells of every attempt to reconnect; the lanes say what matters.
    logging.getLogger("cassandra").setLevel(logging.CRITICAL)
    try:
        chosen, partitions = _arguments(argv)
        settings = Settings.from_env(os.environ)
        for store in chosen:
            settings.require(store)
    except SettingsError as error:
        sys.stderr.write(f"sinks: {error}\n")
        return EXIT_USAGE
    log.info("settings: %s", settings.shown())
    stop = _stop_on_signals()
    codes: list[int] = []
    threads = [
        threading.Thread(
            target=lambda name: codes.append(_serve(name, settings, partitions, stop)),
            args=(store,),
            name=store,
        )
        for store in chosen
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return max(codes, default=1) if len(codes) == len(threads) else 1


def _arguments(argv: Sequence[str]) -> tuple[tuple[str, ...], tuple[int, ...] | None]:
    parser = argparse.ArgumentParser(prog="python -m sinks", description="Feed a store.")
    parser.add_argument("store", choices=[*STORES, "all"])
    parser.add_argument("--partitions", help="such as 0-3,7; all when not given")
    given = parser.parse_args(argv)
    chosen = STORES if given.store == "all" else (given.store,)
    return chosen, None if given.partitions is None else partitions_of(given.partitions)


def _stop_on_signals() -> threading.Event:
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    return stop


def _serve(
    store: str, settings: Settings, partitions: tuple[int, ...] | None, stop: threading.Event
) -> int:
    """Run one store's sink; whatever ends it ends the process."""
    try:
        crash = crash_at(settings.crash_point)
        sink = _retried(lambda: OPENERS[store](settings.require(store), crash), stop)
        if sink is None:
            return 0
        try:
            return Runner(
                store,
                KafkaSource(settings.kafka, EVENTS.name),
                lambda number, topic_id: Lane(
                    number, topic_id, sink, partial(decode, Decision), LIMITS[store], stop
                ),
                stop,
                partitions,
            ).run()
        finally:
            sink.close()
    except SettingsError as error:
        log.critical("%s: %s", store, error)
        return EXIT_USAGE
    finally:
        stop.set()


def _retried(act: Callable[[], Sink], stop: threading.Event) -> Sink | None:
    attempt = 0
    while not stop.is_set():
        try:
            return act()
        except StoreAway as away:
            attempt += 1
            log.warning("attempt %d: %s", attempt, away)
        stop.wait(wait_s(attempt, "open"))
    return None


# A process that feeds one store needs that store's driver only.
def _open_postgres(place: str, crash: CrashPoint) -> Sink:
    from sinks.postgres.migrate import migrate  # noqa: PLC0415 - see above
    from sinks.postgres.sink import PostgresSink  # noqa: PLC0415

    migrate(place)
    return PostgresSink(place, crash)


def _open_cassandra(place: str, crash: CrashPoint) -> Sink:
    from sinks.cassandra.session import open_session  # noqa: PLC0415 - see above
    from sinks.cassandra.sink import CassandraSink  # noqa: PLC0415

    return CassandraSink(open_session(*host_and_port(place)), crash)


def _open_redis(place: str, crash: CrashPoint) -> Sink:
    from sinks.redis.sink import RedisSink  # noqa: PLC0415 - see above

    return RedisSink(place, crash)


OPENERS: Final = {
    "postgres": _open_postgres,
    "cassandra": _open_cassandra,
    "redis": _open_redis,
}

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
