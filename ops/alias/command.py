"""`ledgerctl alias set | remove | show | claim`.

Owns: options and output.
Never: hashes, reads or writes an alias; the SDK does. What is recorded names hashes only.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import click

from ingress.sdk import (
    AliasDirectory,
    AliasTakenError,
    LedgerProducer,
    OpenClaim,
    acceptance,
    open_claims,
)
from ingress.sdk.fields import check_id
from ops import operations
from ops.console import (
    execute_option,
    json_option,
    money_text,
    show_json,
    show_plan,
    show_rows,
    time_text,
)
from ops.exits import DIFFERENCES
from ops.operations import reason_option
from ops.reading import read_log
from ops.settings import Settings, read_settings

DELIVERY_S = 30.0
alias_argument = click.argument("alias_text", metavar="ALIAS")


@click.group()
def alias() -> None:
    """Which wallet is behind a phone number, an e-mail address or a user name."""


@alias.command(name="set")
@alias_argument
@click.argument("wallet_id")
@reason_option
@execute_option
def set_(alias_text: str, wallet_id: str, reason: str, *, execute: bool) -> None:
    """Put a wallet behind an alias; one that is another wallet's has to be removed first."""
    operations.require_reason(reason, execute=execute)
    check_id("wallet_id", wallet_id)
    settings = read_settings()
    with _directory(settings) as directory:
        found, known = directory.find(alias_text), directory.hash_of(alias_text)
        if found is not None and found.wallet_id != wallet_id:
            raise AliasTakenError(known)
        what = f"set alias {known} to wallet {wallet_id}"

        def act() -> None:
            directory.set(alias_text, wallet_id)
            operations.record(settings.state_dir, what, reason, subject=wallet_id)

        show_plan([] if found is not None else [what], execute=execute, act=act)


@alias.command()
@alias_argument
@reason_option
@execute_option
def remove(alias_text: str, reason: str, *, execute: bool) -> None:
    """Let nobody be behind an alias; who sends to it from now on makes a claim."""
    operations.require_reason(reason, execute=execute)
    settings = read_settings()
    with _directory(settings) as directory:
        found, known = directory.find(alias_text), directory.hash_of(alias_text)
        lines = [] if found is None else [f"remove alias {known} of wallet {found.wallet_id}"]

        def act() -> None:
            directory.remove(alias_text)
            of = "" if found is None else found.wallet_id
            operations.record(settings.state_dir, lines[0], reason, subject=of)

        show_plan(lines, execute=execute, act=act)


@alias.command()
@alias_argument
@json_option
@click.pass_context
def show(ctx: click.Context, alias_text: str, *, as_json: bool) -> None:
    """Show who is behind an alias, and the claims that wait for it. Exit code 1: nobody."""
    settings = read_settings()
    with _directory(settings) as directory:
        found, known = directory.find(alias_text), directory.hash_of(alias_text)
    rows = [_row(claim) for claim in _waiting(settings, known)]
    wallet_id = None if found is None else found.wallet_id
    since = None if found is None else time_text(found.since)
    if as_json:
        show_json({"alias_hash": known, "wallet_id": wallet_id, "since": since, "claims": rows})
    else:
        click.echo(f"alias {known}: {f'{wallet_id} since {since}' if wallet_id else 'nobody'}")
        show_rows(rows, as_json=False, empty="no claim waits for it")
    if found is None:
        ctx.exit(DIFFERENCES)


@alias.command()
@alias_argument
@click.option("--attempt", type=click.IntRange(1), default=1, help="Higher after a refusal.")
@reason_option
@execute_option
@click.pass_context
def claim(ctx: click.Context, alias_text: str, attempt: int, reason: str, *, execute: bool) -> None:
    """Hand every claim that waits for an alias to the wallet behind it. Exit code 1: nobody."""
    operations.require_reason(reason, execute=execute)
    settings = read_settings()
    with _directory(settings) as directory:
        found, known = directory.find(alias_text), directory.hash_of(alias_text)
    if found is None:
        click.echo(f"nobody is behind alias {known}", err=True)
        ctx.exit(DIFFERENCES)
    wallet_id = found.wallet_id
    claims = _waiting(settings, known)
    lines = [f"hand {_text(each)} to wallet {wallet_id}" for each in claims]

    def act() -> None:
        with LedgerProducer(settings.broker()) as producer:
            commands = [acceptance(each, wallet_id, attempt=attempt) for each in claims]
            for sent in [producer.send_command(each) for each in commands]:
                sent.result(DELIVERY_S)
        what = f"hand {len(claims)} claims of alias {known} to wallet {wallet_id}"
        operations.record(settings.state_dir, what, reason, subject=wallet_id)

    show_plan(lines, execute=execute, act=act)


@contextmanager
def _directory(settings: Settings) -> Iterator[AliasDirectory]:
    with AliasDirectory(settings.broker(), settings.secret_of_aliases()) as directory:
        yield directory


def _waiting(settings: Settings, known: str) -> list[OpenClaim]:
    log = read_log(settings.broker())
    return open_claims((placed.decision for placed in log), known)


def _row(waiting: OpenClaim) -> dict[str, object]:
    amount = money_text(waiting.amount, waiting.currency)
    return {"sender": waiting.sender, "claim": waiting.claim_id, "amount": amount}


def _text(waiting: OpenClaim) -> str:
    amount = money_text(waiting.amount, waiting.currency)
    return f"claim {waiting.claim_id} of wallet {waiting.sender}, {amount},"
