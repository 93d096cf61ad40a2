"""`ledgerctl topics plan|apply`.

Owns: options and output.
Never: plans (`topics.plan`) or executes (`topics.execute`).
"""

from __future__ import annotations

import click

from ops import operations
from ops.console import execute_option, json_option, show_json, show_plan
from ops.exits import DIFFERENCES
from ops.operations import reason_option
from ops.settings import read_settings
from topics import execute as execution
from topics.plan import Plan
from topics.plan import plan as make_plan

partitions_option = click.option(
    "--partitions", type=int, help="Of every topic, for life; default: what exists, else 8."
)


@click.group()
def topics() -> None:
    """Make a cluster's topics equal the catalogue."""


@topics.command()
@partitions_option
@json_option
@click.pass_context
def plan(ctx: click.Context, partitions: int | None, *, as_json: bool) -> None:
    """Show what `apply` would do. Exit code 1 when there is anything."""
    made = make_plan(execution.describe(read_settings().broker()), partitions)
    if as_json:
        show_json(_document(made))
    else:
        show_plan(_lines(made), execute=False, act=_nothing)
    if made.actions or made.problems:
        ctx.exit(DIFFERENCES)


@topics.command()
@partitions_option
@reason_option
@execute_option
@click.pass_context
def apply(ctx: click.Context, partitions: int | None, reason: str, *, execute: bool) -> None:
    """Create missing topics and correct settings; a partition count is never changed.

    A reason is not demanded: a new cluster has one, and starts by itself.
    """
    settings = read_settings()
    address = settings.broker()
    made = make_plan(execution.describe(address), partitions)
    if made.problems:
        for problem in made.problems:
            click.echo(f"error: {problem.text()}", err=True)
        ctx.exit(DIFFERENCES)

    def act() -> None:
        execution.apply(address, made.actions)
        what = "; ".join(action.text() for action in made.actions)
        # Not into the chain: there may be none yet, and a restore needs topics without a record.
        operations.keep(settings.state_dir, what, reason)

    show_plan(_lines(made), execute=execute, act=act)


def _lines(made: Plan) -> list[str]:
    return [each.text() for each in (*made.problems, *made.actions)]


def _document(made: Plan) -> dict[str, object]:
    return {
        "partitions": made.partitions,
        "actions": [action.text() for action in made.actions],
        "problems": [problem.text() for problem in made.problems],
    }


def _nothing() -> None:
    """Only plan."""
