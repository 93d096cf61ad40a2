"""`ledgerctl recon state | limits`: what an owner's tables hold, against its log (RI08, RI12).

Owns: options, and which partitions are looked at. Exit code 1 when something differs.
Never: compares; `state.py` and `limits.py` do.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final, Protocol

import click

from ingress.sdk.stamp import now_us
from ops import operations
from ops.auditor.auditor import Auditor
from ops.console import execute_option, json_option
from ops.exits import DIFFERENCES
from ops.operations import reason_option
from ops.proof.command import trusted_by
from ops.proof.signing import read_notes
from ops.reading import raise_damage, sealed
from ops.recon.acting import Asked
from ops.recon.reading import read_found
from ops.recon.rounds.held import Owners, of_this_hour, owners
from ops.recon.rounds.limits import recount
from ops.recon.rounds.state import compare
from ops.recon.rounds.telling import Round, begun, tell
from ops.settings import Settings, read_settings
from streams.reconciliation.external.exceptions.difference import Difference
from streams.runtime.store import StoreRoot
from streams.wallet.genesis import genesis_policy, genesis_ruleset
from topics.partitioning import partition_of

partition_option: Final = click.option(
    "--partition", "chosen", multiple=True, type=click.IntRange(min=0), help="Only these."
)
sample_option: Final = click.option(
    "--sample", is_flag=True, help="One partition, the next one every hour."
)


class Looked(Protocol):
    """What looking at one partition gave."""

    @property
    def equal(self) -> bool:
        """Whether nothing differs."""

    @property
    def differences(self) -> Sequence[Difference]:
        """The breaks to tell of."""

    def document(self) -> dict[str, Any]:
        """Return it for programs."""

    def lines(self) -> Iterator[str]:
        """Return it for a person."""


Look = Callable[[Owners, int], Looked]


@click.command()
@partition_option
@sample_option
@click.option("--key", "keys", multiple=True, help="A signer's public key, to compare with.")
@reason_option
@execute_option
@json_option
@click.pass_context
def state(  # noqa: PLR0913 - one parameter per option
    ctx: click.Context,
    chosen: tuple[int, ...],
    keys: tuple[str, ...],
    reason: str,
    *,
    sample: bool,
    execute: bool,
    as_json: bool,
) -> None:
    """Build partitions again from the log; compare the tables of their owners with that (RI08).

    Workers may go on: their tables are read beside them, at the offset they have come to. With
    --key the log must also be the one that was signed.
    """
    operations.require_reason(reason, execute=execute)
    settings, unsigned = read_settings(), list[str]()
    notes = read_notes(settings.broker(), trusted_by(keys), unsigned) if keys else {}

    def look(of: Owners, partition: int) -> Looked:
        signed = [each.checkpoint for each in notes.get(partition, ())]
        with (
            of.held(partition) as held,
            TemporaryDirectory(prefix="ledger-state-") as folder,
            closing(StoreRoot(Path(folder)).open("state", partition)) as scratch,
        ):
            return compare(held, of.log(partition), scratch, signed)

    for line in unsigned:
        click.echo(f"difference: {line}", err=True)
    equal = _go(settings, (chosen, sample), look, Asked(reason, execute, as_json))
    if unsigned or not equal:
        ctx.exit(DIFFERENCES)


@click.command()
@partition_option
@sample_option
@reason_option
@execute_option
@json_option
@click.pass_context
def limits(  # noqa: PLR0913 - one parameter per option
    ctx: click.Context,
    chosen: tuple[int, ...],
    reason: str,
    *,
    sample: bool,
    execute: bool,
    as_json: bool,
) -> None:
    """Add every wallet's limit counters up again, and compare those of the owners (RI12).

    The auditor adds up, by code of its own. Workers may go on, as with `recon state`.
    """
    operations.require_reason(reason, execute=execute)
    genesis = genesis_policy(), genesis_ruleset()

    def look(of: Owners, partition: int) -> Looked:
        auditor = Auditor(lambda wallet_id: partition_of(wallet_id, of.partitions), *genesis)
        with of.held(partition) as held:
            return recount(held, sealed(of.log(partition), raise_damage), auditor)

    if not _go(read_settings(), (chosen, sample), look, Asked(reason, execute, as_json)):
        ctx.exit(DIFFERENCES)


def _go(settings: Settings, which: tuple[tuple[int, ...], bool], look: Look, asked: Asked) -> bool:
    """Look at partitions, tell, and say whether all are equal."""
    address, (chosen, sample) = settings.broker(), which
    with owners(address, settings.state_dir) as of:
        numbers, elsewhere = of.chosen(chosen), of.elsewhere()
        if sample:
            numbers = of_this_hour(numbers, now_us())
        looked = [look(of, number) for number in numbers]
    lines = [line for each in looked for line in each.lines()]
    if elsewhere and not chosen:
        lines.append(f"of partitions {', '.join(map(str, elsewhere))} nobody's state is here")
    differences = [line for each in looked for line in each.differences]
    document = {"partitions": [each.document() for each in looked], "elsewhere": elsewhere}
    known = read_found(address)
    judgement = begun(differences, known[0].cases.by_id)
    tell(Round(document, lines, differences), judgement, known, settings, asked)
    return all(each.equal for each in looked)
