"""The benches of what is kept: the sinks' stores, a worker's database and memory.

Owns: their options.
Never: measures.
"""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any, Final

import click

from ops.bench import core as inner
from ops.bench import memory as remembering
from ops.bench import recon as reconciling
from ops.bench import reread as rereading
from ops.bench import sinks as storing
from ops.bench import store as growing
from ops.bench import sustained as sustaining
from ops.bench.pipeline import PARTITIONS
from ops.bench.session import SEED, loads_for, servers, tell
from ops.bench.stage import STORES
from ops.stack import SERVICES, Service

SIZES: Final = (10_000, 100_000, 1_000_000)


@click.command()
@click.option("--store", type=click.Choice(STORES), multiple=True, help="Only this one.")
@click.option("--commands", default=200_000, show_default=True, help="Commands in the log.")
@click.option("--wallets", default=20_000, show_default=True, help="Wallets they touch.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def sinks(*, store: tuple[Service, ...], commands: int, wallets: int, as_json: bool) -> None:
    """Drain a full log into each store by itself; print the ratio to the same rows written raw."""
    log = inner.log_of(loads_for("mixed", commands, wallets), PARTITIONS)
    figures: dict[str, Any] = {"decisions": sum(map(len, log))}
    for each in store or STORES:
        with servers(services=("kafka", each)) as stack:
            storing.publish(stack.endpoints.kafka, log)
            figures[each] = storing.measure(stack, each, log)
    tell({"commands": commands, "wallets": wallets, "seed": SEED, **figures}, as_json=as_json)


@click.command()
@click.option(
    "--wallets", multiple=True, default=SIZES, show_default=True, help="Sizes of the town."
)
@click.option("--commands", default=100_000, show_default=True, help="Payments in each.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def memory(*, wallets: tuple[int, ...], commands: int, as_json: bool) -> None:
    """Pay between ever more wallets; print what a command costs, and a worker's memory."""
    if len(wallets) == 1:
        by_size = {str(wallets[0]): remembering.measure(wallets[0], commands)}
    else:
        by_size = remembering.measure_each(wallets, commands)
    tell({"commands": commands, "by_wallets": by_size}, as_json=as_json)


@click.command()
@click.option("--rate", default=1_000, show_default=True, help="Commands per second.")
@click.option("--seconds", default=300, show_default=True, help="How long.")
@click.option("--wallets", default=10_000, show_default=True, help="Wallets they touch.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def sustained(*, rate: int, seconds: int, wallets: int, as_json: bool) -> None:
    """Run ledger and sinks side by side at a steady rate; print how far each sink is behind."""
    loads = loads_for("mixed", rate * seconds, wallets)
    with servers(services=SERVICES) as stack:
        figures = sustaining.measure(stack, loads, rate)
    tell({"rate": rate, "wallets": wallets, "seed": SEED, **figures}, as_json=as_json)


@click.command()
@click.option("--rows", default=1_500_000, show_default=True, help="Rows per partition at the end.")
@click.option("--steps", default=5, show_default=True, help="How often reads are measured.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def store(*, rows: int, steps: int, as_json: bool) -> None:
    """Fill the databases of one worker; print what a read costs as they grow."""
    if not 0 < steps <= rows:
        raise click.UsageError("--steps is at least 1, and at most --rows")
    with tempfile.TemporaryDirectory(prefix="ledger-bench-") as folder:
        tell({"rows": rows, **growing.measure(Path(folder), rows, steps)}, as_json=as_json)


@click.command()
@click.option("--commands", default=200_000, show_default=True, help="Commands in the log.")
@click.option("--wallets", default=20_000, show_default=True, help="Wallets they touch.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def rebuild(*, commands: int, wallets: int, as_json: bool) -> None:
    """Fold one partition's log into an empty database; print Decisions per second."""
    records = rereading.records_of(loads_for("mixed", commands, wallets, partitions=1))
    figures = rereading.measure_rebuild(records)
    tell({"commands": commands, "wallets": wallets, "seed": SEED, **figures}, as_json=as_json)


@click.command()
@click.option("--commands", default=200_000, show_default=True, help="Commands in the log.")
@click.option("--wallets", default=20_000, show_default=True, help="Wallets they touch.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def verify(*, commands: int, wallets: int, as_json: bool) -> None:
    """Check chain, seals and sequences of one partition's log; print Decisions per second."""
    records = rereading.records_of(loads_for("mixed", commands, wallets, partitions=1))
    figures = rereading.measure_verify(records)
    tell({"commands": commands, "wallets": wallets, "seed": SEED, **figures}, as_json=as_json)


@click.command()
@click.option("--rate", default=300, show_default=True, help="Commands per second meanwhile.")
@click.option("--seconds", default=240, show_default=True, help="Of traffic, at most.")
@click.option("--wallets", default=2_000, show_default=True, help="Wallets it touches.")
@click.option("--changes", default=20, show_default=True, help="In each store.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def recon(*, rate: int, seconds: int, wallets: int, changes: int, as_json: bool) -> None:
    """Change rows and balances by hand; print how soon that is found, and healed."""
    loads = loads_for("mixed", rate * seconds, wallets)
    with servers(services=("kafka", "postgres", "redis")) as stack:
        figures = reconciling.measure(stack, loads, rate, changes)
    tell({"rate": rate, "wallets": wallets, "seed": SEED, **figures}, as_json=as_json)
