"""`ledgerctl log tail`.

Owns: options and output.
Never: applies anything.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing

import click

from ops.console import json_option, show_json, show_rows
from ops.described import document_of, row_of
from ops.reading import Placed, TopicReader, raise_damage, sealed_tail
from ops.settings import read_settings
from topics.catalog import EVENTS


@click.group()
def log() -> None:
    """Read the log of Decisions."""


@log.command()
@click.option("--partition", "partitions", type=int, multiple=True, help="Only these.")
@click.option("--limit", type=click.IntRange(1, 10_000), default=20, show_default=True)
@click.option("--follow", is_flag=True, help="Go on with what is added, until Ctrl-C.")
@json_option
def tail(partitions: tuple[int, ...], limit: int, *, follow: bool, as_json: bool) -> None:
    """Show the latest Decisions, newest last."""
    with closing(TopicReader(read_settings().broker(), EVENTS.name)) as reader:
        chosen = partitions or tuple(range(reader.partitions))
        if wrong := [number for number in chosen if not 0 <= number < reader.partitions]:
            raise click.UsageError(f"--partition {wrong[0]}: there are {reader.partitions}, from 0")
        latest = list(sealed_tail(reader.read(chosen, last=limit * 4), raise_damage))
        latest.sort(key=lambda placed: placed.decision.decided_at)
        _show(latest[-limit:], as_json=as_json)
        if follow:
            _follow(
                sealed_tail(reader.read(chosen, last=0, follow=True), raise_damage), as_json=as_json
            )


def _follow(added: Iterator[Placed], *, as_json: bool) -> None:
    for placed in added:
        _show([placed], as_json=as_json)


def _show(placed: list[Placed], *, as_json: bool) -> None:
    if as_json:
        show_json([document_of(each) for each in placed])
    else:
        show_rows([row_of(each) for each in placed], as_json=False, empty="the log is empty")
