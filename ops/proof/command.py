"""`ledgerctl checkpoints keygen | sign | list | receipt | check-receipt | export`.

Owns: options and output.
Never: signs over a log that contradicts what was signed before. The key is the operator's, in a
file of its own: a worker can write the log, but sign nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Final

import click

from ops import operations
from ops.console import execute_option, json_option, show_json, show_plan, show_rows
from ops.errors import DocumentError
from ops.exits import DIFFERENCES
from ops.proof.export import export as export_files
from ops.proof.note import Signer, Verifier
from ops.proof.receipt import Receipt
from ops.proof.signing import plan_of, read_notes, read_receipt, send
from ops.reading import read_topic
from ops.settings import read_settings
from schemas.documents import message_to_json
from topics.catalog import EVENTS

EVERY: Final = 10_000
READ: Final = click.Path(exists=True, dir_okay=False, path_type=Path)
key_option: Final = click.option(
    "--key",
    "keys",
    multiple=True,
    required=True,
    help="A signer's public key, name+id+key, as keygen printed it; again for an older one.",
)


@click.group()
def checkpoints() -> None:
    """Sign what the log is, and prove with it that a Decision is in it."""


@checkpoints.command()
@click.argument("name")
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
def keygen(name: str, file: Path) -> None:
    """Make a key: the private half into FILE, readable by you alone, the public half printed."""
    signer = Signer.generate(name)
    try:
        file.touch(mode=0o600, exist_ok=False)
    except FileExistsError as error:
        raise DocumentError(f"{file} exists: a key is never written over") from error
    file.write_text(f"{signer.text()}\n", encoding="utf-8")
    click.echo(signer.verifier().text())


@checkpoints.command()
@click.option("--key-file", required=True, type=READ, help="The private key of keygen.")
@click.option("--trusted", multiple=True, help="The public key of an earlier signer.")
@click.option("--every", default=EVERY, show_default=True, type=click.IntRange(min=1))
@click.option("--reason", default="", help="Why, for the record of operations.")
@execute_option
@click.pass_context
def sign(  # noqa: PLR0913 - one parameter per option
    ctx: click.Context,
    key_file: Path,
    trusted: tuple[str, ...],
    every: int,
    reason: str,
    *,
    execute: bool,
) -> None:
    """Sign each partition at every EVERY Decisions and where it stands now.

    The whole log is read again and compared with everything that was signed before. A partition
    that differs is not signed; what differs is printed, and the exit code is 1.
    """
    operations.require_reason(reason, execute=execute)
    settings = read_settings()
    signer = Signer.parse(key_file.read_text(encoding="utf-8"))
    known = [signer.verifier(), *map(Verifier.parse, trusted)]
    plan = plan_of(settings.broker(), known, every)
    for line in plan.differences:
        click.echo(line)

    def act() -> None:
        send(settings.broker(), signer, plan.fresh)
        # Not into the chain: there it would have to be signed, and so on without end.
        what = f"sign {len(plan.fresh)} checkpoints"
        operations.keep(settings.state_dir, what, reason)

    show_plan(plan.lines(), execute=execute, act=act)
    if plan.differences:
        ctx.exit(DIFFERENCES)


@checkpoints.command("list")
@key_option
@json_option
@click.pass_context
def list_(ctx: click.Context, keys: tuple[str, ...], *, as_json: bool) -> None:
    """Show the signed checkpoints, each signature checked; what nobody known has signed, too."""
    differences: list[str] = []
    notes = read_notes(read_settings().broker(), trusted_by(keys), differences)
    rows = [
        {
            "partition": number,
            "decisions": each.checkpoint.size,
            "root": each.checkpoint.root.hex(),
            "chain": each.checkpoint.chain.hex(),
        }
        for number, signed in sorted(notes.items())
        for each in signed
    ]
    show_rows(rows, as_json=as_json, empty="no checkpoint has been signed")
    for line in differences:
        click.echo(line, err=True)
    if differences:
        ctx.exit(DIFFERENCES)


@checkpoints.command()
@key_option
@click.option("--partition", required=True, type=click.IntRange(min=0))
@click.option("--sequence", required=True, type=click.IntRange(min=1))
def receipt(keys: tuple[str, ...], partition: int, sequence: int) -> None:
    """Print the receipt of one Decision, by the first checkpoint that covers it."""
    address = read_settings().broker()
    notes = read_notes(address, trusted_by(keys), []).get(partition, [])
    covering = [each for each in notes if each.checkpoint.size >= sequence]
    if not covering:
        raise DocumentError(f"no checkpoint covers sequence {sequence} of partition {partition}")
    signed = min(covering, key=lambda each: each.checkpoint.size)
    click.echo(read_receipt(address, signed, sequence).as_json())


@checkpoints.command("check-receipt")
@click.argument("file", type=READ)
@key_option
@json_option
def check_receipt(file: Path, keys: tuple[str, ...], *, as_json: bool) -> None:
    """Check a receipt by the public key alone; no broker is asked."""
    made = Receipt.parse(file.read_text(encoding="utf-8"))
    checkpoint, decision = made.check(trusted_by(keys))
    if as_json:
        show_json(message_to_json(decision))
        return
    click.echo(
        f"{checkpoint.ledger_id}, partition {decision.partition}, sequence {decision.sequence}: "
        f"{decision.outcome.value} for wallet {decision.wallet_id or 'of nobody'}, "
        f"one of the first {checkpoint.size} Decisions that were signed for"
    )


@checkpoints.command()
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path))
@key_option
def export(folder: Path, keys: tuple[str, ...]) -> None:
    """Write log and checkpoints as files that verifier/verify_ledger.py checks on its own."""
    address = read_settings().broker()
    differences: list[str] = []
    notes = read_notes(address, trusted_by(keys), differences)
    for line in differences:
        click.echo(line, err=True)
    texts = [each.note for _, signed in sorted(notes.items()) for each in signed]
    counts = export_files(folder, read_topic(address, EVENTS.name), texts)
    quoted = " ".join(f"'{key}'" for key in keys)
    click.echo(
        f"{sum(counts.values())} records of {len(counts)} partitions, {len(texts)} checkpoints\n"
        f"check them: python verifier/verify_ledger.py {folder} {quoted}"
    )


def trusted_by(keys: Sequence[str]) -> list[Verifier]:
    """Read public keys. Raises `NoteError`."""
    return [Verifier.parse(key) for key in keys]
