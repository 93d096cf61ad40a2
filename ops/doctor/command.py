"""`ledgerctl doctor`.

Owns: output and exit code.
Never: checks; `checks.py` does.
"""

from __future__ import annotations

import os
from dataclasses import asdict

import click
from rich.console import Console

from ops.console import json_option, show_json
from ops.doctor.checks import examine
from ops.doctor.finding import Finding
from ops.exits import AWAY, DIFFERENCES


@click.command()
@json_option
@click.pass_context
def doctor(ctx: click.Context, *, as_json: bool) -> None:
    """Check settings, Python, Java, disk, servers, topics, records, clocks and workers.

    Each finding is one line, with the cure when something is ill. Of the topics the latest records
    are looked at: who wrote them, by which schema, where they lie.

    Exit code 1 when something is wrong, 3 when a server is away.
    """
    console = Console(soft_wrap=True, highlight=False)
    findings: list[Finding] = []
    for finding in examine(os.environ):
        findings.append(finding)
        if not as_json:
            mark = "[green]well[/]" if finding.well else "[red]ill [/]"
            console.print(f"{mark}  {finding.check:<16}", end="")
            console.print(finding.line(), markup=False)
    if as_json:
        show_json([asdict(finding) for finding in findings])
    if any(finding.away for finding in findings):
        ctx.exit(AWAY)
    if any(not finding.well for finding in findings):
        ctx.exit(DIFFERENCES)
