"""`ledgerctl send TYPE --wallet-id W field=value ...`.

Owns: options and output.
Never: checks or encodes a command; the SDK does.
"""

from __future__ import annotations

import click

from ingress.sdk import Delivered, LedgerProducer, Result, ResultReader, WalletCommand
from ingress.sdk.bodies import BODIES
from ingress.sdk.jsonl import from_document
from ops.console import json_option, show_json, time_text
from ops.described import entry_text, would_be_document
from ops.send.arguments import conditions_of, document_of, origin_of
from ops.settings import read_settings
from schemas.access.kafka import Servers
from schemas.messages.journal import JournalEntry

DELIVERY_S = 30.0


@click.command(
    epilog="Example: ledgerctl send Transfer --wallet-id ann to_wallet_id=bob "
    "currency=EUR amount=12.50 --wait"
)
@click.argument("kind", metavar="TYPE", type=click.Choice(list(BODIES)))
@click.option("--wallet-id", required=True, help="The wallet that decides.")
@click.option("--command-id", help="Idempotency key; default: a new one.")
@click.option(
    "--if-available",
    "available",
    multiple=True,
    metavar="CURRENCY=AMOUNT",
    help="Only if the wallet has so much available.",
)
@click.option(
    "--if-sequence",
    "sequence",
    type=int,
    help="Only if the wallet's sequence is this one.",
)
@click.option(
    "--origin",
    multiple=True,
    metavar="PART=VALUE",
    help="Where it comes from, for fraud rules: device_id, country, ...",
)
@click.option("--dry-run", is_flag=True, help="Only say what would happen.")
@click.option("--wait", is_flag=True, help="Wait for the FINAL result.")
@click.option("--timeout", "timeout_s", default=30.0, show_default=True, help="Seconds to wait.")
@click.argument("fields", nargs=-1, metavar="[FIELD=VALUE]...")
@json_option
def send(  # noqa: PLR0913 - one argument per option
    kind: str,
    wallet_id: str,
    command_id: str | None,
    available: tuple[str, ...],
    sequence: int | None,
    origin: tuple[str, ...],
    timeout_s: float,
    fields: tuple[str, ...],
    *,
    dry_run: bool,
    wait: bool,
    as_json: bool,
) -> None:
    """Send one command of TYPE; amounts are decimal text, lists are separated by commas."""
    document = {**document_of(kind, fields), "wallet_id": wallet_id}
    if command_id is not None:
        document["command_id"] = command_id
    document["conditions"] = conditions_of(available, sequence)
    if origin:
        document["origin"] = origin_of(origin)
    if dry_run:
        document["dry_run"] = True
    command = from_document(document)
    address = read_settings().broker()
    if not wait:
        _show(_deliver(address, command), None, as_json=as_json)
        return
    with ResultReader(address) as results:
        delivered = _deliver(address, command)
        result = results.wait(wallet_id, command.command_id, timeout_s=timeout_s)
    _show(delivered, result, as_json=as_json)


def _deliver(address: Servers, command: WalletCommand) -> Delivered:
    with LedgerProducer(address) as producer:
        return producer.send_command(command).result(DELIVERY_S)


def _show(delivered: Delivered, result: Result | None, *, as_json: bool) -> None:
    document = {
        "command_id": delivered.command_id,
        "topic": delivered.topic,
        "partition": delivered.partition,
        "offset": delivered.offset,
        "append_time_us": delivered.append_time_us,
    }
    if result is not None:
        document["result"] = result_document(result)
    if as_json:
        show_json(document)
        return
    appended = time_text(delivered.append_time_us or 0)
    place = f"{delivered.topic}[{delivered.partition}] offset {delivered.offset}"
    click.echo(f"command {delivered.command_id} is at {place}, {appended}")
    if result is not None:
        click.echo(result_text(result))


def result_text(result: Result) -> str:
    """Return a result as a line."""
    dry = "dry run: " if result.dry_run is not None else ""
    why = f" {result.reason.name}" if result.reason else ""
    detail = f" ({result.detail})" if result.detail else ""
    where = f"partition {result.partition}, sequence {result.sequence}"
    would = "".join(f"\n  would post {entry_text(each)}" for each in _foreseen(result))
    return f"{dry}{result.outcome.name}{why}{detail}, {result.stage.name}: {where}{would}"


def _foreseen(result: Result) -> tuple[JournalEntry, ...]:
    return () if result.dry_run is None else result.dry_run.entries


def result_document(result: Result) -> dict[str, object]:
    """Return a result as a document."""
    return {
        "outcome": result.outcome.name,
        "reason": result.reason.name if result.reason else None,
        "detail": result.detail,
        "stage": result.stage.name,
        "partition": result.partition,
        "sequence": result.sequence,
        "duplicate_of": result.duplicate_of,
        "decided_at_us": result.decided_at,
        "dry_run": None if result.dry_run is None else would_be_document(result.dry_run),
    }
