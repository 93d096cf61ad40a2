"""`ledgerctl recon report`: the run report of some days.

Owns: options, and what is read for it.
Never: computes a figure.
"""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path
from typing import Final

import click

from ingress.sdk.stamp import now_us
from ops.console import show_json
from ops.errors import DocumentError
from ops.exits import DIFFERENCES
from ops.recon.rails import read_rails
from ops.recon.reading import read_found
from ops.recon.report.content import Content, Days, document_of, files_of
from ops.recon.report.matched import matching_of
from ops.recon.report.page import page_of
from ops.recon.runs import read_parts, read_run
from ops.settings import read_settings
from schemas.access.kafka import Servers
from streams.reconciliation.external.exceptions.workflow import day_of

DAYS: Final = 14
FILE = click.Path(dir_okay=False, path_type=Path)


@click.command()
@click.option("--from", "first", default="", help="First day, UTC; else two weeks before the last.")
@click.option("--to", "last", default="", help="Last day, UTC; else today.")
@click.option("--rails", type=FILE, help="Accounts of the rails, as TOML: match what is expected.")
@click.option("--html", type=FILE, help="Write the page to a file instead.")
@click.pass_context
def report(
    ctx: click.Context, first: str, last: str, rails: Path | None, html: Path | None
) -> None:
    """Roll-forward, ages, match rate and files of some days, as JSON or as one HTML page.

    Exit code 1 when something is overdue or a cut was not equal.
    """
    days = days_of(first, last, day_of(now_us()))
    content = read_content(read_settings().broker(), days, rails)
    document = document_of(content)
    if html is None:
        show_json(document)
    else:
        html.write_text(page_of(content), encoding="utf-8")
        click.echo(f"wrote {html}, digest {document['digest']}")
    if document["overdue"] or document["cuts"]["equal"] < document["cuts"]["proved"]:
        ctx.exit(DIFFERENCES)


def days_of(first: str, last: str, today: date) -> Days:
    """Return the days that are asked for. Raises `DocumentError` that names the option."""
    end = _date("--to", last) if last else today
    return Days(_date("--from", first) if first else end - timedelta(days=DAYS - 1), end)


def read_content(address: Servers, days: Days, rails: Path | None) -> Content:
    """Read what was said and taken in until the end of the last day."""
    book = None if rails is None else read_rails(rails)
    found, _ = read_found(address, until_us=days.end_us)
    parts = read_parts(address, days.end_us)
    matching = None if book is None else matching_of(read_run(address, days, book, parts))
    return Content(days, found, files_of(parts), matching)


def _date(option: str, text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise DocumentError(f"{option}: {text!r} is no date such as 2026-11-29") from error
