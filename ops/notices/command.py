"""`ledgerctl notices prefer|list|disable`.

Owns: options, output, and how one preference becomes a subscription per channel.
Never: shows the address of a channel: who has it may write there.
"""

from __future__ import annotations

import secrets
from dataclasses import replace
from typing import Final

import click

from ingress.sdk.stamp import now_us
from ops import operations
from ops.console import execute_option, json_option, show_plan, show_rows
from ops.operations import reason_option
from ops.settings import read_settings
from ops.webhooks.command import disabling, opened, private_option
from ops.webhooks.making import check_channel
from ops.webhooks.shown import preference_row, told_of
from sinks.webhooks.quiet import Quiet, read_quiet
from sinks.webhooks.subscription import Channel, Refused, Subscription, check
from sinks.webhooks.wording import KINDS

ID_BYTES: Final = 6


@click.group()
def notices() -> None:
    """What people want to be told, and how."""


@notices.command()
@click.option("--owner", required=True, help="The user whose preference it is.")
@click.option("--wallet", "wallets", multiple=True, required=True, help="About this wallet.")
@click.option("--kind", "kinds", multiple=True, required=True, type=click.Choice(sorted(KINDS)))
@click.option("--channel", "channels", multiple=True, required=True, help="An apprise address.")
@click.option("--quiet", "quiet_text", help="Hours such as 22:00-07:00; not for security.")
@click.option("--zone", default="UTC", show_default=True, help="Time zone of the quiet hours.")
@private_option
@reason_option
@execute_option
def prefer(  # noqa: PLR0913 - one argument per option
    owner: str,
    wallets: tuple[str, ...],
    kinds: tuple[str, ...],
    channels: tuple[str, ...],
    quiet_text: str | None,
    zone: str,
    reason: str,
    *,
    allow_private: bool,
    execute: bool,
) -> None:
    """Tell OWNER of these kinds by each of these channels, from now on."""
    operations.require_reason(reason, execute=execute)
    quiet = None if quiet_text is None else _quiet(quiet_text, zone)
    like = Subscription(
        subscription_id="",
        channel=Channel.NOTICE,
        address="",
        since=now_us(),
        owner=owner,
        wallets=wallets,
        types=tuple(each for kind in kinds for each in KINDS[kind]),
        private_allowed=allow_private,
        quiet=quiet,
    )
    made = [_by_channel(like, address) for address in channels]
    for each in made:
        check(each)
        check_channel(each.address, private_allowed=allow_private)
    settings = read_settings()

    def act() -> None:
        with opened(settings) as registry:
            registry.add(made)
        names = ", ".join(each.subscription_id for each in made)
        operations.record(settings.state_dir, f"tell {owner} by {names}", reason, subject=owner)

    lines = [f"add {each.subscription_id}: tell {owner} by {told_of(each)}" for each in made]
    show_plan(lines, execute=execute, act=act)


@notices.command(name="list")
@click.option("--owner", help="Only of this user.")
@json_option
def list_(owner: str | None, *, as_json: bool) -> None:
    """Show preferences."""
    with opened(read_settings()) as registry:
        found = [each for each in registry.subscriptions() if each.channel is Channel.NOTICE]
    rows = [preference_row(each) for each in found if owner in {None, each.owner}]
    show_rows(rows, as_json=as_json, empty="no preference")


@notices.command()
@click.argument("subscription_id", metavar="ID")
@reason_option
@execute_option
def disable(subscription_id: str, reason: str, *, execute: bool) -> None:
    """Tell nothing more by ID."""

    def words(held: Subscription) -> str:
        return f"{held.owner} is told nothing more by it"

    disabling(subscription_id, Channel.NOTICE, words, reason, execute=execute)


def _by_channel(like: Subscription, address: str) -> Subscription:
    return replace(like, subscription_id=f"no-{secrets.token_hex(ID_BYTES)}", address=address)


def _quiet(text: str, zone: str) -> Quiet:
    try:
        return read_quiet(text, zone)
    except ValueError as error:
        raise Refused(str(error)) from error
