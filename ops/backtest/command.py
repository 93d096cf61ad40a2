"""`ledgerctl back-test`.

Owns: options, output, where the log is read from. Exit code 1 when the log is not reproduced.
Never: judges; the files beside it do.
"""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import closing
from pathlib import Path
from tempfile import TemporaryDirectory

import click

from ops.backtest.given import labels_of, range_of
from ops.backtest.run import BackTest, OpenStore, require_decisions
from ops.backtest.show import document_of, show_report
from ops.backtest.tally import Tally, tally
from ops.console import json_option, show_json
from ops.exits import DIFFERENCES
from ops.policy.plan import ruleset_of
from ops.reading import TopicReader
from ops.settings import read_settings
from schemas.access.kafka import Servers
from streams.runtime.store import StoreRoot
from streams.wallet.genesis import genesis_policy, genesis_ruleset, ruleset_hash
from topics.catalog import EVENTS

SHOWN = 50
file_type = click.Path(path_type=Path, dir_okay=False)


@click.command("back-test")
@click.option("--ruleset", "file", type=file_type, required=True, help="The candidate, as JSON.")
@click.option("--from", "since", help="Only what was decided from this time on; UTC or a zone.")
@click.option("--to", "until", help="Only what was decided before this time.")
@click.option(
    "--labels", "labels_file", type=file_type, help="JSON lines: wallet_id, command_id, fraud."
)
@json_option
@click.pass_context
def back_test(  # noqa: PLR0913 - one per option
    ctx: click.Context,
    file: Path,
    since: str | None,
    until: str | None,
    labels_file: Path | None,
    *,
    as_json: bool,
) -> None:
    """Say what a ruleset would have done about every command in the log.

    First the log proves itself: each Decision is made again by the sets in force and must come out
    byte for byte. The candidate is asked in the very state that each command met; what follows is
    always what the log says, so a payment that it would have stopped still changes what comes
    later. Exit code 1 names partition and sequence of what is not reproduced.
    """
    span, labels = range_of(since, until), labels_of(labels_file)
    candidate = ruleset_of(file)
    done = BackTest((genesis_policy(), genesis_ruleset()), candidate, span)
    _read(done, read_settings().broker())
    report = tally(done.compared, candidate, labels)
    names = {"version": candidate.version, "ruleset_hash": ruleset_hash(candidate).hex()}
    if not done.differences:
        require_decisions(done, since, until)
    if as_json:
        show_json(document_of(done, report, names, len(labels)))
    elif not done.differences:
        _say(done, report, names)
        if labels_file is not None:
            click.echo(f"{report.labels_used:,} of {len(labels):,} labels are about those commands")
        show_report(report, labelled=bool(labels))
    for difference in done.differences[:SHOWN]:
        click.echo(f"difference: {difference}", err=True)
    if done.differences:
        ctx.exit(DIFFERENCES)


def _say(done: BackTest, report: Tally, names: Mapping[str, str]) -> None:
    click.echo(f"{done.proved:,} Decisions come out byte for byte by the rulesets in force")
    if done.dropped:
        click.echo(f"{done.dropped:,} more are about bytes that the log does not keep")
    inside = f"{done.decisions:,} Decisions lie in the range"
    click.echo(f"{inside}; {report.asked:,} asked the fraud rules")
    click.echo(f"candidate {names['version']} ({names['ruleset_hash']})")


def _read(done: BackTest, address: Servers) -> None:
    with (
        TemporaryDirectory(prefix="ledger-back-test-") as folder,
        closing(TopicReader(address, EVENTS.name)) as reader,
    ):
        for partition in range(reader.partitions):
            records = reader.read([partition])
            done.partition(partition, reader.partitions, records, _stores(Path(folder)))


def _stores(folder: Path) -> OpenStore:
    return lambda partition: closing(StoreRoot(folder).open("back-test", partition))
