"""`ledgerctl state at`: a partition rebuilt up to an offset or a time.

Owns: options, output, the scratch store.
Never: folds; `rebuild.py` does.
"""

from __future__ import annotations

from contextlib import closing
from pathlib import Path
from tempfile import TemporaryDirectory

import click

from ops.advance import spans_of, told
from ops.console import json_option, show_json, time_text
from ops.exits import DIFFERENCES
from ops.moment import micros_of
from ops.past.rebuild import End, Rebuild, State, contradicted
from ops.proof.command import trusted_by
from ops.proof.signing import read_notes
from ops.reading import TopicReader
from ops.settings import read_settings
from streams.runtime.store import StoreRoot
from topics.catalog import EVENTS


@click.group()
def state() -> None:
    """Rebuild a partition as it was."""


@state.command()
@click.option("--partition", required=True, type=click.IntRange(min=0))
@click.option(
    "--offset", type=click.IntRange(min=0), help="The last record of the log that counts."
)
@click.option("--time", "time_", help="The last time that counts, such as 2026-11-29T06:00Z.")
@click.option("--key", "keys", multiple=True, help="A signer's public key, to compare with.")
@json_option
@click.pass_context
def at(  # noqa: PLR0913 - one parameter per option
    ctx: click.Context,
    partition: int,
    offset: int | None,
    time_: str | None,
    keys: tuple[str, ...],
    *,
    as_json: bool,
) -> None:
    """Fold the log from its beginning up to a place; print hashes, chain head, tree root, counts.

    Every signed checkpoint up to there is compared with the tree and the chain of the log: both
    commit to all Decisions, and the state follows from them. Exit code 1 when one differs.
    """
    if (offset is None) == (time_ is None):
        raise click.UsageError("say --offset or --time")
    end = End(offset, None if time_ is None else micros_of(time_, "--time"))
    address, differences = read_settings().broker(), list[str]()
    notes = read_notes(address, trusted_by(keys), differences) if keys else {}
    signed = [each.checkpoint for each in notes.get(partition, ())]
    with (
        closing(TopicReader(address, EVENTS.name)) as reader,
        TemporaryDirectory(prefix="ledger-state-") as folder,
        closing(StoreRoot(Path(folder)).open("state", partition)) as store,
    ):
        if partition >= reader.partitions:
            raise click.UsageError(f"--partition is below {reader.partitions}")
        rebuild = Rebuild(partition, store, {each.size for each in signed})
        records = told(reader.read([partition]), spans_of(reader, (partition,)), "state")
        found = rebuild.run(records, end)
    differences += contradicted(signed, found)
    compared = sum(each.size <= found.sequence for each in signed)
    if as_json:
        show_json({**_document(found), "checkpoints": compared, "differences": differences})
    else:
        for name, value in _document(found).items():
            click.echo(f"{name:<14}{value}")
        click.echo(f"{'checkpoints':<14}{compared} compared")
    for line in differences:
        click.echo(f"difference: {line}", err=True)
    if differences:
        ctx.exit(DIFFERENCES)


def _document(found: State) -> dict[str, object]:
    return {
        "partition": found.partition,
        "sequence": found.sequence,
        "next_offset": found.next_offset,
        "decided_at": time_text(found.decided_at),
        "state_hash": found.hash,
        "money_hash": found.money_hash,
        "chain": found.chain.hex(),
        "root": found.root.hex(),
        "rows": dict(sorted(found.rows.items())),
    }
