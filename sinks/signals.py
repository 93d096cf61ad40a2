"""Signals: a process of ours is told to stop by SIGTERM or SIGINT, and stops by itself.

Owns: the two handlers, and trying until something answers or the process is told to stop.
Never: ends the process.
"""

from __future__ import annotations

import logging
import signal
import threading
from collections.abc import Callable
from typing import TypeVar

from sinks.backoff import wait_s
from sinks.errors import BrokerAway, StoreAway

T = TypeVar("T")
log = logging.getLogger("sinks")


def stop_on_signals() -> threading.Event:
    """Return the event that a signal sets."""
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    return stop


def retried(act: Callable[[], T], stop: threading.Event) -> T | None:
    """Try until store or broker answers; None when told to stop before."""
    attempt = 0
    while not stop.is_set():
        try:
            return act()
        except (StoreAway, BrokerAway) as away:
            attempt += 1
            log.warning("attempt %d: %s", attempt, away)
        stop.wait(wait_s(attempt, "open"))
    return None
