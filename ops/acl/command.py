"""`ledgerctl acl plan|apply`.

Owns: options and output.
Never: plans (`topics.acl.plan`) or executes (`topics.acl.execute`).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import asdict
from typing import Any, TypeVar

import click

from ops import operations
from ops.console import execute_option, json_option, show_json, show_plan
from ops.exits import DIFFERENCES
from ops.operations import reason_option
from ops.settings import read_settings
from schemas.access.kafka import Servers
from topics.acl.execute import apply_acl, read_acl
from topics.acl.plan import AclPlan, compare, wanted

F = TypeVar("F", bound=Callable[..., Any])


def chosen(command: F) -> F:
    """Add the options that say who is who."""
    for option in (
        click.option("--env", default="local", show_default=True, help="As LEDGER_ENV."),
        click.option(
            "--principal",
            "principals",
            multiple=True,
            metavar="PROCESS=PRINCIPAL",
            help="Who a process is, unless User:ledger-PROCESS.",
        ),
        click.option(
            "--keep", multiple=True, metavar="PRINCIPAL", help="Whose entries are left alone."
        ),
    ):
        command = option(command)
    return command


@click.group()
def acl() -> None:
    """Make the brokers' access lists equal the table of processes."""


@acl.command()
@chosen
@json_option
@click.pass_context
def plan(
    ctx: click.Context, env: str, principals: Sequence[str], keep: Sequence[str], *, as_json: bool
) -> None:
    """Show what is missing and what is too much. Exit code 1 when there is anything."""
    made = _planned(read_settings().broker(), env, principals, keep)
    if as_json:
        show_json(
            {
                "missing": [asdict(each) for each in made.missing],
                "excess": [asdict(each) for each in made.excess],
            }
        )
    else:
        show_plan(made.lines(), execute=False, act=_nothing)
    if made.lines():
        ctx.exit(DIFFERENCES)


@acl.command()
@chosen
@reason_option
@execute_option
def apply(
    env: str, principals: Sequence[str], keep: Sequence[str], reason: str, *, execute: bool
) -> None:
    """Add what is missing, then remove what is too much."""
    operations.require_reason(reason, execute=execute)
    settings = read_settings()
    made = _planned(settings.broker(), env, principals, keep)

    def act() -> None:
        apply_acl(settings.broker(), made)
        what = f"access lists: {len(made.missing)} added, {len(made.excess)} removed"
        operations.record(settings.state_dir, what, reason)

    show_plan(made.lines(), execute=execute, act=act)


def _planned(kafka: Servers, env: str, principals: Sequence[str], keep: Sequence[str]) -> AclPlan:
    given: dict[str, str] = {}
    for text in principals:
        process, _, principal = text.partition("=")
        if not principal:
            raise click.UsageError(f"--principal {text}: PROCESS=User:NAME")
        given[process] = principal
    needed = wanted(env, given)
    return compare(read_acl(kafka), needed, keep)


def _nothing() -> None:
    """Only plan."""
