"""`ledgerctl recon import`: a file of a bank or processor, taken in once.

Owns: options, the plan, what a finding stops.
Never: reads bytes itself (`streams/reconciliation/external`), sends (`sending.py`).
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import click

from ingress.sdk.stamp import now_us
from ops import operations
from ops.console import execute_option, show_plan
from ops.exits import DIFFERENCES
from ops.operations import reason_option
from ops.recon.files import FILE, mapping_of, told
from ops.recon.sending import Intake, before_at
from ops.settings import read_settings
from schemas.messages.external import StatementPart
from schemas.messages.recon import ExceptionOpened
from streams.reconciliation.external.canonical import BankFile
from streams.reconciliation.external.checks import DuplicateFile, Finding, findings_of
from streams.reconciliation.external.exceptions.openings import opened_by
from streams.reconciliation.external.parts import parts_of
from streams.reconciliation.external.readers import read_file
from topics.catalog import EXTERNAL_STATEMENTS


@click.command("import")
@click.argument("file", type=FILE)
@click.option("--source", default="", help="Whose file it is; else the name of its format.")
@click.option("--mapping", type=FILE, help="Columns of a processor's table, as TOML.")
@click.option("--despite-findings", is_flag=True, help="Take it in all the same; the names stay.")
@reason_option
@execute_option
def import_(  # noqa: PLR0913 - one parameter per option
    file: Path,
    source: str,
    mapping: Path | None,
    reason: str,
    *,
    despite_findings: bool,
    execute: bool,
) -> None:
    """Take in a file, all of it or nothing; the same bytes a second time are no news."""
    operations.require_reason(reason, execute=execute)
    found = read_file(file.read_bytes(), source, mapping_of(mapping))
    settings = read_settings()
    # Only who writes may fence who writes now: a plan reads, and touches nothing.
    intake = Intake(settings.broker()) if execute else None
    findings = findings_of(found, intake.before() if intake else before_at(settings.broker()))
    if findings and isinstance(findings[0], DuplicateFile):
        click.echo(f"{found.fingerprint} was taken in before: nothing to do")
        return
    for finding in findings:
        click.echo(f"{type(finding).__name__}: {told(finding)}")
    if findings and not despite_findings:
        click.echo("nothing was taken in: see the findings, or say --despite-findings")
        click.get_current_context().exit(DIFFERENCES)
    parts = list(parts_of(found, names_of(findings)))
    opened = opened_by(findings, found.statements)

    def act() -> None:
        assert intake is not None, "a plan does not act"
        intake.take_in(parts, opened, now_us())
        what = f"take in {file.name}, {found.fingerprint}, findings {', '.join(names_of(findings))}"
        operations.record(settings.state_dir, what, reason)

    show_plan(plan_of(found, parts, opened), execute=execute, act=act)


def names_of(findings: tuple[Finding, ...]) -> tuple[str, ...]:
    """Return the names of findings, each once."""
    return tuple(sorted({type(each).__name__ for each in findings}))


def plan_of(
    file: BankFile, parts: list[StatementPart], opened: Sequence[ExceptionOpened]
) -> list[str]:
    """Say what will be written, in words."""
    return [
        f"{each.kind} {each.statement_id} of {each.account}: {len(each.lines)} lines"
        for each in file.statements
    ] + [
        *(f"open {each.case_id}: {each.detail}" for each in opened),
        f"{len(parts)} records to {EXTERNAL_STATEMENTS.name}, in one transaction",
    ]
