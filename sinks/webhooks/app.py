"""The composition root of webhooks and notices: `python -m sinks webhooks [--senders 8]`.

Owns: the command line, the environment, one thread a topic and one a sender.
Never: logic of reading or of sending.

Exit codes: 0 stopped cleanly, 1 a thread ended by an error, 2 wrong usage.
"""

from __future__ import annotations

import argparse
import logging
import sys
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Final

from eyes.logs import log_to_stderr
from sinks.clock import wall_us
from sinks.errors import SettingsError
from sinks.page import show
from sinks.postgres.migrate import migrate
from sinks.settings import Settings, log_format_in
from sinks.signals import retried, stop_on_signals
from sinks.source import KafkaSource
from sinks.webhooks.doors import NoticeDoor, WebhookDoor
from sinks.webhooks.eyes import WebhookEyes
from sinks.webhooks.inbox import Inbox
from sinks.webhooks.intake import READERS, Intake
from sinks.webhooks.queue import Queue
from sinks.webhooks.schedule import ATTEMPTS_MAX, CEILING_S, Schedule
from sinks.webhooks.sender import Sender, Slots
from sinks.webhooks.subscription import Channel

EXIT_ERROR: Final = 1
EXIT_USAGE: Final = 2
SENDERS: Final = 8
SENDERS_MAX: Final = 64
log = logging.getLogger("webhooks")


def main(argv: Sequence[str], environ: Mapping[str, str]) -> int:
    """Read facts and send, until SIGTERM or SIGINT."""
    given = _arguments(argv)
    for name in ("alembic.runtime.plugins", "httpx", "apprise"):
        logging.getLogger(name).setLevel(logging.WARNING)
    try:
        log_to_stderr(log_format_in(environ))
        settings = Settings.from_env(environ)
        settings.require("postgres")
    except SettingsError as error:
        sys.stderr.write(f"webhooks: {error}\n")
        return EXIT_USAGE
    dsn = settings.postgres
    log.info("settings: %s", settings.shown())
    stop = stop_on_signals()
    retried(lambda: migrate(dsn), stop)
    intakes = [
        Intake(topic, KafkaSource(settings.kafka, topic), Inbox(dsn, topic), stop)
        for topic in READERS
    ]
    slots, schedule = Slots(), Schedule(given.first_s, given.attempts)
    senders = [
        Sender(Queue(dsn), _doors(), slots, schedule, time.monotonic) for _ in range(given.senders)
    ]
    eyes = WebhookEyes(intakes, senders, time.monotonic)
    try:
        show(settings, eyes)
    except SettingsError as error:
        sys.stderr.write(f"webhooks: {error}\n")
        return EXIT_USAGE
    works: list[Callable[[], None]] = [each.run for each in intakes]
    works += [partial(each.run, stop) for each in senders]
    works.append(partial(eyes.look, Queue(dsn), stop))
    return _run(works, stop)


def _doors() -> dict[Channel, WebhookDoor | NoticeDoor]:
    return {Channel.WEBHOOK: WebhookDoor(wall_us), Channel.NOTICE: NoticeDoor()}


def _run(works: Sequence[Callable[[], None]], stop: threading.Event) -> int:
    """Run each in a thread; whatever ends one ends all."""
    whole: list[bool] = []

    def guarded(work: Callable[[], None]) -> None:
        try:
            work()
            whole.append(True)
        finally:
            stop.set()

    threads = [
        threading.Thread(target=guarded, args=(each,), name=f"webhooks-{number}")
        for number, each in enumerate(works)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return 0 if len(whole) == len(works) else EXIT_ERROR


def _arguments(argv: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m sinks webhooks", description="Tell webhooks and people."
    )
    parser.add_argument(
        "--senders", type=int, choices=range(1, SENDERS_MAX + 1), default=SENDERS, metavar="N"
    )
    parser.add_argument("--first-s", type=_seconds, default=2.0, help="wait after a first failure")
    parser.add_argument(
        "--attempts",
        type=int,
        choices=range(1, ATTEMPTS_MAX + 1),
        default=ATTEMPTS_MAX,
        metavar="N",
        help="before a delivery is dead",
    )
    return parser.parse_args(argv)


def _seconds(text: str) -> float:
    found = float(text)
    if not 0 < found <= CEILING_S:
        raise argparse.ArgumentTypeError(f"above 0 and at most {CEILING_S:.0f}")
    return found
