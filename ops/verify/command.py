"""`ledgerctl verify log`.

Owns: options and output.
Never: judges; `check.py` does.
"""

from __future__ import annotations

import click

from ops.console import json_option, show_json, show_rows
from ops.exits import DIFFERENCES
from ops.reading import read_topic
from ops.settings import read_settings
from ops.verify.check import Verdict, verify_records
from topics.catalog import EVENTS

SHOWN = 50


@click.group()
def verify() -> None:
    """Check the log against its own rules."""


@verify.command()
@click.option("--partition", "partitions", type=int, multiple=True, help="Only these.")
@json_option
@click.pass_context
def log(ctx: click.Context, partitions: tuple[int, ...], *, as_json: bool) -> None:
    """Recompute chain, seals, sequences, entries and balances from the first record on.

    Exit code 1 names partition and sequence of what differs.
    """
    address = read_settings().broker()
    verdict = verify_records(read_topic(address, EVENTS.name, partitions or None))
    if as_json:
        show_json(
            {
                "decisions": dict(sorted(verdict.decisions.items())),
                "last_sequence": dict(sorted(verdict.last_sequence.items())),
                "differences": verdict.differences,
            }
        )
    else:
        _show(verdict)
    if verdict.differences:
        ctx.exit(DIFFERENCES)


def _show(verdict: Verdict) -> None:
    rows = [
        {"partition": number, "decisions": count, "last sequence": verdict.last_sequence[number]}
        for number, count in sorted(verdict.decisions.items())
    ]
    show_rows(rows, as_json=False, empty="the log is empty")
    for difference in verdict.differences[:SHOWN]:
        click.echo(f"difference: {difference}", err=True)
    if len(verdict.differences) > SHOWN:
        click.echo(f"and {len(verdict.differences) - SHOWN} more", err=True)
    if not verdict.differences:
        total = sum(verdict.decisions.values())
        click.echo(f"{total:,} Decisions: chain, seals, sequences, entries and balances hold")
