"""`ledgerctl recon read`: a file of a bank or processor, read and checked.

Owns: options and output.
Never: takes anything in: reading changes nothing.
"""

from __future__ import annotations

import dataclasses
from pathlib import Path
from typing import Any

import click

from ops.console import json_option, money_text, show_json, show_rows
from ops.exits import CLEAN, DIFFERENCES
from streams.reconciliation.external.canonical import Balance, BankFile, Line, Statement
from streams.reconciliation.external.checks import Finding, findings_of
from streams.reconciliation.external.readers import read_file
from streams.reconciliation.external.readers.mapping import Mapping, read_mapping

FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.command()
@click.argument("file", type=FILE)
@click.option("--source", default="", help="Whose file it is; else the name of its format.")
@click.option("--mapping", type=FILE, help="Columns of a processor's table, as TOML.")
@json_option
def read(file: Path, source: str, mapping: Path | None, *, as_json: bool) -> None:
    """Read a file and check its statements; exit 1 on a finding, 2 when it is unreadable."""
    found = read_file(file.read_bytes(), source, mapping_of(mapping))
    findings = findings_of(found)
    if as_json:
        show_json(document_of(found, findings))
    else:
        _show(found, findings)
    click.get_current_context().exit(DIFFERENCES if findings else CLEAN)


def mapping_of(path: Path | None) -> Mapping | None:
    """Read the mapping, if one was given."""
    return None if path is None else read_mapping(path.read_bytes())


def document_of(file: BankFile, findings: tuple[Finding, ...]) -> dict[str, Any]:
    """Return all that was read; amounts are decimal strings of minor units."""
    return {
        "fingerprint": file.fingerprint,
        "format": file.format,
        "statements": [_statement_document(each) for each in file.statements],
        "findings": [finding_row(each) for each in findings],
    }


def finding_row(finding: Finding) -> dict[str, Any]:
    """Return a finding with its type."""
    return {"finding": type(finding).__name__, **dataclasses.asdict(finding)}


def _statement_document(statement: Statement) -> dict[str, Any]:
    said = dataclasses.asdict(statement)
    said["lines"] = [_texts(dataclasses.asdict(line)) for line in statement.lines]
    for name in ("opening", "closing"):
        said[name] = _texts(said[name]) if said[name] else None
    said["other_balances"] = [_texts(each) for each in said["other_balances"]]
    return said


def _texts(row: dict[str, Any]) -> dict[str, Any]:
    return row | {name: str(row[name]) for name in ("amount", "fee") if name in row}


def _show(file: BankFile, findings: tuple[Finding, ...]) -> None:
    click.echo(f"{file.format} {file.fingerprint}")
    for each in file.statements:
        click.echo(
            f"\n{each.kind} {each.statement_id} of {each.account}: {len(each.lines)} lines,"
            f" opening {_balance(each.opening)}, closing {_balance(each.closing)}"
        )
        show_rows([_row(line) for line in each.lines], as_json=False, empty="no lines")
    for finding in findings:
        click.echo(f"{type(finding).__name__}: {told(finding)}")
    if not findings:
        click.echo("\nno findings")


def told(finding: Finding) -> str:
    """Return what a finding says, in words."""
    return ", ".join(f"{name} {value}" for name, value in dataclasses.asdict(finding).items())


def _balance(balance: Balance | None) -> str:
    return "not said" if balance is None else money_text(balance.amount, balance.currency)


def _row(line: Line) -> dict[str, str]:
    return {
        "seq": str(line.seq),
        "booked": line.booking_date.isoformat(),
        "value": line.value_date.isoformat(),
        "amount": money_text(line.amount, line.currency),
        "rail ref": line.rail_ref,
        "end to end": line.end_to_end_id,
        "batch": line.batch_id,
        "counterparty": line.counterparty,
        "remittance": line.remittance,
        "code": " ".join(filter(None, (line.bank_tx_code, line.return_reason))),
        "reversal": "yes" if line.reversal else "",
    }
