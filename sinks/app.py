"""The sinks' composition root: `python -m sinks postgres|cassandra|redis|all [--partitions 0-3]`.

Owns: the command line, the environment.
Never: logic of a store, or of feeding one.

Exit codes: 0 stopped cleanly, 1 a partition was halted, 2 wrong usage.
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
from sinks.collector import collect_seldom
from sinks.crash import crash_at
from sinks.errors import SettingsError
from sinks.eyes import SinkEyes
from sinks.page import show
from sinks.settings import Settings, log_format_in, partitions_of
from sinks.signals import retried, stop_on_signals
from sinks.stores import STORES, feeding, open_sink
from sinks.traced import traced

EXIT_USAGE: Final = 2
log = logging.getLogger("sinks")


def main(argv: Sequence[str], environ: Mapping[str, str], code: str) -> int:
    """Run the named sinks until SIGTERM or SIGINT; `code` says what runs: native or pure."""
    logging.getLogger("alembic.runtime.plugins").setLevel(logging.WARNING)
    # The driver tells of every attempt to reconnect; the lanes say what matters.
    logging.getLogger("cassandra").setLevel(logging.CRITICAL)
    try:
        log_to_stderr(log_format_in(environ))
        chosen, partitions = _arguments(argv)
        settings = Settings.from_env(environ)
        for store in chosen:
            settings.require(store)
    except SettingsError as error:
        sys.stderr.write(f"sinks: {error}\n")
        return EXIT_USAGE
    log.info("code: %s; settings: %s", code, settings.shown())
    collect_seldom()
    eyes = SinkEyes(time.monotonic)
    try:
        show(settings, eyes)
    except SettingsError as error:
        sys.stderr.write(f"sinks: {error}\n")
        return EXIT_USAGE
    stop = stop_on_signals()
    codes: list[int] = []
    threads = [
        threading.Thread(
            target=lambda name: codes.append(_serve(name, settings, partitions, (stop, eyes))),
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


def _serve(
    store: str,
    settings: Settings,
    partitions: tuple[int, ...] | None,
    shared: tuple[threading.Event, SinkEyes],
) -> int:
    """Run one store's sink; whatever ends it ends the process."""
    stop, eyes = shared
    try:
        crash = crash_at(settings.crash_point)
        sink = retried(lambda: open_sink(store, settings.require(store), crash), stop)
        if sink is None:
            return 0
        try:
            with traced(store, sink, settings.traces) as told:
                runner = feeding(store, settings.kafka, told, stop, partitions)
                eyes.watch(runner)
                return runner.run()
        finally:
            sink.close()
    except SettingsError as error:
        log.critical("%s: %s", store, error)
        return EXIT_USAGE
    finally:
        stop.set()
