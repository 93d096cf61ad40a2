"""`ledgerctl verify consistency | balances`: what was signed, held against what is there.

Owns: options and output.
Never: judges; `ops.proof.consistency` and `balances.py` do.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click

from ledger.merkle import ProofError
from ledger.sealing import LogError
from ops.console import json_option, show_json, show_rows
from ops.errors import DocumentError
from ops.exits import DIFFERENCES
from ops.json_file import json_in
from ops.proof.command import READ, key_option, trusted_by
from ops.proof.consistency import Extension, extension_of, pairs_of
from ops.proof.note import Verifier
from ops.proof.signing import Signed, read_leaves, read_notes
from ops.reading import TopicReader, raise_damage, sealed
from ops.settings import read_settings
from schemas.access.kafka import Servers
from topics.catalog import EVENTS

if TYPE_CHECKING:
    from ops.verify.balances import Compared

SHOWN: Final = 50
SOURCES: Final = ("postgres", "cassandra", "redis", "state")


@click.command()
@key_option
@click.option("--partition", type=click.IntRange(min=0), help="Only this one.")
@click.option("--from", "old", type=click.IntRange(min=1), help="The size of the older one.")
@click.option("--to", "new", type=click.IntRange(min=1), help="The size of the newer one.")
@click.option("--file", type=READ, help="Check what --json printed; the log is not asked.")
@json_option
@click.pass_context
def consistency(  # noqa: PLR0913 - one parameter per option
    ctx: click.Context,
    keys: tuple[str, ...],
    partition: int | None,
    old: int | None,
    new: int | None,
    file: Path | None,
    *,
    as_json: bool,
) -> None:
    """Prove that each signed checkpoint of a partition extends the one before it.

    Or two of them, by --partition, --from and --to. --json prints the proofs; --file checks them
    by the public key alone. Exit code 1 when a log does not go on as it was signed for.
    """
    trusted, differences = trusted_by(keys), list[str]()
    if file is not None:
        proofs = [Extension.parse(each) for each in _documents(file)]
    else:
        proofs = _proofs(trusted, partition, (old, new), differences)
    rows = []
    for proof in proofs:
        try:
            first, last = proof.check(trusted)
        except ProofError as error:
            differences.append(str(error))
            continue
        rows.append({"partition": first.partition, "from": first.size, "to": last.size})
    if as_json:
        show_json({"proofs": [each.document() for each in proofs], "differences": differences})
    else:
        show_rows(rows, as_json=False, empty="no checkpoint extends another")
    _end(ctx, differences)


@click.command()
@key_option
@click.option("--in", "sources", multiple=True, type=click.Choice(SOURCES), help="Only there.")
@click.option("--partition", "chosen", type=int, multiple=True, help="Only these.")
@json_option
@click.pass_context
def balances(
    ctx: click.Context,
    keys: tuple[str, ...],
    sources: tuple[str, ...],
    chosen: tuple[int, ...],
    *,
    as_json: bool,
) -> None:
    """Compare every balance that is kept with the log, and the log with what was signed.

    Without --in: every store that is named, and the workers' state where it lies here. Each is
    compared where it stands; a store that goes on while it is read is told, and is to be asked
    again. Exit code 1 names every account that differs.
    """
    from ops.verify.kept import kept_in, sources_of  # noqa: PLC0415 - brings every store's driver

    settings, trusted, unknown = read_settings(), trusted_by(keys), list[str]()
    kept = [kept_in(settings, each) for each in sources or sources_of(settings)]
    if not kept:
        raise DocumentError("no store is named and no state lies here: say where, or --in")
    notes = read_notes(settings.broker(), trusted, unknown)
    found = _compared(settings.broker(), notes, kept, chosen)
    found.differences += unknown
    if as_json:
        show_json({"compared": found.rows, "differences": found.differences})
    else:
        show_rows(found.rows, as_json=False, empty="nothing was compared")
    _end(ctx, found.differences)


def _compared(
    address: Servers, notes: dict[int, list[Signed]], kept: Sequence[Any], chosen: Sequence[int]
) -> Compared:
    from ops.verify.balances import Compared, compare_balances  # noqa: PLC0415 - as above

    whole = Compared()
    with closing(TopicReader(address, EVENTS.name)) as reader:
        for number in chosen or range(reader.partitions):
            signed = [each.checkpoint for each in notes.get(number, ())]
            try:
                log = sealed(reader.read([number]), raise_damage)
                found = compare_balances(number, log, signed, kept)
            except LogError as error:
                whole.differences.append(str(error))
                continue
            whole.rows += found.rows
            whole.differences += found.differences
    return whole


def _proofs(
    trusted: Sequence[Verifier],
    partition: int | None,
    sizes: tuple[int | None, int | None],
    differences: list[str],
) -> list[Extension]:
    """Read the log and what was signed of it; what cannot be proved is a difference."""
    address = read_settings().broker()
    notes = read_notes(address, trusted, differences)
    pairs = _two(notes, partition, *sizes) if any(sizes) else _each(notes, partition)
    wanted = {each.checkpoint.partition for each, _ in pairs}
    leaves = read_leaves(address, differences, wanted)
    proofs = []
    for old, new in pairs:
        here = leaves[old.checkpoint.partition]
        if here is None:
            continue  # damaged, and that is told
        try:
            proofs.append(extension_of(old, new, here))
        except ProofError as error:
            differences.append(f"partition {old.checkpoint.partition}: {error}")
    return proofs


def _each(notes: dict[int, list[Signed]], partition: int | None) -> list[tuple[Signed, Signed]]:
    return [
        pair
        for number, signed in sorted(notes.items())
        if partition in {None, number}
        for pair in pairs_of(signed)
    ]


def _two(
    notes: dict[int, list[Signed]], partition: int | None, old: int | None, new: int | None
) -> list[tuple[Signed, Signed]]:
    """Return the two that were asked for. Raises `DocumentError` when one was never signed."""
    if partition is None or old is None or new is None:
        raise click.UsageError("two checkpoints are --partition, --from and --to")
    by_size = {each.checkpoint.size: each for each in notes.get(partition, ())}
    for size in (old, new):
        if size not in by_size:
            raise DocumentError(f"partition {partition}: no checkpoint of {size} Decisions")
    return [(by_size[old], by_size[new])]


def _documents(file: Path) -> list[dict[str, Any]]:
    document = json_in(file)
    if not isinstance(document, dict) or not isinstance(document.get("proofs"), list):
        raise DocumentError(f"{file}: proofs: must be the list that --json printed")
    return [each for each in document["proofs"] if isinstance(each, dict)]


def _end(ctx: click.Context, differences: Sequence[str]) -> None:
    for difference in differences[:SHOWN]:
        click.echo(f"difference: {difference}", err=True)
    if len(differences) > SHOWN:
        click.echo(f"and {len(differences) - SHOWN} more", err=True)
    if differences:
        ctx.exit(DIFFERENCES)
