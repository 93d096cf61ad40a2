"""`ledgerctl doctor`.

Owns: output and exit code.
Never: checks; `checks.py` does.
"""

from __future__ import annotations

from dataclasses import asdict

import click
from rich.console import Console

from ops.console import json_option, show_json
from ops.doctor.checks import Finding, examine
from ops.exits import AWAY, DIFFERENCES
from ops.settings import read_settings


@click.command()
@json_option
@click.pass_context
def doctor(ctx: click.Context, *, as_json: bool) -> None:
    """Check Python, Java, disk, Kafka, topics, log, stores and workers, with advice.

    Exit code 1 when something is wrong, 3 when a server is away.
    """
    console = Console(soft_wrap=True, highlight=False)
    findings: list[Finding] = []
    for finding in examine(read_settings()):
        findings.append(finding)
        if not as_json:
            mark = "[green]well[/]" if finding.well else "[red]ill [/]"
            console.print(f"{mark}  {finding.check:<16}", end="")
            console.print(finding.found, markup=False)
            if not finding.well and finding.advice:
                console.print(f"{'':<22}do: {finding.advice}", markup=False)
    if as_json:
        show_json([asdict(finding) for finding in findings])
    if any(finding.away for finding in findings):
        ctx.exit(AWAY)
    if any(not finding.well for finding in findings):
        ctx.exit(DIFFERENCES)
