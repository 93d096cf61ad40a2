"""`ledgerctl partitions status|release|drain`.

Owns: options, output, the removal of a halt, the signal that asks a worker to leave.
Never: judges a halt; a person does.
"""

from __future__ import annotations

import os
import signal
from pathlib import Path

import click

from ingress.sdk.stamp import now_us
from ops import operations
from ops.console import execute_option, json_option, show_plan, show_rows
from ops.errors import NothingKnownError
from ops.exits import DIFFERENCES
from ops.operations import reason_option
from ops.partitions.drain import Watch, leaving
from ops.partitions.plan import Halt, halts, rows, statuses
from ops.rig import wait_for
from ops.settings import read_settings


@click.group()
def partitions() -> None:
    """Show, release and drain partitions."""


@partitions.command()
@json_option
@click.pass_context
def status(ctx: click.Context, *, as_json: bool) -> None:
    """Show what every worker says about its partitions. Exit code 1 when one is halted."""
    settings = read_settings()
    found = rows(settings.state_dir, now_us())
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


@partitions.command()
@click.argument("worker")
@click.option("--timeout-s", type=click.IntRange(min=1), default=120, show_default=True)
@reason_option
@execute_option
@click.pass_context
def drain(ctx: click.Context, worker: str, timeout_s: int, reason: str, *, execute: bool) -> None:
    """Let WORKER, a process of this machine, leave, and wait until its partitions run elsewhere.

    It finishes its batches and leaves the group, as for SIGTERM. Whoever supervises it may start it
    again; to keep it down, stop it there. Exit code 1 when a partition had no owner in time.
    """
    operations.require_reason(reason, execute=execute)
    state_dir = read_settings().state_dir
    found = leaving(statuses(state_dir), worker, now_us())
    watch = Watch(found, 0)

    def act() -> None:
        command = Path(f"/proc/{found.pid}/cmdline")
        if not command.exists() or b"streams" not in command.read_bytes():
            raise NothingKnownError(f"process {found.pid} is no worker of this machine")
        said = {"subject": worker, "outcome": operations.ASKED}
        operations.record(state_dir, f"drain {worker}", reason, **said)
        watch.asked_us = now_us()
        os.kill(found.pid, signal.SIGTERM)
        try:
            wait_for("its partitions", lambda: watch.look(statuses(state_dir)), timeout_s)
        except TimeoutError:
            click.echo(f"some had no owner after {timeout_s} s", err=True)
        show_rows(watch.rows(), as_json=False, empty="it ran no partition")

    show_plan(list(found.lines()), execute=execute, act=act)
    if execute and len(watch.taken) < len(found.partitions):
        ctx.exit(DIFFERENCES)


def _release(halt: Halt, reason: str) -> None:
    what = f"release {halt.text()}"
    operations.record(halt.file.parents[3], what, reason, outcome=operations.ASKED)
    halt.file.unlink(missing_ok=True)
