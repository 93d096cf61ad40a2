"""`ledgerctl trace COMMAND_ID`.

Owns: options and output.
Never: reads; `collect.py` does.
"""

from __future__ import annotations

from dataclasses import asdict

import click

from ops.console import json_option, show_json, show_rows, time_text
from ops.exits import DIFFERENCES
from ops.settings import read_settings
from ops.trace.collect import collect
from topics.execute import describe
from topics.plan import partitions_of


@click.command()
@click.argument("command_id")
@json_option
@click.pass_context
def trace(ctx: click.Context, command_id: str, *, as_json: bool) -> None:
    """Show every stop COMMAND_ID passed.

    Its record, the Decisions about it with their postings, the legs to other partitions, its
    results, its rows in PostgreSQL, Cassandra and Redis, and the id of its trace when it has one.
    """
    settings = read_settings()
    partitions = partitions_of(describe(settings.broker())) or 1
    stops = collect(settings, command_id, partitions)
    if as_json:
        show_json([asdict(stop) for stop in stops])
    else:
        rows = [
            {
                "#": number,
                "stop": stop.stop,
                "where": stop.where,
                "when": time_text(stop.at_us) if stop.at_us else "",
                "what": stop.what,
            }
            for number, stop in enumerate(stops, 1)
        ]
        show_rows(rows, as_json=False, empty=f"no record mentions {command_id}")
        for trace_id in dict.fromkeys(stop.trace for stop in stops if stop.trace):
            click.echo(f"trace {trace_id}")
    if not stops:
        ctx.exit(DIFFERENCES)
