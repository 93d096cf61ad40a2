"""`ledgerctl published check`.

Owns: options, output and exit code: 1 when anything differs; what is not published yet does not.
Never: compares.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import click

from ops.console import json_option, show_json, show_rows
from ops.exits import DIFFERENCES
from ops.published.check import Checked, check
from ops.published.reading import TopicReading
from ops.reading import last_sealed
from ops.settings import read_settings


@click.group()
def published() -> None:
    """Hold the topics for analysts against the log."""


@published.command("check")
@click.option("--partition", "partitions", type=int, multiple=True, help="Default: all of them.")
@json_option
@click.pass_context
def check_(ctx: click.Context, partitions: Sequence[int], *, as_json: bool) -> None:
    """Compare every record and every control total. Exit code 1 when something differs."""
    kafka = read_settings().broker()
    ends = {number: each.sequence if each else 0 for number, each in last_sealed(kafka).items()}
    chosen = sorted(partitions) or sorted(ends)
    found = [check(TopicReading(kafka, number), number) for number in chosen]
    rows = [_row(each, ends.get(each.partition, 0)) for each in found]
    findings = [f"partition {each.partition}: {line}" for each in found for line in each.findings]
    if as_json:
        show_json({"partitions": rows, "findings": findings})
    else:
        show_rows(rows, as_json=False)
        click.echo("\n".join(findings) or "postings, balances, changes and attempts are the log's")
    if findings:
        ctx.exit(DIFFERENCES)


def _row(checked: Checked, log: int) -> dict[str, Any]:
    return {
        "partition": checked.partition,
        "published": checked.through,
        "log": log,
        "postings": checked.postings,
        "findings": len(checked.findings),
    }
