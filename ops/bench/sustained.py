"""`bench sustained`: ledger and every sink at once, at a steady rate; does any of them fall behind?

Theory: commands come at a steady rate while two workers decide and three sinks write, all on this
machine. Once a second each store is asked how far it is. A rate is sustained when no store's lag
grows: the worst of the last third of the time is then about that of the first.

Owns: that measurement; lag in log records, the markers of transactions among them.
Never: asserts a figure.
"""

from __future__ import annotations

import threading
import time
from contextlib import ExitStack, closing
from typing import TYPE_CHECKING, Any, Final, final

from confluent_kafka import Consumer

from ops.bench.drain import ends_of
from ops.bench.load import drip, producer_of
from ops.bench.pipeline import started, worker_names
from ops.lag.plan import lag_rows
from ops.reading import last_sealed
from ops.rig import start_sink, wait_for
from schemas.access.kafka import Servers, entering
from sinks.stores import STORES, open_sink
from topics.catalog import COMMANDS, EVENTS

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from ops.bench.load import Load
    from ops.stack import Stack
    from sinks.batch import Position, Sink

WORKERS: Final = 2
LINGER_MS: Final = 2
EVERY_S: Final = 1.0
START_S: Final = 120.0
LEVEL_S: Final = 900.0
THIRDS: Final = 3
# What a batch more or less makes; less than this is no growth.
NOISE_S: Final = 1.0

Lags = dict[str, int]  # store -> log records not yet in it


@final
class Watch:
    """Asks every store, once a second, how far it is behind the log."""

    def __init__(self, kafka: Servers, stores: Mapping[str, Sink]) -> None:
        self.seen: Final[list[Lags]] = []
        self._consumer: Final = Consumer({**entering(kafka), "group.id": "bench-watch"})
        self._stores: Final = stores
        self._stop: Final = threading.Event()
        self._thread: Final = threading.Thread(target=self._run, name="watch")

    def start(self) -> None:
        """Begin to ask."""
        self._thread.start()

    def lags(self) -> Lags:
        """Ask now."""
        ends = ends_of(self._consumer, EVENTS.name)
        return {name: self._behind(sink, ends) for name, sink in self._stores.items()}

    def stop(self) -> None:
        """Ask no more."""
        self._stop.set()
        self._thread.join()

    def close(self) -> None:
        """Let go of the broker."""
        self.stop()
        self._consumer.close()

    def _run(self) -> None:
        while not self._stop.wait(EVERY_S):
            self.seen.append(self.lags())

    def _behind(self, sink: Sink, ends: Mapping[int, int]) -> int:
        taken = sum(place.next_offset for place in _positions(sink, ends).values())
        return max(0, sum(ends.values()) - taken)


def measure(stack: Stack, loads: Sequence[Load], rate: int) -> dict[str, Any]:
    """Return the figures; the stack is up with every store and its topics."""
    with ExitStack() as ending, started(stack, worker_names(WORKERS)):
        for store in STORES:
            ending.callback(start_sink(stack, store).stop)
        stores = {
            store: ending.enter_context(closing(open_sink(store, getattr(stack.endpoints, store))))
            for store in STORES
        }
        watch = ending.enter_context(closing(Watch(stack.endpoints.kafka, stores)))
        watch.start()
        began = time.monotonic()
        producer = producer_of(stack.endpoints.kafka, LINGER_MS)
        drip(producer, COMMANDS.name, loads, rate, lambda *_: None)
        seconds = time.monotonic() - began
        watch.stop()
        level = wait_for("every store to be level", lambda: _level(stack, stores), LEVEL_S)
    return {
        "seconds": round(seconds, 1),
        "commands_per_s": round(len(loads) / seconds),
        "level_after_s": round(level, 1),
        **{store: lag_of([each[store] for each in watch.seen], rate) for store in STORES},
    }


def lag_of(seen: Sequence[int], rate: int) -> dict[str, Any]:
    """Return the worst lag of each third in seconds of traffic, and whether it stayed bounded."""
    size = max(1, len(seen) // THIRDS)
    worst = [max(seen[start : start + size], default=0) / rate for start in (0, size, 2 * size)]
    return {
        "lag_s_by_third": [round(each, 2) for each in worst],
        "bounded": worst[-1] <= 2 * worst[0] + NOISE_S,
    }


def _level(stack: Stack, stores: Mapping[str, Sink]) -> bool:
    """Say whether every store has the last sealed Decision of every partition."""
    heads = last_sealed(stack.endpoints.kafka)
    places = {name: _positions(sink, heads) for name, sink in stores.items()}
    return all(row["lag"] == 0 for row in lag_rows(heads, places))


def _positions(sink: Sink, partitions: Iterable[int]) -> dict[int, Position]:
    found = {number: sink.position(number) for number in partitions}
    return {number: place for number, place in found.items() if place is not None}
