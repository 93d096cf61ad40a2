"""`ledgerctl partitions status|release`.

Owns: options, output and the removal of a halt.
Never: judges a halt; a person does.
"""

from __future__ import annotations

import time

import click

from ops import operations
from ops.console import execute_option, json_option, show_plan, show_rows
from ops.exits import DIFFERENCES
from ops.operations import reason_option
from ops.partitions.plan import Halt, halts, rows
from ops.settings import read_settings

NS_PER_US = 1_000


@click.group()
def partitions() -> None:
    """Show and release partitions."""


@partitions.command()
@json_option
@click.pass_context
def status(ctx: click.Context, *, as_json: bool) -> None:
    """Show what every worker says about its partitions. Exit code 1 when one is halted."""
    settings = read_settings()
    found = rows(settings.state_dir, time.time_ns() // NS_PER_US)
    show_rows(found, as_json=as_json, empty=f"no worker has written to {settings.state_dir}")
    if any(row["state"] == "halted" for row in found):
        ctx.exit(DIFFERENCES)


@partitions.command()
@click.argument("partition", type=int)
@click.option("--job", default="wallet", show_default=True)
@click.option("--worker", help="Only of this worker; default: wherever it is halted.")
@reason_option
@execute_option
@click.pass_context
def release(  # noqa: PLR0913 - one argument per option
    ctx: click.Context,
    partition: int,
    job: str,
    worker: str | None,
    reason: str,
    *,
    execute: bool,
) -> None:
    """Let a halted PARTITION recover and decide the same record again.

    Nothing is skipped: when the bug is still there, the partition halts again at the same record.
    """
    operations.require_reason(reason, execute=execute)
    state_dir = read_settings().state_dir
    chosen = [
        halt
        for halt in halts(state_dir)
        if (halt.job, halt.partition) == (job, partition) and worker in {None, halt.worker}
    ]
    if not chosen:
        click.echo(f"partition {partition} of {job} is not halted below {state_dir}", err=True)
        ctx.exit(DIFFERENCES)

    def act() -> None:
        for halt in chosen:
            _release(halt, reason)

    show_plan([f"release {halt.text()}" for halt in chosen], execute=execute, act=act)


def _release(halt: Halt, reason: str) -> None:
    operations.record(halt.file.parents[3], f"release {halt.text()}", reason)
    halt.file.unlink(missing_ok=True)
