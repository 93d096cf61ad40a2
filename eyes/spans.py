"""Spans: what happened to a traced record and when, on its way to a collector.

Owns: the span, the bounded queue, and the thread that empties it.
Never: makes anybody wait: a queue that is full drops, a collector that is away is tried later.

OpenTelemetry is imported where an address is given (`otlp.py`), and nowhere else.
"""

from __future__ import annotations

import logging
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from threading import Event, Thread
from typing import Final, Literal, Protocol, final
from urllib.parse import urlsplit

from eyes.trace import Trace

LOG = logging.getLogger(__name__)

QUEUE_MAX: Final = 10_000  # spans; some 5 MB
BATCH_MAX: Final = 500
EVERY_S: Final = 0.5
CLOSE_S: Final = 2.0  # what a process that ends gives its last spans
PATH: Final = "/v1/traces"

Kind = Literal["server", "producer", "consumer", "internal"]
Send = Callable[[Sequence["Span"]], bool]  # whether the collector took them; may block, not raise


@dataclass(frozen=True, slots=True)
class Span:
    """One thing that happened, from start to end in microseconds since 1970."""

    name: str
    trace: Trace
    parent: str  # span id; empty: nothing is above it
    start_us: int
    end_us: int
    kind: Kind = "internal"
    told: Mapping[str, str | int] = field(default_factory=dict)


class Spans(Protocol):
    """Where spans are told."""

    def tell(self, span: Span) -> None:
        """Take a span. From any thread; never blocks, never raises."""
        ...


@final
class SpanQueue:
    """Spans on their way; satisfies `Spans`."""

    def __init__(self, send: Send, queue_max: int = QUEUE_MAX) -> None:
        self._send: Final = send
        self._queue: Final[deque[Span]] = deque()
        self._max: Final = queue_max
        self._stop: Final = Event()
        self._thread: Final = Thread(target=self._work, name="spans", daemon=True)
        self._away = False
        self.dropped = 0

    def start(self) -> None:
        """Send, in a thread that ends with the process."""
        self._thread.start()

    def tell(self, span: Span) -> None:
        """Take a span, or drop it when too many wait."""
        if len(self._queue) < self._max:
            self._queue.append(span)
        else:
            self.dropped += 1

    def close(self) -> None:
        """Send what waits, for a short time."""
        self._stop.set()
        self._thread.join(CLOSE_S)

    def turn(self) -> bool:
        """Send one batch; False when nothing is left to send now."""
        count = min(len(self._queue), BATCH_MAX)
        batch = [self._queue.popleft() for _ in range(count)]
        if not batch:
            return False
        taken = self._send(batch)
        if not taken:
            self.dropped += count
        if taken is self._away:
            self._away = not taken
            LOG.warning("traces: the collector %s", "is back" if taken else "takes no spans")
        return taken

    def _work(self) -> None:
        while not self._stop.wait(EVERY_S):
            while self.turn():
                pass
        while self.turn():
            pass


def read_collector(text: str) -> str:
    """Return the address that LEDGER_TRACES names, path and all. Raises `ValueError`."""
    if not text:
        return ""
    parts = urlsplit(text)
    if parts.scheme not in {"http", "https"} or not parts.netloc:
        raise ValueError(f"LEDGER_TRACES is http://host:port of a collector, not {text!r}")
    return text if parts.path.strip("/") else text.rstrip("/") + PATH


def spans_to(collector: str, service: str, instance: str) -> SpanQueue | None:
    """Return what takes the spans of this process; None without a collector. Raises `ValueError`.

    The service is what the process is, the instance which one of them.
    """
    if not collector:
        return None
    try:
        from eyes.otlp import sender  # noqa: PLC0415 - only who traces has OpenTelemetry
    except ImportError as error:
        raise ValueError(f"LEDGER_TRACES needs the extra `otel`: {error}") from error
    queue = SpanQueue(sender(collector, service, instance))
    queue.start()
    return queue
