"""`ledgerctl recon breaks`: what differs.

Owns: options and output.
Never: compares; the match job did.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import click

from ops.console import json_option, show_rows, time_text
from ops.exits import DIFFERENCES
from ops.recon.found import Break
from ops.recon.reading import read_found
from ops.settings import read_settings


@click.command()
@click.option("--all", "also_closed", is_flag=True, help="Also those that were closed.")
@json_option
@click.pass_context
def breaks(ctx: click.Context, *, also_closed: bool, as_json: bool) -> None:
    """Show open breaks, oldest first. Exit code 1 when there is one."""
    found, _ = read_found(read_settings().broker())
    rows = break_rows(found.breaks.values(), also_closed=also_closed)
    show_rows(rows, as_json=as_json, empty="no break")
    if any(each.closed_at is None for each in found.breaks.values()):
        ctx.exit(DIFFERENCES)


def break_rows(found: Iterable[Break], *, also_closed: bool) -> list[dict[str, Any]]:
    """Return breaks as rows."""
    chosen = [each for each in found if also_closed or each.closed_at is None]
    return [
        {
            "id": each.opened.break_id,
            "check": each.opened.check.name,
            "severity": each.opened.severity.name,
            "action": each.opened.action.name,
            "partition": each.opened.partition,
            "sequence": each.opened.sequence or None,
            "about": each.opened.subject,
            "since": time_text(each.opened_at),
            "closed": None if each.closed_at is None else time_text(each.closed_at),
            "detail": each.opened.detail,
        }
        for each in sorted(chosen, key=lambda each: (each.opened_at, each.opened.break_id))
    ]
