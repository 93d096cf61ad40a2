"""`ledgerctl lag`.

Owns: options and output.
Never: computes; `plan.py` does.
"""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import closing

import click

from ops.console import json_option, show_json, show_rows
from ops.exits import AWAY, DIFFERENCES
from ops.lag.plan import lag_rows, waiting_rows
from ops.reading import TopicReader, last_sealed
from ops.settings import Settings, read_settings
from ops.stores import positions_in
from schemas.access.kafka import Servers
from sinks.batch import Position
from sinks.errors import SinkError
from streams.wallet.job import WalletJob


@click.command()
@click.option("--inputs", is_flag=True, help="Also what waits for the writers.")
@json_option
@click.pass_context
def lag(ctx: click.Context, *, inputs: bool, as_json: bool) -> None:
    """Show how many Decisions each sink has still to apply, by partition.

    Exit code 1 when a sink is behind, 3 when a store is away.
    """
    settings = read_settings()
    heads = last_sealed(settings.broker())
    rows = list(lag_rows(heads, _stores(settings)))
    waiting = list(waiting_rows(heads, _ends(settings.broker()))) if inputs else []
    if as_json:
        show_json({"sinks": rows, "inputs": waiting})
    else:
        show_rows(rows, as_json=False, empty="no store is named")
        if inputs:
            show_rows(waiting, as_json=False)
    if any(row["lag"] is None for row in rows):
        ctx.exit(AWAY)
    if any(row["lag"] for row in rows):
        ctx.exit(DIFFERENCES)


def _stores(settings: Settings) -> dict[str, Mapping[int, Position] | str]:
    found: dict[str, Mapping[int, Position] | str] = {}
    for store in settings.stores():
        try:
            found[store] = positions_in(settings, store)
        except SinkError as error:
            found[store] = f"away: {error}"
    return found


def _ends(address: Servers) -> dict[str, dict[int, int]]:
    ends = {}
    for topic in WalletJob.inputs:
        with closing(TopicReader(address, topic.name)) as reader:
            ends[topic.name] = reader.ends()
    return ends
