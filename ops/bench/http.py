"""`bench http`: how many writes the HTTP entrance takes, as a ratio to itself without the log.

Theory: both are one process of the same application under the same client, one after the other in
one run. One hands its commands to Kafka and answers 202 when the broker has them; the other
answers at once. The ratio is what producing costs.

Owns: that measurement.
Never: asserts a figure; needs a worker: 202 means in the log, not decided.
"""

from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING, Any, Final

from confluent_kafka import Consumer

from ingress.sdk.client import reader_config
from ops.bench.drain import ends_of
from ops.bench.http_client import Rate, drive, transfers
from ops.bench.pipeline import rss_mb
from ops.rig import start_door, wait_for
from ops.stack import ports
from topics.catalog import COMMANDS

if TYPE_CHECKING:
    from ops.stack import Stack

HOST: Final = "127.0.0.1"
ACCEPTED: Final = 202
START_S: Final = 60.0
WARM_UP: Final = 2_000


def measure(stack: Stack, requests: int, wallets: int, connections: int) -> dict[str, Any]:
    """Return the figures; the stack is up with its topics."""
    names = ("http", "http-plain")
    chosen = ports.settle(stack.layout.root / "http.json", names, {})
    sent = transfers(HOST, wallets, requests)
    with_log = _with_log(stack, chosen["http"], sent, connections)
    plain = _plain(chosen["http-plain"], sent, connections)
    return {
        "requests": requests,
        "connections": connections,
        "accepted_per_s": round(with_log[0].per_s),
        "p50_ms": with_log[0].p50_ms,
        "p99_ms": with_log[0].p99_ms,
        "plain_per_s": round(plain.per_s),
        "plain_p99_ms": plain.p99_ms,
        "ratio": round(with_log[0].per_s / plain.per_s, 2),
        "refused": requests - with_log[0].statuses.get(ACCEPTED, 0),
        "in_log": with_log[2],
        "rss_mb": with_log[1],
    }


def _with_log(
    stack: Stack, port: int, sent: list[bytes], connections: int
) -> tuple[Rate, float, int]:
    """Return the rate, the memory, and how many commands the log holds more than before."""
    process = start_door(stack, port)
    try:
        wait_for("the entrance to listen", lambda: not ports.is_free(port), START_S)
        drive(HOST, port, transfers(HOST, 10, WARM_UP), connections)
        before = _in_log(stack)
        rate = drive(HOST, port, sent, connections)
        return rate, rss_mb(process), _in_log(stack) - before
    finally:
        process.stop()


def _plain(port: int, sent: list[bytes], connections: int) -> Rate:
    process = subprocess.Popen([sys.executable, "-m", "ops.bench.http_plain", str(port)])
    try:
        wait_for("the plain door to listen", lambda: not ports.is_free(port), START_S)
        drive(HOST, port, transfers(HOST, 10, WARM_UP), connections)
        return drive(HOST, port, sent, connections)
    finally:
        process.terminate()
        process.wait(START_S)


def _in_log(stack: Stack) -> int:
    """Return how many records the topic of commands holds."""
    consumer = Consumer(reader_config(stack.endpoints.kafka))
    try:
        return sum(ends_of(consumer, COMMANDS.name).values())
    finally:
        consumer.close()
