"""The demo's report: what happened and why it adds up, as tables.

Owns: the wording and the layout.
Never: computes; the figures come from the run and the audit.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from rich.markup import escape
from rich.table import Table

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from rich.console import Console

    from ops.audit.totals import Totals
    from ops.checker.report import Report
    from ops.demo.reconciled import Reconciled
    from ops.demo.run import Ended
    from ops.demo.traffic import Figures

GOOD: Final = "[green]yes[/green]"
BAD: Final = "[bold red]NO[/bold red]"


def show(console: Console, ended: Ended) -> None:
    """Print everything a reader needs to believe the run, or to see what is wrong."""
    console.print(_outcomes(ended.audit.totals))
    console.print(_trial_balance(ended.audit.totals))
    console.print(_reconciled(ended.reconciled))
    console.print(_checks(ended.report))
    console.print(_speed(ended.figures))
    for finding in [*ended.reconciled.breaks, *map(str, ended.report.findings)][:20]:
        console.print(f"[bold red]difference:[/bold red] {escape(finding)}")


def _outcomes(totals: Totals) -> Table:
    table = Table(title="What became of the commands", title_justify="left")
    table.add_column("outcome")
    table.add_column("reason")
    table.add_column("commands", justify="right")
    for (outcome, reason), count in sorted(
        totals.outcomes.items(), key=lambda item: (item[0][0], -item[1])
    ):
        table.add_row(outcome.lower(), reason or "-", f"{count:,}")
    table.add_section()
    table.add_row("all", "", f"{totals.commands:,}")
    return table


def _trial_balance(totals: Totals) -> Table:
    sums = totals.trial_balance()
    partitions = sorted({partition for partition, _ in sums})
    currencies = sorted({currency for _, currency in sums})
    flight = totals.in_flight()
    table = Table(title="Trial balance: the sum of all accounts, minor units", title_justify="left")
    table.add_column("currency")
    for partition in partitions:
        table.add_column(f"p{partition}", justify="right")
    table.add_column("in flight", justify="right")
    for currency in currencies:
        cells = [_zero(sums.get((partition, currency), 0)) for partition in partitions]
        table.add_row(currency, *cells, _zero(flight.get(currency, 0)))
    return table


def _zero(minor: int) -> str:
    return "0" if minor == 0 else f"[bold red]{minor:,}[/bold red]"


def _reconciled(found: Reconciled) -> Table:
    proof = found.proof
    title = f"Reconciliation: cut {proof.k} through {proof.partitions} partitions, minor units"
    table = Table(title=title, title_justify="left")
    table.add_column("currency")
    for name in ("all accounts", "between partitions", "in flight by the legs"):
        table.add_column(name, justify="right")
    table.add_column("equal")
    for each in proof.money:
        equal = GOOD if proof.equal else BAD
        table.add_row(
            each.currency, _zero(each.trial), f"{each.between:,}", f"{each.in_flight:,}", equal
        )
    table.add_section()
    table.add_row("breaks", _zero(len(found.breaks)))
    return table


def _checks(report: Report) -> Table:
    table = Table(title="Everything against everything", title_justify="left")
    table.add_column("check", justify="right")
    table.add_column("what holds")
    table.add_column("looked at", justify="right")
    table.add_column("holds")
    for result in report.results.values():
        holds = BAD if result.found else GOOD
        table.add_row(str(result.check), result.name, f"{result.looked_at:,}", holds)
    return table


def _speed(figures: Figures) -> Table:
    table = Table(title="Speed and recovery", title_justify="left", show_header=False)
    table.add_column("figure")
    table.add_column("value", justify="right")
    for name, value in figures.lines():
        table.add_row(name, value)
    return table


def show_next(console: Console, lines: Mapping[str, Sequence[str]]) -> None:
    """Print commands to try next, ready to paste."""
    for title, commands in lines.items():
        console.print(f"\n[bold]{title}[/bold]")
        for command in commands:
            console.print(f"  {command}", highlight=False, markup=False, soft_wrap=True)
