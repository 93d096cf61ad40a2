"""`ledgerctl replay plan | run | diff | apply | abort | list`.

Owns: options, output and exit codes.
Never: makes a row; the shipped sink does, in a shadow. Nothing here has a producer.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from typing import Any, Final

import click

from ops import operations
from ops.console import execute_option, json_option, money_text, show_json, show_plan
from ops.errors import DocumentError
from ops.exits import DIFFERENCES
from ops.moment import micros_of
from ops.operations import reason_option
from ops.reading import TopicReader, read_log
from ops.replay.follow import BATCH, Pace, follow
from ops.replay.postgres import Catch, Differences, Shadow, replays
from ops.replay.scope import Scope, range_of
from ops.replay.tables import tables_of
from ops.settings import Settings, read_settings
from sinks.batch import Position
from sinks.crash import crash_at
from sinks.source import KafkaSource
from topics.catalog import EVENTS
from topics.partitioning import partition_of

BY: Final = ("sequence", "offset", "time")
id_argument: Final = click.argument("replay_id", metavar="ID")


def scope_options(command: Callable[..., None]) -> Callable[..., None]:
    """Add the options that say what is replayed."""
    for option in (
        click.option("--to", "end", help="Last of a range, of the kind that --by says."),
        click.option("--from", "start", help="First of a range, of the kind that --by says."),
        click.option("--by", type=click.Choice(BY), default="sequence", show_default=True),
        click.option("--wallet", default="", help="Only the rows of this wallet."),
        click.option("--partition", type=click.IntRange(min=0), help="Of the log."),
    ):
        command = option(command)
    return command


@click.group()
def replay() -> None:
    """Make rows of PostgreSQL again from the log: in a shadow, compared, then swapped."""


@replay.command()
@scope_options
def plan(**given: Any) -> None:  # noqa: ANN401 - click's own
    """Say what a run would do; nothing is made."""
    settings = read_settings()
    for line in _plan(settings, _scope(settings, **given)):
        click.echo(line)


@replay.command()
@scope_options
@click.option("--rate", type=click.IntRange(min=0), default=0, help="Decisions a second; 0: all.")
@click.option("--batch", type=click.IntRange(min=1), default=BATCH, show_default=True)
@reason_option
@execute_option
def run(*, rate: int, batch: int, reason: str, execute: bool, **given: Any) -> None:  # noqa: ANN401
    """Fill the shadow from the log; a run that ended early goes on where it was."""
    operations.require_reason(reason, execute=execute)
    settings = read_settings()
    scope = _scope(settings, **given)

    def act() -> None:
        shadow = _shadow(settings, scope.name)
        shadow.begin(scope)
        operations.record(
            settings.state_dir,
            f"replay run {scope.name}: {scope.words}",
            reason,
            subject=scope.name,
        )
        with _catching(settings, shadow, scope, Pace(time.sleep, _tell, batch, rate)) as catch:
            catch(shadow.live_position(scope.partition))

    show_plan(_plan(settings, scope), execute=execute, act=act)


@replay.command()
@id_argument
@json_option
@click.pass_context
def diff(ctx: click.Context, replay_id: str, *, as_json: bool) -> None:
    """Compare shadow and live rows by key and control totals; exit code 1 when they differ."""
    settings = read_settings()
    shadow = _shadow(settings, replay_id)
    scope = shadow.scope()
    with _catching(settings, shadow, scope, Pace(time.sleep, _quiet)) as catch:
        found = shadow.differences(scope, catch)
    if as_json:
        show_json(_document(found))
    else:
        _show(scope, found)
    if found.count:
        ctx.exit(DIFFERENCES)


@replay.command()
@id_argument
@reason_option
@execute_option
def apply(replay_id: str, reason: str, *, execute: bool) -> None:
    """Make the live rows of the scope those of the shadow, in one transaction."""
    operations.require_reason(reason, execute=execute)
    settings = read_settings()
    shadow = _shadow(settings, replay_id)
    scope = shadow.scope()
    names = ", ".join(table.name for table in tables_of(scope))

    def act() -> None:
        with _catching(settings, shadow, scope, Pace(time.sleep, _quiet)) as catch:
            changed = shadow.apply(scope, catch)
        said = ", ".join(f"{name} {count}" for name, count in changed.items()) or "nothing"
        operations.record(
            settings.state_dir, f"replay apply {replay_id}: {said}", reason, subject=replay_id
        )
        click.echo(f"changed: {said}")

    lines = [f"replace live rows of {scope.words} that differ from the log's, in {names}"]
    show_plan(lines, execute=execute, act=act)


@replay.command()
@id_argument
@reason_option
@execute_option
def abort(replay_id: str, reason: str, *, execute: bool) -> None:
    """Drop the shadow; live rows stay as they are."""
    operations.require_reason(reason, execute=execute)
    settings = read_settings()
    shadow = _shadow(settings, replay_id)
    shadow.scope()

    def act() -> None:
        shadow.abort()
        operations.record(
            settings.state_dir, f"replay abort {replay_id}", reason, subject=replay_id
        )

    show_plan([f"drop the schema {shadow.schema}"], execute=execute, act=act)


@replay.command("list")
def list_() -> None:
    """Show the replays that have a shadow."""
    for name in replays(read_settings().store("postgres")):
        click.echo(name)


def _scope(  # noqa: PLR0913 - one parameter per option
    settings: Settings,
    *,
    partition: int | None,
    wallet: str,
    by: str,
    start: str | None,
    end: str | None,
) -> Scope:
    with closing(TopicReader(settings.broker(), EVENTS.name)) as reader:
        partitions = reader.partitions
    if wallet:
        if start or end or partition is not None:
            raise click.UsageError("--wallet has its partition; it takes no range")
        return Scope(partition_of(wallet, partitions), wallet)
    if partition is None or partition >= partitions:
        raise click.UsageError(f"--partition is a number below {partitions}, or say --wallet")
    if start is None and end is None:
        return Scope(partition)
    if start is None or end is None:
        raise click.UsageError("a range needs --from and --to")
    return Scope(partition, "", *_range(settings, partition, by, start, end))


def _range(settings: Settings, partition: int, by: str, start: str, end: str) -> tuple[int, int]:
    if by == "time":
        first, last = micros_of(start, "--from"), micros_of(end, "--to")
    else:
        first, last = _number(start, "--from"), _number(end, "--to")
    if first > last:
        raise DocumentError(f"--from {start} comes after --to {end}")
    if by == "sequence":
        return max(first, 1), max(last, 1)
    return range_of(read_log(settings.broker(), (partition,)), by, first, last)


def _number(text: str, option: str) -> int:
    if not text.isdecimal():
        raise DocumentError(f"{option}: {text!r} is no number")
    return int(text)


def _plan(settings: Settings, scope: Scope) -> list[str]:
    shadow = _shadow(settings, scope.name)
    at = shadow.live_position(scope.partition)
    names = ", ".join(table.name for table in tables_of(scope))
    return [
        f"replay {scope.name}: {scope.words}, into PostgreSQL",
        f"read the log up to sequence {at.sequence} (offset {at.next_offset}), where the store is",
        f"write {names} of the schema {shadow.schema}; no live row is touched",
    ]


def _shadow(settings: Settings, name: str) -> Shadow:
    if not name.replace("_", "").isalnum() or not name.islower():
        raise DocumentError(f"{name!r} is no id of a replay: see `ledgerctl replay list`")
    crash = crash_at(os.environ.get("LEDGER_CRASH_POINT", ""))
    return Shadow(settings.store("postgres"), name, crash)


@contextmanager
def _catching(settings: Settings, shadow: Shadow, scope: Scope, pace: Pace) -> Iterator[Catch]:
    """Give what brings the shadow to a position of the live store."""
    source = KafkaSource(settings.broker(), EVENTS.name)
    try:
        _, topic_id = source.describe()
    finally:
        source.close()
    with (
        closing(TopicReader(settings.broker(), EVENTS.name)) as reader,
        closing(shadow.sink()) as sink,
    ):

        def catch(until: Position) -> None:
            if until.topic_id != topic_id:
                raise DocumentError(f"the live store followed topic {until.topic_id}, not this log")
            follow(
                lambda offset: reader.read([scope.partition], start=offset),
                sink,
                scope,
                until,
                pace,
            )

        yield catch


def _tell(done: int, whole: int) -> None:
    click.echo(f"{done:,} of {whole:,} Decisions", err=True)


def _quiet(_done: int, _whole: int) -> None:
    """Say nothing: a comparison follows only what came since the run."""


def _document(found: Differences) -> dict[str, Any]:
    return {
        "differences": found.count,
        "by_table": found.rows,
        "named": found.named,
        "totals": [
            {
                "table": name,
                "currency": currency,
                "log": list(map(str, found.log.get((name, currency), (0, 0)))),
                "live": list(map(str, found.live.get((name, currency), (0, 0)))),
            }
            for name, currency in sorted(found.log.keys() | found.live.keys())
        ],
    }


def _show(scope: Scope, found: Differences) -> None:
    for name, currency in sorted(found.log.keys() | found.live.keys()):
        key = (name, currency)
        log, live = found.log.get(key, (0, 0)), found.live.get(key, (0, 0))
        money = (
            f", {money_text(log[1], currency)} and {money_text(live[1], currency)}"
            if currency
            else ""
        )
        mark = "" if log == live else "  DIFFERENT"
        click.echo(f"{name:<20}{log[0]:>9} rows of the log, {live[0]:>9} live{money}{mark}")
    for line in found.named:
        click.echo(f"difference: {line}", err=True)
    if not found.count:
        click.echo(f"{scope.words}: every row is that of the log")
