"""`ledgerctl upgrade check`.

Owns: options, output, where the log is read from. Exit code 1 when the log is not reproduced.
Never: judges; `run.py` does.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import closing
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

import click

from ingress.sdk.stamp import now_us
from ops.advance import spans_of, told
from ops.bench.about import about_this
from ops.console import json_option, show_json
from ops.exits import DIFFERENCES
from ops.reading import TopicReader
from ops.settings import read_settings
from ops.upgrade.run import UpgradeCheck
from schemas.access.kafka import Servers
from streams.runtime.store import StoreRoot
from streams.wallet.genesis import genesis_policy, genesis_ruleset
from streams.wallet.step import ENGINE
from topics.catalog import EVENTS

SHOWN: Final = 50
DAY_US: Final = 86_400_000_000


@click.group()
def upgrade() -> None:
    """Say whether this code may take over the log of another."""


@upgrade.command()
@click.option("--days", default=7, show_default=True, type=click.IntRange(min=1))
@click.option("--everything", is_flag=True, help="The whole log, whatever --days says.")
@click.option("--partition", "chosen", type=int, multiple=True, help="Only these.")
@json_option
@click.pass_context
def check(
    ctx: click.Context, days: int, chosen: tuple[int, ...], *, everything: bool, as_json: bool
) -> None:
    """Decide the last days of the log again, under the engine version that each Decision names.

    Run it with the new build before its first worker starts. Every Decision must come out byte for
    byte; what lies before is folded. Exit code 1 lists each one that does not, by partition and
    sequence: then this build must not take a partition.
    """
    since = 0 if everything else now_us() - days * DAY_US
    done = UpgradeCheck((genesis_policy(), genesis_ruleset()), since)
    _read(done, read_settings().broker(), chosen)
    if as_json:
        show_json(
            {
                "code": about_this()["code"],
                "engine": ENGINE,
                "decided_again": done.decided,
                "folded": done.folded,
                "dropped": done.dropped,
                "differences": [each.document() for each in done.differences],
            }
        )
    else:
        _say(done)
    if done.differences:
        ctx.exit(DIFFERENCES)


def _read(done: UpgradeCheck, address: Servers, chosen: Sequence[int]) -> None:
    with (
        TemporaryDirectory(prefix="ledger-upgrade-") as folder,
        closing(TopicReader(address, EVENTS.name)) as reader,
    ):
        root = StoreRoot(Path(folder))
        for number in chosen or range(reader.partitions):
            if not 0 <= number < reader.partitions:
                raise click.UsageError(f"--partition is below {reader.partitions}")
            done.partition(
                number,
                reader.partitions,
                told(reader.read([number]), spans_of(reader, (number,)), f"partition {number}"),
                lambda each: closing(root.open("upgrade", each)),
            )


def _say(done: UpgradeCheck) -> None:
    for each in done.differences[:SHOWN]:
        click.echo(f"difference: {each.line()}", err=True)
    if len(done.differences) > SHOWN:
        click.echo(f"and {len(done.differences) - SHOWN} more; --json lists them", err=True)
    what = f"{done.decided:,} Decisions decided again by engine {ENGINE}, {done.folded:,} folded"
    if done.dropped:
        what = f"{what}, {done.dropped:,} about bytes that the log does not keep"
    click.echo(f"{what}: {len(done.differences):,} differ")
