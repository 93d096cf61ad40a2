"""`ledgerctl verify log | all`, and the group that `signed_command.py` adds to.

Owns: options and output.
Never: judges; `check.py` and `ops.checker` do.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from ops.advance import read_told
from ops.console import json_option, show_json, show_rows
from ops.exits import DIFFERENCES
from ops.proof.command import check_receipt
from ops.settings import Settings, read_settings
from ops.verify.chain import verify_chain
from ops.verify.check import Verdict, verify_records
from ops.verify.signed_command import balances, consistency
from topics.catalog import EVENTS

if TYPE_CHECKING:
    from ops.checker.report import Report
    from ops.checker.targets import Targets

SHOWN = 50
CHAIN = "chain, seals and sequences"
EVERYTHING = "chain, seals, sequences, entries and balances"


@click.group()
def verify() -> None:
    """Check the log against its own rules, or everything against everything."""


@verify.command()
@click.option("--partition", "partitions", type=int, multiple=True, help="Only these.")
@click.option("--chain-only", is_flag=True, help="Chain, seals and sequences: nothing adds up.")
@json_option
@click.pass_context
def log(
    ctx: click.Context, partitions: tuple[int, ...], *, chain_only: bool, as_json: bool
) -> None:
    """Recompute chain, seals, sequences, entries and balances from the first record on.

    Exit code 1 names partition and sequence of what differs.
    """
    address = read_settings().broker()
    check = verify_chain if chain_only else verify_records
    verdict = check(read_told(address, EVENTS.name, partitions, "verify"))
    if as_json:
        show_json(
            {
                "decisions": dict(sorted(verdict.decisions.items())),
                "last_sequence": dict(sorted(verdict.last_sequence.items())),
                "differences": verdict.differences,
            }
        )
    else:
        _show(verdict, CHAIN if chain_only else EVERYTHING)
    if verdict.differences:
        ctx.exit(DIFFERENCES)


@verify.command("all")
@click.option("--ledger-id", default="main", show_default=True, help="As the workers are told it.")
@click.option("--nothing-reserved", is_flag=True, help="Open holds and reviews are differences.")
@json_option
@click.pass_context
def everything(
    ctx: click.Context, ledger_id: str, *, nothing_reserved: bool, as_json: bool
) -> None:
    """Run every check over all topics and stores of a ledger at rest: nothing is sampled.

    Each input is decided again, by the ledger and by a second model; each store is read row by row.
    Stores without an address and workers without a state folder are left out, and named. Exit code
    1 names every difference.
    """
    from ops.checker.check import check_everything  # noqa: PLC0415 - brings every store's driver

    report = check_everything(
        _targets(read_settings(), ledger_id, nothing_reserved=nothing_reserved)
    )
    if as_json:
        show_json(report.as_json())
    else:
        _show_report(report)
    if not report.holds:
        ctx.exit(DIFFERENCES)


def _targets(settings: Settings, ledger_id: str, *, nothing_reserved: bool) -> Targets:
    from ops.checker.state import owners_in  # noqa: PLC0415 - as above
    from ops.checker.targets import Targets  # noqa: PLC0415

    return Targets(
        kafka=settings.broker(),
        postgres=settings.postgres or None,
        cassandra=settings.cassandra or None,
        redis=settings.redis or None,
        state=owners_in(settings.state_dir) or None,
        ledger_id=ledger_id,
        holds_may_stay=not nothing_reserved,
    )


def _show_report(report: Report) -> None:
    show_rows(report.rows(), as_json=False)
    for result in report.results.values():
        for note in result.notes[:SHOWN]:
            click.echo(f"note, check {result.check}: {note}")
    _show_differences([str(each) for each in report.findings])
    if report.holds:
        click.echo(f"{report.decisions:,} Decisions and all that follows from them hold")


def _show(verdict: Verdict, checked: str) -> None:
    rows = [
        {"partition": number, "decisions": count, "last sequence": verdict.last_sequence[number]}
        for number, count in sorted(verdict.decisions.items())
    ]
    show_rows(rows, as_json=False, empty="the log is empty")
    _show_differences(verdict.differences)
    if not verdict.differences:
        total = sum(verdict.decisions.values())
        click.echo(f"{total:,} Decisions: {checked} hold")


def _show_differences(differences: list[str]) -> None:
    for difference in differences[:SHOWN]:
        click.echo(f"difference: {difference}", err=True)
    if len(differences) > SHOWN:
        click.echo(f"and {len(differences) - SHOWN} more", err=True)


for _command in (consistency, balances):
    verify.add_command(_command)
verify.add_command(
    check_receipt, "receipt"
)  # `ledgerctl checkpoints check-receipt`, looked for here
