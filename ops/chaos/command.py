"""`ledgerctl chaos`: everything goes wrong for some minutes, then everything is compared.

Owns: options, the folder of the stack, where the report goes, the exit code.
Never: leaves a process behind.
"""

from __future__ import annotations

import json
import secrets
import shutil
import sys
import tempfile
from pathlib import Path
from typing import Final

import click

from ops.chaos.report import document_of, page_of, summary_of
from ops.chaos.run import chaos as run_chaos
from ops.stack import PASSABLE, StackError

REPORTS: Final = Path(".report/chaos")
SEEDS: Final = 2**31
MINUTE_S: Final = 60
EXIT_BROKEN: Final = 1
EXIT_AWAY: Final = 3


@click.command()
@click.option("--minutes", default=10.0, show_default=True, help="How long faults happen.")
@click.option("--seed", type=int, help="The same seed is the same schedule; else a new one.")
@click.option(
    "--report",
    type=click.Path(path_type=Path, file_okay=False),
    default=REPORTS,
    show_default=True,
    help="Folder of the report: chaos.json and chaos.html.",
)
@click.option("--keep", is_flag=True, help="Leave logs and data of the stack where they are.")
def chaos(*, minutes: float, seed: int | None, report: Path, keep: bool) -> None:
    """Kill, freeze, cut and fill everything at random times, then compare everything."""
    seed = secrets.randbelow(SEEDS) if seed is None else seed
    root = Path(tempfile.mkdtemp(prefix="ledger-chaos-"))
    root.chmod(PASSABLE)
    try:
        outcome = run_chaos(root, seed, minutes * MINUTE_S, click.echo)
    except StackError as error:
        click.echo(f"error: {error}", err=True)
        sys.exit(EXIT_AWAY)
    finally:
        if keep:
            click.echo(f"logs and data: {root}")
        else:
            shutil.rmtree(root, ignore_errors=True)
    document = document_of(outcome)
    report.mkdir(parents=True, exist_ok=True)
    (report / "chaos.json").write_text(json.dumps(document) + "\n", encoding="utf-8")
    (report / "chaos.html").write_text(page_of(document), encoding="utf-8")
    for name, figure in summary_of(document):
        click.echo(f"{name}: {figure}")
    for each in outcome.broken:
        click.echo(f"BROKEN {each}")
    click.echo(f"report: {report / 'chaos.html'}")
    sys.exit(0 if outcome.holds else EXIT_BROKEN)
