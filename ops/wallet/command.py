"""`ledgerctl wallet show|balance|events|transactions|schedules`.

Owns: options and output.
Never: folds (`standing.py`, `schedules.py`) or asks a store (`sinks.*.reads`).
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from contextlib import closing

import click

from ops.console import json_option, money_text, show_json, show_rows, time_text
from ops.described import document_of, row_of, transaction_row_of
from ops.exits import DIFFERENCES
from ops.reading import Placed, TopicReader, read_log, read_topic
from ops.settings import Settings, read_settings
from ops.stores import balances_in, opened
from ops.wallet.place import until
from ops.wallet.schedules import schedules_of
from ops.wallet.standing import Standing, standing_of, touches
from schemas.codec import decode
from schemas.messages.scheduler import OccurrenceAnswer
from topics.catalog import EVENTS, OCCURRENCES
from topics.partitioning import partition_of


@click.group()
def wallet() -> None:
    """Show a wallet's balances, events, transactions and schedules."""


@wallet.command()
@click.argument("wallet_id")
@click.option(
    "--from",
    "source",
    type=click.Choice(("log", "postgres", "redis")),
    default="log",
    show_default=True,
    help="Who tells the balances.",
)
@json_option
@click.pass_context
def show(ctx: click.Context, wallet_id: str, source: str, *, as_json: bool) -> None:
    """Show status and balances; customers see credits as positive amounts."""
    settings = read_settings()
    standing = standing_of(wallet_id, _log_of(settings, wallet_id))
    if source != "log":
        standing.balances = balances_in(settings, source, wallet_id)
    if not standing.decisions:
        click.echo(f"wallet {wallet_id} is unknown: no Decision mentions it", err=True)
        ctx.exit(DIFFERENCES)
    if as_json:
        document = {**_head(standing), "credit_limits": standing.credit_limits, "source": source}
        show_json({**document, "balances": _balances(standing)})
        return
    for name, value in _head(standing).items():
        click.echo(f"{name:<16}{value}")
    for currency, limit in sorted(standing.credit_limits.items()):
        click.echo(f"{'credit_limit':<16}{money_text(limit, currency)}")
    show_rows(_balances(standing), as_json=False, empty="no account was ever touched")


@wallet.command()
@click.argument("wallet_id")
@click.option("--at", "place", required=True, help="An offset, or a time: 2026-11-29T06:00Z.")
@json_option
@click.pass_context
def balance(ctx: click.Context, wallet_id: str, place: str, *, as_json: bool) -> None:
    """Show the balances after the last Decision up to an offset of the log, or a time."""
    log = _log_of(read_settings(), wallet_id)
    standing = standing_of(wallet_id, until(log, place))
    show_rows(_balances(standing), as_json=as_json, empty="no account was touched by then")
    if not standing.decisions:
        ctx.exit(DIFFERENCES)


@wallet.command()
@click.argument("wallet_id")
@click.option("--limit", type=click.IntRange(1, 100_000), default=50, show_default=True)
@json_option
def events(wallet_id: str, limit: int, *, as_json: bool) -> None:
    """Show the latest Decisions that touched a wallet, newest last."""
    found: deque[Placed] = deque(maxlen=limit)
    for placed in _log_of(read_settings(), wallet_id):
        if touches(placed.decision, wallet_id):
            found.append(placed)
    if as_json:
        show_json([document_of(placed) for placed in found])
    else:
        show_rows([row_of(placed) for placed in found], as_json=False, empty="no events")


@wallet.command()
@click.argument("wallet_id")
@click.option("--limit", type=click.IntRange(1, 1_000), default=50, show_default=True)
@json_option
def transactions(wallet_id: str, limit: int, *, as_json: bool) -> None:
    """Show a wallet's transactions as PostgreSQL has them, what changed last first."""
    with opened("postgres", read_settings().store("postgres")) as reads:
        found = reads.transactions(wallet_id, limit)
    if as_json:
        show_json([each._asdict() for each in found])
    else:
        rows = [transaction_row_of(each) for each in found]
        show_rows(rows, as_json=False, empty="no transactions")


@wallet.command()
@click.argument("wallet_id")
@json_option
def schedules(wallet_id: str, *, as_json: bool) -> None:
    """Show what a wallet pays later, and what became of the last occurrence of each."""
    settings = read_settings()
    mine = (_partition_of(settings, wallet_id),)
    told = read_topic(settings.broker(), OCCURRENCES.name, mine)
    answers = [decode(OccurrenceAnswer, each.value) for each in told if each.value is not None]
    found = schedules_of(wallet_id, read_log(settings.broker(), mine), answers)
    show_rows(found, as_json=as_json, empty="no schedules")


def _log_of(settings: Settings, wallet_id: str) -> Iterator[Placed]:
    """Yield the Decisions of the wallet's partition."""
    return read_log(settings.broker(), (_partition_of(settings, wallet_id),))


def _partition_of(settings: Settings, wallet_id: str) -> int:
    with closing(TopicReader(settings.broker(), EVENTS.name)) as reader:
        return partition_of(wallet_id, reader.partitions)


def _head(standing: Standing) -> dict[str, object]:
    names = ("wallet_id", "kind", "tier", "status", "debit_blocked", "credit_blocked", "decisions")
    head: dict[str, object] = {name: getattr(standing, name) for name in names}
    if standing.freeze_ends_at:
        head["freeze_ends_at"] = time_text(standing.freeze_ends_at)
    return head


def _balances(standing: Standing) -> list[dict[str, object]]:
    return [
        {
            "account": account,
            "currency": currency,
            "amount": money_text(-minor, currency),
            "minor": -minor,
        }
        for (account, currency), minor in sorted(standing.balances.items())
    ]
