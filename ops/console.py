"""Console: the two ways an answer is shown, a table for a person or JSON for a program.

Owns: the option --json, tables, plans of mutations, times and amounts as text.
Never: decides what is shown.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, Final

import click
from rich.console import Console
from rich.table import Table

from schemas.values import CURRENCIES, Money

MICROS: Final = 1_000_000

json_option: Final = click.option("--json", "as_json", is_flag=True, help="For programs.")
execute_option: Final = click.option(
    "--execute", is_flag=True, help="Do it; without this only the plan is printed."
)


def show_json(document: object) -> None:
    """Print a document as JSON."""
    click.echo(json.dumps(document, indent=2, default=str))


def show_rows(rows: Sequence[Mapping[str, Any]], *, as_json: bool, empty: str = "nothing") -> None:
    """Print rows of the same fields as a table, or as a JSON list."""
    if as_json:
        show_json([dict(row) for row in rows])
        return
    if not rows:
        click.echo(empty)
        return
    table = Table(*rows[0])
    for row in rows:
        table.add_row(*map(_cell, row.values()))
    Console(width=None if Console().is_terminal else WIDE).print(table)


WIDE: Final = 200  # columns when the output is no terminal, so that nothing is cut


def show_plan(lines: Sequence[str], *, execute: bool, act: Callable[[], None]) -> None:
    """Print what a mutation would do, and do it when asked."""
    for line in lines:
        click.echo(line)
    if not lines:
        click.echo("nothing to do")
    elif execute:
        act()
        click.echo("done")
    else:
        click.echo("nothing was done: add --execute to do it")


def time_text(micros: int) -> str:
    """Return a time as text, UTC."""
    return datetime.fromtimestamp(micros / MICROS, tz=UTC).isoformat(timespec="milliseconds")


def money_text(minor: int, currency: str) -> str:
    """Return an amount as decimal text with its currency."""
    found = CURRENCIES.get(currency)
    return f"{Money(minor, found).format() if found else minor} {currency}"


def _cell(value: object) -> str:
    return "" if value is None else str(value)
