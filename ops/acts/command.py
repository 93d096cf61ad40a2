"""`ledgerctl audit list | send | check`.

Owns: options and output.
Never: changes a file of records.
"""

from __future__ import annotations

from pathlib import Path

import click

from ingress.acts.line import read_line
from ingress.acts.spool import Spool
from ops import operations
from ops.acts.reading import acts_in, missing, reasons_in
from ops.acts.sending import send_waiting
from ops.console import execute_option, json_option, show_json, show_plan, show_rows
from ops.exits import DIFFERENCES
from ops.operations import FILE, reason_option
from ops.reading import read_log
from ops.settings import read_settings

file_option = click.option(
    "--file",
    "given",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Lines of a door or machine; default: those of ledgerctl here.",
)


@click.group()
def audit() -> None:
    """Show what operators did, from the ledger's own chain."""


@audit.command("list")
@click.option("--actor", help="Only what this one did.")
@click.option("--subject", help="Only what was about this wallet or thing.")
@click.option("--limit", type=click.IntRange(1, 10_000), default=100, show_default=True)
@file_option
@json_option
def list_acts(
    actor: str | None, subject: str | None, limit: int, given: Path | None, *, as_json: bool
) -> None:
    """Show the latest acts, newest last; with the reason where the file here has the line."""
    settings = read_settings()
    found = [
        each
        for each in acts_in(read_log(settings.broker()))
        if actor in {None, each.event.act.actor} and subject in {None, each.event.act.subject}
    ]
    found.sort(key=lambda each: (each.event.act.acted_at, each.partition, each.sequence))
    reasons = reasons_in(_lines(given or settings.state_dir / FILE))
    rows = [each.row(reasons) for each in found[-limit:]]
    show_rows(rows, as_json=as_json, empty="nobody did anything")


@audit.command()
@file_option
@reason_option
@execute_option
def send(given: Path | None, reason: str, *, execute: bool) -> None:
    """Send the records that wait in a file because the log was away."""
    operations.require_reason(reason, execute=execute)
    settings = read_settings()
    file = given or settings.state_dir / FILE
    waiting = Spool(file).waiting()

    def act() -> None:
        count = send_waiting(settings, file)
        operations.record(settings.state_dir, f"send {count} records of {file}", reason)

    lines = [f"send {len(waiting)} lines of {file}, and what follows"] if waiting else []
    show_plan(lines, execute=execute, act=act)


@audit.command()
@file_option
@json_option
@click.pass_context
def check(ctx: click.Context, given: Path | None, *, as_json: bool) -> None:
    """Hold a file against the chain: every line must be in it as it stands. Exit code 1 if not.

    Lines without a salt are for the file alone, and only counted.
    """
    settings = read_settings()
    lines = _lines(given or settings.state_dir / FILE)
    wrong = missing(lines, acts_in(read_log(settings.broker())))
    own = sum(read_line(line) is None for line in lines)
    if as_json:
        show_json({"lines": len(lines), "own": own, "missing": wrong})
    else:
        right = f"{len(lines) - own} lines, all in the chain; {own} for the file alone"
        show_rows(wrong, as_json=False, empty=right)
    if wrong:
        ctx.exit(DIFFERENCES)


def _lines(file: Path) -> list[bytes]:
    return file.read_bytes().splitlines() if file.exists() else []
