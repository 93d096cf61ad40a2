"""`ledgerctl feed FILE.jsonl`.

Owns: options and output.
Never: reads a line of the file itself; the SDK does.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TextIO

import click
from rich.console import Console
from rich.progress import Progress

from ingress.sdk import read_items
from ingress.sdk.jsonl import read_lines
from ops.console import json_option, show_json, show_rows
from ops.exits import AWAY
from ops.feed.bulk import Answers, bulk_of, commands_of
from ops.feed.run import Fed, Pace, feed_commands
from ops.settings import read_settings


@click.command()
@click.argument("file", type=click.File(encoding="utf-8"))
@click.option("--rate", type=click.FloatRange(0), default=0.0, help="Commands/s; 0 = no limit.")
@click.option("--wait", is_flag=True, help="Wait for the FINAL result of every command.")
@click.option("--timeout", "timeout_s", default=60.0, show_default=True, help="Seconds to wait.")
@click.option("--bulk", "bulk_id", help="FILE holds items of one bulk, which goes by this id.")
@click.option("--wallet-id", help="Of a bulk: the wallet that pays.")
@click.option("--whole", "is_whole", is_flag=True, help="Of a bulk: all items happen, or none.")
@json_option
@click.pass_context
def feed(  # noqa: PLR0913 - one argument per option
    ctx: click.Context,
    file: TextIO,
    rate: float,
    timeout_s: float,
    bulk_id: str | None,
    wallet_id: str | None,
    *,
    is_whole: bool,
    wait: bool,
    as_json: bool,
) -> None:
    """Send the commands of FILE, one JSON object a line; - is standard input.

    The whole file is read and checked before the first command is sent. With --bulk a line is an
    item: to_wallet_id, currency, amount, reference. Each becomes a transfer with an id of its own
    (--bulk's, a full stop and its place), or all together one command (--whole).
    """
    name = getattr(file, "name", "input")
    bulk = bulk_of(bulk_id, wallet_id, is_whole=is_whole)
    items = () if bulk is None else read_items(file, name)
    commands = list(read_lines(file, name)) if bulk is None else commands_of(bulk, items)
    answers = None if bulk is None else Answers(bulk, items)
    address = read_settings().broker()
    with _progress(len(commands)) as step:
        heard = None if answers is None else answers.take
        fed = feed_commands(address, commands, Pace(rate, wait, timeout_s), step, heard)
    refused = [] if answers is None else answers.refused()
    if as_json:
        show_json(_document(fed) | ({"refused": refused} if answers is not None else {}))
    else:
        _show(fed, wait=wait)
        if refused:
            show_rows(refused, as_json=False, empty="")
    if fed.failed or fed.unanswered:
        ctx.exit(AWAY)


@contextmanager
def _progress(total: int) -> Iterator[Callable[[int], None]]:
    with Progress(console=Console(stderr=True), transient=True) as progress:
        task = progress.add_task("sending", total=total)
        yield lambda count: progress.advance(task, count)


def _show(fed: Fed, *, wait: bool) -> None:
    rate = fed.sent / fed.seconds if fed.seconds else 0.0
    click.echo(f"{fed.acknowledged:,} of {fed.sent:,} commands acknowledged, {rate:,.0f}/s")
    for failure in fed.failed[:10]:
        click.echo(f"error: {failure}", err=True)
    if wait:
        rows = [
            {"outcome": outcome, "reason": reason, "commands": f"{count:,}"}
            for (outcome, reason), count in fed.outcomes.most_common()
        ]
        show_rows(rows, as_json=False, empty="no results")
    if fed.unanswered:
        click.echo(f"error: {fed.unanswered:,} commands have no FINAL result yet", err=True)


def _document(fed: Fed) -> dict[str, object]:
    return {
        "sent": fed.sent,
        "acknowledged": fed.acknowledged,
        "failed": fed.failed,
        "seconds": round(fed.seconds, 3),
        "outcomes": {" ".join(key).strip(): count for key, count in fed.outcomes.items()},
        "unanswered": fed.unanswered,
    }
