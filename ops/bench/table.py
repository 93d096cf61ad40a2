"""How figures are shown: one JSON object, or a table.

Owns: that, and the exit code of figures of a wrong ledger.
Never: computes one.
"""

from __future__ import annotations

import json
import sys
from typing import Any

import click
from rich.console import Console
from rich.table import Table

from ops.bench.about import about_this
from ops.exits import DIFFERENCES


def show(figures: dict[str, Any], *, as_json: bool) -> None:
    """Print the figures, and before them where they come from."""
    figures = {**about_this(), **figures}
    if as_json:
        click.echo(json.dumps(figures))
    else:
        Console().print(_table(figures))
    if figures.get("differences"):
        sys.exit(DIFFERENCES)


def _table(figures: dict[str, Any]) -> Table:
    table = Table(show_header=False)
    for name, value in figures.items():
        shown = (
            "\n".join(f"{k} {v}" for k, v in value.items()) if isinstance(value, dict) else value
        )
        table.add_row(name, str(shown))
    return table
