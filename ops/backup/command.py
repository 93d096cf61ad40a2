"""`ledgerctl backup create | verify | restore | drill`.

Owns: options, output and exit codes.
Never: reads or writes a record; the modules beside it do.
"""

from __future__ import annotations

import time
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Final

import click

from ingress.sdk.stamp import now_us
from ops import operations
from ops.backup.archived import ARCHIVED
from ops.backup.cut import Until
from ops.backup.place import Archive
from ops.console import execute_option, json_option, show_json, show_plan, show_rows, time_text
from ops.errors import DocumentError
from ops.exits import DIFFERENCES
from ops.moment import micros_of
from ops.operations import reason_option
from ops.proof.command import trusted_by
from ops.settings import read_settings
from schemas.access.kafka import Servers

if TYPE_CHECKING:
    from ops.backup.create import Added
    from ops.backup.manifest import Manifest

MS_PER_S: Final = 1_000
SHOWN: Final = 50
LINE_EVERY_S: Final = 5.0
place_argument: Final = click.argument("place", metavar="DIR")


@click.group()
def backup() -> None:
    """Archive the log as files, and bring a ledger back from them."""


@backup.command()
@place_argument
@reason_option
@execute_option
def create(place: str, reason: str, *, execute: bool) -> None:
    """Add to the archive in DIR, a folder or an fsspec address, what is new since the last time.

    Committed records only, each topic partition up to its last stable offset. Nothing stops
    meanwhile. A run that was killed is simply run again.
    """
    from ops.backup.create import create as run  # noqa: PLC0415 - brings the client of the broker
    from topics.execute import describe  # noqa: PLC0415 - as above

    operations.require_reason(reason, execute=execute)
    settings, archive = read_settings(), Archive(place)
    found = archive.manifest()
    held = sum(span.records for span in found.spans.values()) if found else 0

    def act() -> None:
        address = settings.broker()
        manifest, added = run(archive, address, describe(address), now_us, _tell)
        operations.record(settings.state_dir, f"backup create {place}", reason)
        _show_added(manifest, added)

    plan = f"archive {len(ARCHIVED)} topics of {settings.broker()} to {place}"
    show_plan([f"{plan}, which has {held:,} records"], execute=execute, act=act)


@backup.command()
@place_argument
@click.option("--key", "keys", multiple=True, help="A signer's public key, to check signatures.")
@click.option(
    "--export",
    "folder",
    type=click.Path(path_type=Path, file_okay=False),
    help="Write the log for verifier/verify_ledger.py.",
)
@json_option
@click.pass_context
def verify(
    ctx: click.Context, place: str, keys: tuple[str, ...], folder: Path | None, *, as_json: bool
) -> None:
    """Check the archive in DIR on its own: files, offsets, chain, seals, entries, signatures.

    No broker is asked. Exit code 1 names each file, or partition and sequence.
    """
    from ops.backup.check import check, log_of, notes_of  # noqa: PLC0415 - as above

    archive, trusted = Archive(place), trusted_by(keys) if keys else []
    manifest = archive.opened()
    found = check(archive, manifest, trusted)
    counts = {
        "files": found.files,
        "records": found.records,
        "decisions": sum(found.verdict.decisions.values()),
        "checkpoints": found.checkpoints,
    }
    if as_json:
        show_json({**counts, "differences": found.differences})
    else:
        show_rows([counts], as_json=False)
    for line in found.differences[:SHOWN]:
        click.echo(f"difference: {line}", err=True)
    if found.differences:
        ctx.exit(DIFFERENCES)
    if folder is not None:
        from ops.proof.export import export  # noqa: PLC0415 - only when it is asked for

        export(
            folder,
            log_of(archive, manifest, range(manifest.partitions)),
            notes_of(archive, manifest),
        )


@backup.command()
@place_argument
@click.option("--to-empty", is_flag=True, required=True, help="The only way there is.")
@click.option("--until", metavar="P:OFFSET", help="The last log offset of partition P that counts.")
@click.option("--time", "time_", help="The last time that counts, such as 2026-11-29T06:00Z.")
@reason_option
@execute_option
def restore(  # noqa: PLR0913 - one parameter per option
    place: str, until: str | None, time_: str | None, reason: str, *, to_empty: bool, execute: bool
) -> None:
    """Write the archive in DIR to a broker whose topics are missing or empty; start workers after.

    Every record gets the offset, time, key, headers and bytes it had. --until and --time go back
    to the newest state, the same in all partitions, that is not later; undecided inputs are then
    left behind.
    """
    from ops.backup.restore import lines_of, refuse_unless_empty  # noqa: PLC0415 - as above
    from ops.backup.restore import restore as run  # noqa: PLC0415
    from ops.backup.survey import chosen as choose  # noqa: PLC0415
    from topics.execute import describe  # noqa: PLC0415

    assert to_empty, "click demands it"
    operations.require_reason(reason, execute=execute)
    settings, archive = read_settings(), Archive(place)
    manifest, address = archive.opened(), settings.broker()
    wanted = until_of(until, time_)
    if wanted.partition is not None and wanted.partition >= manifest.partitions:
        raise DocumentError(f"--until: the archive has partitions 0 to {manifest.partitions - 1}")
    refuse_unless_empty(address, describe(address))
    chosen = choose(archive, manifest, wanted)

    archived = sum(span.records for span in manifest.spans.values())

    def act() -> None:
        what = f"backup restore {place} to {address}"
        # In the file alone until it is done: a record in a topic would be in the restore's way.
        operations.keep(settings.state_dir, f"begin {what}", reason)
        done = run(archive, manifest, chosen, address, _Advance(archived))
        operations.record(settings.state_dir, what, reason)
        click.echo(f"{done.records:,} records, {done.decisions:,} Decisions: start the workers")

    show_plan(lines_of(manifest, chosen), execute=execute, act=act)


@backup.command()
@place_argument
@click.option("--key", "keys", multiple=True, help="A signer's public key, to check signatures.")
@click.option(
    "--folder",
    type=click.Path(path_type=Path, file_okay=False),
    help="Of the scratch stack; default: one that is removed.",
)
@json_option
@click.pass_context
def drill(
    ctx: click.Context, place: str, keys: tuple[str, ...], folder: Path | None, *, as_json: bool
) -> None:
    """Restore the archive in DIR to a scratch stack, start a worker, compare, and print the times.

    Nothing of the ledger is touched, and everything that was started is stopped. Exit code 1 when
    a balance or a checkpoint differs.
    """
    from ops.backup.drill import drill as run  # noqa: PLC0415 - brings the stack

    archive, trusted = Archive(place), trusted_by(keys) if keys else []
    with TemporaryDirectory(prefix="ledger-drill-") as scratch:
        found = run(archive, archive.opened(), trusted, folder or Path(scratch), _live())
    document = found.document()
    if as_json:
        show_json(document)
    else:
        show_rows(
            [
                {
                    "drill": "newest archived record",
                    "": f"{found.newest_age_s:.1f} s old at its end",
                },
                {"drill": "came in since", "": _since(found.since)},
                *({"drill": step, "": f"{took:.1f} s"} for step, took in found.seconds.items()),
                {"drill": "RTO: until it decides", "": f"{found.back_s:.1f} s"},
                {
                    "drill": "compared",
                    "": f"{found.compared} partitions, {found.decisions} Decisions",
                },
            ],
            as_json=False,
        )
    for line in found.differences[:SHOWN]:
        click.echo(f"difference: {line}", err=True)
    if found.differences:
        ctx.exit(DIFFERENCES)


def _since(offsets: int | None) -> str:
    return "not asked: no broker is named" if offsets is None else f"{offsets} offsets of inputs"


def _live() -> Servers:
    """Return where the ledger lives; empty when nobody says, which a drill can do without."""
    return read_settings().kafka


def until_of(until: str | None, time_: str | None) -> Until:
    """Read how far to go back. Raises `DocumentError`."""
    if until is not None and time_ is not None:
        raise click.UsageError("say --until or --time, not both")
    if time_ is not None:
        return Until(at_us=micros_of(time_, "--time"))
    if until is None:
        return Until()
    partition, _, offset = until.partition(":")
    if not (partition.isdecimal() and offset.isdecimal()):
        raise DocumentError(f"--until: {until!r} is no partition and offset such as 3:1200")
    return Until(int(partition), int(offset))


class _Advance:
    """Tells every five seconds how many records are written."""

    def __init__(self, total: int) -> None:
        self._total: Final = total
        self._last = time.monotonic()

    def __call__(self, written: int) -> None:
        if time.monotonic() - self._last >= LINE_EVERY_S:
            self._last = time.monotonic()
            _tell(f"restore: {written:,} of {self._total:,} records")


def _tell(line: str) -> None:
    click.echo(line, err=True)


def _show_added(manifest: Manifest, added: Added) -> None:
    for line in (*added.mended, *added.lost):
        click.echo(line, err=True)
    newest_ms = max((span.newest_ms for span in manifest.spans.values()), default=0)
    age_s = manifest.created_us / 1_000_000 - newest_ms / MS_PER_S
    click.echo(
        f"{added.total:,} records added; the newest is {age_s:.1f} s old, "
        f"of {time_text(newest_ms * 1_000)}"
    )
