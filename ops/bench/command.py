"""`ledgerctl bench`: figures from a run on this machine, on a stack of its own.

Owns: the options of the benches of the pipeline, and the group of all.
Never: compares runs; ratios inside one run are what counts on a shared machine.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click

from ops.bench import commit as commits
from ops.bench import core as inner
from ops.bench import hot_wallet as hot_wallets
from ops.bench import limit, survey
from ops.bench import recovery as recovering
from ops.bench import takeover as taking_over
from ops.bench.drain import SAMPLE_EVERY, drain
from ops.bench.http_command import fresh, http
from ops.bench.latency import ledger_latency, plain_latency
from ops.bench.load import pour_commands
from ops.bench.matching import matching
from ops.bench.pipeline import PARTITIONS, measure, started, worker_names
from ops.bench.profiles import PROFILES, loads_of
from ops.bench.session import SEED, loads_for, servers, tell
from ops.bench.stage import DURABILITY
from ops.bench.state_command import memory, rebuild, recon, sinks, store, sustained
from ops.bench.state_command import verify as reverify
from ops.bench.verify import verified
from topics.catalog import COMMANDS

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from ops.bench.load import Load

    Measured = Callable[[Sequence[Load], int], dict[str, Any]]

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
    del flush  # the context keeps it for `ops.bench.session`


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
        figures = measured(loads_for(profile, commands, wallets), PARTITIONS)
        shown = {"profile": profile, "wallets": wallets, "seed": SEED, **figures}
        tell(shown, as_json=as_json)


for _name, (_measured, _about) in PARTS.items():
    _add_part(_name, _measured, _about)


@bench.command()
@PROFILE
@click.option("--commands", default=100_000, show_default=True, help="Commands to send.")
@click.option("--wallets", default=10_000, show_default=True, help="Wallets they touch.")
@click.option("--workers", default=2, show_default=True, help="Worker processes.")
@click.option("--partitions", default=PARTITIONS, show_default=True, help="Of every topic.")
@VERIFY
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def pipeline(  # noqa: PLR0913 - one argument per option
    *,
    profile: str,
    commands: int,
    wallets: int,
    workers: int,
    partitions: int,
    verify: bool,
    as_json: bool,
) -> None:
    """Drain a backlog of commands and print the throughput as a ratio to the plain loop's."""
    loads = loads_for(profile, commands, wallets, partitions)
    with servers(partitions) as stack:
        figures = measure(stack, loads, workers, partitions)
        figures |= verified(stack) if verify else {}
    town = {"profile": profile, "wallets": wallets, "seed": SEED}
    tell({**town, "workers": workers, "partitions": partitions, **figures}, as_json=as_json)


@bench.command("limit")
@click.option("--commands", default=100_000, show_default=True, help="Commands to move.")
@click.option("--wallets", default=10_000, show_default=True, help="Wallets they name.")
@click.option("--workers", default=2, show_default=True, help="Processes.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def limit_(*, commands: int, wallets: int, workers: int, as_json: bool) -> None:
    """Move the same bytes without a ledger: what Kafka and its client give this machine."""
    loads = loads_for("mixed", commands, wallets)
    samples = inner.decisions_of(loads, PARTITIONS)[::SAMPLE_EVERY]
    with servers() as stack:
        pour_commands(stack.endpoints.kafka, loads)
        rates = limit.measure(stack, workers, samples)
    figures = {f"raw_{name}_per_s": round(rate) for name, rate in rates.items()}
    tell({"commands": commands, "workers": workers, "seed": SEED, **figures}, as_json=as_json)


@bench.command("commit")
@click.option("--seconds", default=5.0, show_default=True, help="Of each of the eight figures.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def commit_(*, seconds: float, as_json: bool) -> None:
    """Commit groups of 1 to 1,000 Decisions, one producer and eight; print what each costs."""
    samples = inner.decisions_of(loads_for("mixed", 5_000, 500), PARTITIONS)
    with servers() as stack:
        figures = commits.measure(stack.endpoints.kafka, samples, seconds)
    tell({"seconds": seconds, "producers x group": figures}, as_json=as_json)


@bench.command()
@click.option("--rate", default=2_000, show_default=True, help="Commands per second.")
@click.option("--seconds", default=20, show_default=True, help="How long.")
@click.option("--wallets", default=10_000, show_default=True, help="Wallets they touch.")
@click.option("--workers", default=2, show_default=True, help="Worker processes.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def latency(*, rate: int, seconds: int, wallets: int, workers: int, as_json: bool) -> None:
    """Send at a steady rate; print the time from a command being due to its answer being read."""
    loads = loads_for("mixed", rate * seconds, wallets)
    with servers() as stack:
        with started(stack, worker_names(workers)):
            figures: dict[str, Any] = ledger_latency(stack, loads, rate, COMMANDS.name)
            samples = drain(stack.endpoints.kafka, 0.0).samples
        plain = plain_latency(stack, loads, rate, samples, workers)
    about = {"rate": rate, "seconds": seconds, "wallets": wallets, "workers": workers, "seed": SEED}
    beside = {f"plain_{name}": value for name, value in plain.items()}
    share = {"ratio_p99": round(figures["p99_ms"] / plain["p99_ms"], 2)}
    tell({**about, **figures, **beside, **share}, as_json=as_json)


@bench.command("hot-wallet")
@click.option("--commands", default=100_000, show_default=True, help="Commands to send.")
@click.option("--wallets", default=10_000, show_default=True, help="Wallets of the other figure.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def hot_wallet(*, commands: int, wallets: int, as_json: bool) -> None:
    """Give every command of a partition to one wallet; print the ratio to many wallets."""
    spread = loads_for("top-ups", commands, wallets, partitions=1)
    hot = loads_for("one", commands, 2, partitions=1)
    figures = hot_wallets.measure(servers, spread, hot)
    tell({"commands": commands, "wallets": wallets, "seed": SEED, **figures}, as_json=as_json)


@bench.command()
@click.option("--commands", default=200_000, show_default=True, help="Commands to send.")
@click.option("--wallets", default=20_000, show_default=True, help="Wallets they touch.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def recovery(*, commands: int, wallets: int, as_json: bool) -> None:
    """Rebuild one partition's state from the log alone; print Decisions per second."""
    loads = loads_for("mixed", commands, wallets, partitions=1)
    with servers(1) as stack:
        figures = recovering.measure(stack, loads)
    tell({"commands": commands, "wallets": wallets, "seed": SEED, **figures}, as_json=as_json)


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
    with servers() as stack:
        figures = taking_over.measure(stack, fill, trickle, kills, restarts)
        figures |= verified(stack) if verify else {}
    tell({"commands": commands, "wallets": wallets, "seed": SEED, **figures}, as_json=as_json)


@bench.command("all")
@click.option(
    "--report",
    type=click.Path(path_type=Path, dir_okay=False),
    required=True,
    help="The page; the figures go beside it as JSON.",
)
def all_(*, report: Path) -> None:
    """Run every bench in turn, half an hour or so, and draw a page of what they found."""
    found = survey.survey(survey.STEPS, click.echo)
    report.parent.mkdir(parents=True, exist_ok=True)
    report.with_suffix(".json").write_text(json.dumps(found, indent=2), encoding="utf-8")
    report.write_text(survey.page_of(found), encoding="utf-8")
    click.echo(f"{report} and {report.with_suffix('.json')}")


for _command in (http, fresh, matching, memory, sinks, store, sustained, rebuild, reverify, recon):
    bench.add_command(_command)
