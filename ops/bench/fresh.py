"""`bench fresh`: does a read with a position ever show less than what was written before it?

Theory: customers write and read in pairs (`fresh_pairs`) while other commands come at a steady
rate and one store after the other is restarted. The answer is counted, not timed.

Owns: that measurement.
Never: asserts a figure; `stale` is the figure, and should be nothing.
"""

from __future__ import annotations

import asyncio
import time
from contextlib import ExitStack
from functools import partial
from threading import Event, Thread
from typing import TYPE_CHECKING, Any, Final

from ops.bench.fresh_pairs import pairs_of
from ops.bench.load import drip, producer_of
from ops.bench.pipeline import started, worker_names
from ops.bench.profiles import loads_of
from ops.bench.session import SEED
from ops.rig import start_door, start_sink, wait_for
from ops.stack import ports
from sinks.stores import STORES
from topics.catalog import COMMANDS

if TYPE_CHECKING:
    from collections.abc import Callable

    from ops.stack import Service, Stack

WORKERS: Final = 2
LINGER_MS: Final = 2
START_S: Final = 120.0
SHOWN: Final = 5  # of what was stale
LOADS: Final = 2_000_000  # more than any run sends
WALLETS: Final = 5_000
RESTARTED: Final[tuple[Service, ...]] = ("redis", "postgres", "cassandra")


def restarts(stack: Stack) -> list[Callable[[], None]]:
    """Return what restarts each store, one after the other."""
    return [partial(_restart, stack, name) for name in RESTARTED]


def _restart(stack: Stack, name: Service) -> None:
    stack.stop(name)
    stack.start(name)


def measure(stack: Stack, pairs: int, clients: int, rate: int, partitions: int) -> dict[str, Any]:
    """Return the figures; the stack is up with every store and its topics."""
    port = ports.settle(stack.layout.root / "http.json", ["http"], {})["http"]
    with ExitStack() as ending, started(stack, worker_names(WORKERS)):
        for store in STORES:
            ending.callback(start_sink(stack, store).stop)
        ending.callback(start_door(stack, port).stop)
        wait_for("the entrance to listen", lambda: not ports.is_free(port), START_S)
        ending.callback(_loaded(stack, rate, partitions))
        began = time.monotonic()
        seen = asyncio.run(pairs_of(port, pairs, clients, SEED, restarts(stack)))
        seconds = time.monotonic() - began
    return {
        "pairs": seen.pairs,
        "stale": len(seen.stale),
        "seconds": round(seconds, 1),
        "clients": clients,
        "load_per_s": rate,
        "restarted": list(RESTARTED),
        "answers": dict(sorted(seen.sources.items())),
        "asked_again": dict(sorted(seen.again.items())),
        "first_stale": seen.stale[:SHOWN],
    }


def _loaded(stack: Stack, rate: int, partitions: int) -> Callable[[], None]:
    """Begin to send other commands at a rate; return what ends it."""
    stop = Event()

    def send() -> None:
        loads = loads_of("mixed", SEED, LOADS, WALLETS, partitions)
        going = (load for load in loads if not stop.is_set())
        producer = producer_of(stack.endpoints.kafka, LINGER_MS)
        drip(producer, COMMANDS.name, going, rate, lambda *_: None)

    thread = Thread(target=send, name="load")
    thread.start()

    def end() -> None:
        stop.set()
        thread.join()

    return end
