"""`ledgerctl bench`: figures from a run on this machine, on a stack of its own.

Owns: options, the stack a bench runs on, and how figures are shown.
Never: compares runs; ratios inside one run are what counts on a shared machine.
"""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click

from ops.bench import commit as commits
from ops.bench import core as inner
from ops.bench import hot_wallet as hot_wallets
from ops.bench import limit
from ops.bench import recovery as recovering
from ops.bench import sinks as storing
from ops.bench import store as growing
from ops.bench import sustained as sustaining
from ops.bench import takeover as taking_over
from ops.bench.drain import SAMPLE_EVERY, drain
from ops.bench.latency import ledger_latency, plain_latency
from ops.bench.load import pour_commands
from ops.bench.pipeline import PARTITIONS, measure, started, worker_names
from ops.bench.profiles import PROFILES, loads_of
from ops.bench.stage import DURABILITY, STORES, staged
from ops.bench.table import show
from ops.bench.verify import verified
from ops.stack import SERVICES
from topics.catalog import COMMANDS

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from contextlib import AbstractContextManager

    from ops.bench.load import Load
    from ops.stack import Service, Stack

    Measured = Callable[[Sequence[Load], int], dict[str, Any]]

SEED: Final = 7
VERIFY: Final = click.option(
    "--verify", is_flag=True, help="Check every Decision afterwards: chain, rules, auditor."
)
PROFILE: Final = click.option(
    "--profile", type=click.Choice(list(PROFILES)), default="mixed", show_default=True
)


@click.group()
@click.option(
    "--flush",
    type=click.Choice(list(DURABILITY)),
    default="page-cache",
    show_default=True,
    help="When Kafka's writes are on the disk: as the kernel likes, or before each answer.",
)
def bench(*, flush: str) -> None:
    """Measure the pipeline on this machine, beside the plainest loop that moves the same bytes."""
    del flush  # `_stack` and `_show` ask the context for it


PARTS: Final = {
    "core": (inner.measure_core, "Decide, post and evolve a day in memory: `ledger/` alone."),
    "codec": (inner.measure_codec, "Decode commands, encode and decode Decisions."),
    "step": (inner.measure_step, "Everything a worker does to a command, but for Kafka."),
}


def _add_part(name: str, measured: Measured, about: str) -> None:
    @bench.command(name, help=f"{about} Prints microseconds of CPU.")
    @PROFILE
    @click.option("--commands", default=100_000, show_default=True, help="Commands of the day.")
    @click.option("--wallets", default=10_000, show_default=True, help="Wallets they touch.")
    @click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
    def part(*, profile: str, commands: int, wallets: int, as_json: bool) -> None:
        figures = measured(_loads(profile, commands, wallets), PARTITIONS)
        shown = {"profile": profile, "wallets": wallets, "seed": SEED, **figures}
        _show(shown, as_json=as_json)


for _name, (_measured, _about) in PARTS.items():
    _add_part(_name, _measured, _about)


@bench.command()
@PROFILE
@click.option("--commands", default=100_000, show_default=True, help="Commands to send.")
@click.option("--wallets", default=10_000, show_default=True, help="Wallets they touch.")
@click.option("--workers", default=2, show_default=True, help="Worker processes.")
@VERIFY
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def pipeline(  # noqa: PLR0913 - one argument per option
    *, profile: str, commands: int, wallets: int, workers: int, verify: bool, as_json: bool
) -> None:
    """Drain a backlog of commands and print the throughput as a ratio to the plain loop's."""
    loads = _loads(profile, commands, wallets)
    with _stack() as stack:
        figures = measure(stack, loads, workers) | (verified(stack) if verify else {})
    about = {"profile": profile, "wallets": wallets, "workers": workers, "seed": SEED}
    _show({**about, **figures}, as_json=as_json)


@bench.command("limit")
@click.option("--commands", default=100_000, show_default=True, help="Commands to move.")
@click.option("--wallets", default=10_000, show_default=True, help="Wallets they name.")
@click.option("--workers", default=2, show_default=True, help="Processes.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def limit_(*, commands: int, wallets: int, workers: int, as_json: bool) -> None:
    """Move the same bytes without a ledger: what Kafka and its client give this machine."""
    loads = _loads("mixed", commands, wallets)
    samples = inner.decisions_of(loads, PARTITIONS)[::SAMPLE_EVERY]
    with _stack() as stack:
        pour_commands(stack.endpoints.kafka, loads)
        rates = limit.measure(stack, workers, samples)
    figures = {f"raw_{name}_per_s": round(rate) for name, rate in rates.items()}
    _show({"commands": commands, "workers": workers, "seed": SEED, **figures}, as_json=as_json)


@bench.command("commit")
@click.option("--seconds", default=5.0, show_default=True, help="Of each of the eight figures.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def commit_(*, seconds: float, as_json: bool) -> None:
    """Commit groups of 1 to 1,000 Decisions, one producer and eight; print what each costs."""
    samples = inner.decisions_of(_loads("mixed", 5_000, 500), PARTITIONS)
    with _stack() as stack:
        figures = commits.measure(stack.endpoints.kafka, samples, seconds)
    _show({"seconds": seconds, "producers x group": figures}, as_json=as_json)


@bench.command()
@click.option("--rate", default=2_000, show_default=True, help="Commands per second.")
@click.option("--seconds", default=20, show_default=True, help="How long.")
@click.option("--wallets", default=10_000, show_default=True, help="Wallets they touch.")
@click.option("--workers", default=2, show_default=True, help="Worker processes.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def latency(*, rate: int, seconds: int, wallets: int, workers: int, as_json: bool) -> None:
    """Send at a steady rate; print the time from a command being due to its answer being read."""
    loads = _loads("mixed", rate * seconds, wallets)
    with _stack() as stack:
        with started(stack, worker_names(workers)):
            figures: dict[str, Any] = ledger_latency(stack, loads, rate, COMMANDS.name)
            samples = drain(stack.endpoints.kafka, 0.0).samples
        plain = plain_latency(stack, loads, rate, samples, workers)
    about = {"rate": rate, "seconds": seconds, "wallets": wallets, "workers": workers, "seed": SEED}
    beside = {f"plain_{name}": value for name, value in plain.items()}
    share = {"ratio_p99": round(figures["p99_ms"] / plain["p99_ms"], 2)}
    _show({**about, **figures, **beside, **share}, as_json=as_json)


@bench.command("hot-wallet")
@click.option("--commands", default=100_000, show_default=True, help="Commands to send.")
@click.option("--wallets", default=10_000, show_default=True, help="Wallets of the other figure.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def hot_wallet(*, commands: int, wallets: int, as_json: bool) -> None:
    """Give every command of a partition to one wallet; print the ratio to many wallets."""
    spread = _loads("top-ups", commands, wallets, partitions=1)
    hot = _loads("one", commands, 2, partitions=1)
    figures = hot_wallets.measure(_stack, spread, hot)
    _show({"commands": commands, "wallets": wallets, "seed": SEED, **figures}, as_json=as_json)


@bench.command()
@click.option("--commands", default=200_000, show_default=True, help="Commands to send.")
@click.option("--wallets", default=20_000, show_default=True, help="Wallets they touch.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def recovery(*, commands: int, wallets: int, as_json: bool) -> None:
    """Rebuild one partition's state from the log alone; print Decisions per second."""
    loads = _loads("mixed", commands, wallets, partitions=1)
    with _stack(1) as stack:
        figures = recovering.measure(stack, loads)
    _show({"commands": commands, "wallets": wallets, "seed": SEED, **figures}, as_json=as_json)


@bench.command()
@click.option("--commands", default=4_000_000, show_default=True, help="Commands sent before.")
@click.option("--wallets", default=100_000, show_default=True, help="Wallets they touch.")
@click.option("--kills", default=30, show_default=True, help="Workers killed, one at a time.")
@click.option("--restarts", default=6, show_default=True, help="Planned restarts after that.")
@VERIFY
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def takeover(  # noqa: PLR0913 - one argument per option
    *, commands: int, wallets: int, kills: int, restarts: int, verify: bool, as_json: bool
) -> None:
    """Kill workers whose heirs have no state; print how long their partitions stood still."""
    fill = loads_of("mixed", SEED, commands, wallets, PARTITIONS)
    trickle = loads_of("mixed", SEED + 1, commands, wallets, PARTITIONS)
    with _stack() as stack:
        figures = taking_over.measure(stack, fill, trickle, kills, restarts)
        figures |= verified(stack) if verify else {}
    _show({"commands": commands, "wallets": wallets, "seed": SEED, **figures}, as_json=as_json)


@bench.command()
@click.option("--store", type=click.Choice(STORES), multiple=True, help="Only this one.")
@click.option("--commands", default=200_000, show_default=True, help="Commands in the log.")
@click.option("--wallets", default=20_000, show_default=True, help="Wallets they touch.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def sinks(*, store: tuple[Service, ...], commands: int, wallets: int, as_json: bool) -> None:
    """Drain a full log into each store by itself; print the ratio to the same rows written raw."""
    log = inner.log_of(_loads("mixed", commands, wallets), PARTITIONS)
    figures: dict[str, Any] = {"decisions": sum(map(len, log))}
    for each in store or STORES:
        with _stack(services=("kafka", each)) as stack:
            storing.publish(stack.endpoints.kafka, log)
            figures[each] = storing.measure(stack, each, log)
    _show({"commands": commands, "wallets": wallets, "seed": SEED, **figures}, as_json=as_json)


@bench.command()
@click.option("--rate", default=1_000, show_default=True, help="Commands per second.")
@click.option("--seconds", default=300, show_default=True, help="How long.")
@click.option("--wallets", default=10_000, show_default=True, help="Wallets they touch.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def sustained(*, rate: int, seconds: int, wallets: int, as_json: bool) -> None:
    """Run ledger and sinks side by side at a steady rate; print how far each sink is behind."""
    loads = _loads("mixed", rate * seconds, wallets)
    with _stack(services=SERVICES) as stack:
        figures = sustaining.measure(stack, loads, rate)
    _show({"rate": rate, "wallets": wallets, "seed": SEED, **figures}, as_json=as_json)


@bench.command()
@click.option("--rows", default=1_500_000, show_default=True, help="Rows per partition at the end.")
@click.option("--steps", default=5, show_default=True, help="How often reads are measured.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def store(*, rows: int, steps: int, as_json: bool) -> None:
    """Fill the databases of one worker; print what a read costs as they grow."""
    if not 0 < steps <= rows:
        raise click.UsageError("--steps is at least 1, and at most --rows")
    with tempfile.TemporaryDirectory(prefix="ledger-bench-") as folder:
        _show({"rows": rows, **growing.measure(Path(folder), rows, steps)}, as_json=as_json)


def _loads(profile: str, commands: int, wallets: int, partitions: int = PARTITIONS) -> list[Load]:
    try:
        return list(loads_of(profile, SEED, commands, wallets, partitions))
    except ValueError as error:
        raise click.UsageError(str(error)) from error


def _stack(
    partitions: int = PARTITIONS, services: tuple[Service, ...] = ("kafka",)
) -> AbstractContextManager[Stack]:
    return staged(_flush(), partitions, services)


def _show(figures: dict[str, Any], *, as_json: bool) -> None:
    show({"flush": _flush(), **figures}, as_json=as_json)


def _flush() -> str:
    group = click.get_current_context().parent
    assert group is not None, "a bench is a command of the group"
    return str(group.params["flush"])
