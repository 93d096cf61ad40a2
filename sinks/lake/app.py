"""The composition root of the lake: `python -m sinks lake [--tables postings] [--every-s 60]`.

Owns: the command line, the environment, one thread a table.
Never: logic of reading or of writing.

Exit codes: 0 stopped cleanly, 1 a table ended by an error, 2 wrong usage.
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
from sinks.crash import crash_at
from sinks.errors import SettingsError
from sinks.lake.catalog import open_catalog
from sinks.lake.columns import TABLES, Kept
from sinks.lake.eyes import LakeEyes
from sinks.lake.feed import Feed, Limits
from sinks.lake.table import LakeTable, lake_errors
from sinks.page import show
from sinks.settings import Settings, log_format_in
from sinks.signals import retried, stop_on_signals
from sinks.source import KafkaSource

EXIT_ERROR: Final = 1
EXIT_USAGE: Final = 2
EVERY_S_MAX: Final = 3_600.0
ROWS_MAX: Final = 1_000_000
NAMES: Final = tuple(each.name for each in TABLES)
USUAL: Final = Limits()
log = logging.getLogger("lake")


def main(argv: Sequence[str], environ: Mapping[str, str]) -> int:
    """Fill the lake until SIGTERM or SIGINT."""
    given = _arguments(argv)
    try:
        log_to_stderr(log_format_in(environ))
        settings = Settings.from_env(environ)
        settings.require("lake")
        log.info("settings: %s", settings.shown())
        stop = stop_on_signals()
        chosen = [each for each in TABLES if each.name in (given.tables or NAMES)]
        feeds = retried(lambda: [_feed(each, settings, given, stop) for each in chosen], stop)
        if feeds is None:
            return 0
        show(settings, LakeEyes(feeds, time.monotonic))
    except SettingsError as error:
        sys.stderr.write(f"lake: {error}\n")
        return EXIT_USAGE
    return _run(feeds, stop)


def _feed(kept: Kept, settings: Settings, given: argparse.Namespace, stop: threading.Event) -> Feed:
    """Return what fills one table; a catalog of its own, for clients are not for two threads."""
    with lake_errors(kept.name):
        catalog = open_catalog(settings.lake)
    return Feed(
        kept,
        KafkaSource(settings.kafka, kept.topic.name),
        LakeTable(catalog, kept, crash_at(settings.crash_point)),
        stop,
        time.monotonic,
        Limits(rows=given.rows, age_s=given.every_s),
        over_gaps=given.over_gaps,
    )


def _run(feeds: Sequence[Feed], stop: threading.Event) -> int:
    """Run each in a thread; whatever ends one ends all."""
    whole: list[str] = []

    def guarded(feed: Feed) -> None:
        try:
            feed.run()
            whole.append(feed.name)
        finally:
            stop.set()

    threads = [
        threading.Thread(target=guarded, args=(each,), name=f"lake-{each.name}") for each in feeds
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return 0 if len(whole) == len(feeds) else EXIT_ERROR


def _arguments(argv: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m sinks lake", description="Fill the lake.")
    parser.add_argument(
        "--tables", nargs="+", choices=NAMES, metavar="TABLE", help=f"of {', '.join(NAMES)}"
    )
    parser.add_argument(
        "--every-s", type=_seconds, default=USUAL.age_s, help="age at which rows are committed"
    )
    parser.add_argument(
        "--rows", type=_rows, default=USUAL.rows, help="rows that are committed before that age"
    )
    parser.add_argument(
        "--over-gaps", action="store_true", help="read on behind what retention has deleted"
    )
    return parser.parse_args(argv)


def _seconds(text: str) -> float:
    found = float(text)
    if not 0 < found <= EVERY_S_MAX:
        raise argparse.ArgumentTypeError(f"above 0 and at most {EVERY_S_MAX:.0f}")
    return found


def _rows(text: str) -> int:
    found = int(text)
    if not 0 < found <= ROWS_MAX:
        raise argparse.ArgumentTypeError(f"above 0 and at most {ROWS_MAX}")
    return found
