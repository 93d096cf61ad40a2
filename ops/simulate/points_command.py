"""`ledgerctl simulate --crash-points`: every boundary struck in every way, as a table.

Owns: how the table and the wakes are shown.
Never: runs a cell; `crash_table.py` and `waking.py` do.
"""

from __future__ import annotations

from enum import StrEnum

import click

from ops.console import show_json, show_rows
from ops.simulate.crash_table import Cell, boundaries, rows, table
from ops.simulate.waking import Woken, every_wake


class Points(StrEnum):
    """What is struck."""

    TABLE = "table"
    WAKES = "wakes"
    ALL = "all"


def show_points(points: Points, *, as_json: bool) -> bool:
    """Run and show them; say whether every cell was covered and held."""
    cells = [] if points is Points.WAKES else list(table(boundaries()))
    wakes = [] if points is Points.TABLE else list(every_wake())
    if as_json:
        show_json(_document(cells, wakes))
    else:
        _show(cells, wakes)
    return all(cell.text == "held" for cell in cells) and not any(w.findings for w in wakes)


def coverage_text(cells: list[Cell]) -> str:
    """Return how much of the table was struck."""
    covered = sum(cell.covered for cell in cells)
    return f"{covered} of {len(cells)} cells struck ({100 * covered / len(cells):.0f} %)"


def _document(cells: list[Cell], wakes: list[Woken]) -> dict[str, object]:
    broken = [[cell.boundary.text, *cell.findings] for cell in cells if cell.findings]
    broken += [[f"wake at {each.operation}", *each.findings] for each in wakes if each.findings]
    return {
        "cells": len(cells),
        "covered": sum(cell.covered for cell in cells),
        "wakes": len(wakes),
        "broken": broken,
    }


def _show(cells: list[Cell], wakes: list[Woken]) -> None:
    if cells:
        show_rows(rows(cells), as_json=False)
        click.echo(coverage_text(cells))
    if wakes:
        click.echo(f"a zombie woken at each of {len(wakes)} operations of its successor's recovery")
    for cell in cells:
        for finding in cell.findings:
            click.echo(f"broken: {cell.boundary.text}: {finding}", err=True)
    for woken in wakes:
        for finding in woken.findings:
            click.echo(f"broken: woken at {woken.operation}: {finding}", err=True)
