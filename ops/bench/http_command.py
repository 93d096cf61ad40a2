"""The benches of the HTTP entrance: its rate, its faults, its fresh reads.

Owns: their options.
Never: measures.
"""

from __future__ import annotations

import click

from ops.bench import fresh as reading
from ops.bench import http as entering
from ops.bench import http_faults
from ops.bench.pipeline import PARTITIONS
from ops.bench.session import SEED, servers, tell
from ops.stack import SERVICES

MINUTE_S = 60


@click.command("http")
@click.option("--requests", default=30_000, show_default=True, help="Writes to send.")
@click.option("--wallets", default=1_000, show_default=True, help="Wallets they name.")
@click.option("--connections", default=64, show_default=True, help="Kept alive, one write each.")
@click.option("--faults", is_flag=True, help="Kill door, workers and broker; compare with the log.")
@click.option("--minutes", default=10, show_default=True, help="With --faults: how long.")
@click.option("--rate", default=200, show_default=True, help="With --faults: writes per second.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def http(  # noqa: PLR0913 - one argument per option
    *,
    requests: int,
    wallets: int,
    connections: int,
    faults: bool,
    minutes: int,
    rate: int,
    as_json: bool,
) -> None:
    """Write over HTTP, answered 202 by the log; print the ratio to the same door without a log."""
    with servers() as stack:
        if faults:
            seconds = minutes * MINUTE_S
            sent = http_faults.requests_of(rate, seconds, wallets, PARTITIONS)
            figures = http_faults.measure(stack, sent, rate, seconds, connections)
        else:
            figures = entering.measure(stack, requests, wallets, connections)
    tell({"wallets": wallets, **figures}, as_json=as_json)


@click.command("fresh")
@click.option("--pairs", default=100_000, show_default=True, help="Writes, each read afterwards.")
@click.option("--clients", default=32, show_default=True, help="Customers at once.")
@click.option("--rate", default=50, show_default=True, help="Other commands per second meanwhile.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def fresh(*, pairs: int, clients: int, rate: int, as_json: bool) -> None:
    """Write and read what was written, stores restarted meanwhile; print how many were stale."""
    with servers(services=SERVICES) as stack:
        figures = reading.measure(stack, pairs, clients, rate, PARTITIONS)
    tell({"seed": SEED, **figures}, as_json=as_json)
