"""`ledgerctl webhooks add|list|rotate|disable|deliveries|retry`.

Owns: options, output, the plan of each mutation and its record.
Never: shows a secret again: it is printed once, when it is made.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Final

import click

from ingress.sdk.stamp import now_us
from ops import operations
from ops.console import execute_option, json_option, show_json, show_plan, show_rows
from ops.errors import OvertakenError
from ops.exits import DIFFERENCES
from ops.operations import reason_option
from ops.settings import Settings, read_settings
from ops.webhooks.making import Filters, new_secret, webhook_of
from ops.webhooks.shown import delivery_row, subscription_row, told_of
from sinks.webhooks.registry import Registry
from sinks.webhooks.schedule import State
from sinks.webhooks.subscription import Channel, Standing, Subscription

HOUR_US: Final = 3_600 * 1_000_000
OVERLAP_HOURS: Final = 24
LIMIT: Final = 50
LIMIT_MAX: Final = 10_000

private_option = click.option(
    "--allow-private", is_flag=True, help="The address may be of this machine or a private network."
)
id_argument = click.argument("subscription_id", metavar="ID")


@contextmanager
def opened(settings: Settings) -> Iterator[Registry]:
    """Give the registry."""
    registry = Registry(settings.store("postgres"))
    try:
        yield registry
    finally:
        registry.close()


@click.group()
def webhooks() -> None:
    """Who is told of events, and what became of each telling."""


@webhooks.command()
@click.option("--url", required=True, help="https://..., or http:// on this machine.")
@click.option("--id", "subscription_id", help="Its name; made when not given.")
@click.option("--type", "types", multiple=True, help="Such as transfer.completed or hold.*; all.")
@click.option("--wallet", "wallets", multiple=True, help="Only of this wallet.")
@click.option("--of-reason", "reasons", multiple=True, help="Only with this reason code.")
@private_option
@json_option
@reason_option
@execute_option
def add(  # noqa: PLR0913 - one argument per option
    url: str,
    subscription_id: str | None,
    types: tuple[str, ...],
    wallets: tuple[str, ...],
    reasons: tuple[str, ...],
    reason: str,
    *,
    allow_private: bool,
    as_json: bool,
    execute: bool,
) -> None:
    """Tell URL of events from now on. The secret is shown once."""
    operations.require_reason(reason, execute=execute)
    filters = Filters(wallets=wallets, types=types, reasons=reasons)
    made = webhook_of(url, subscription_id, filters, private_allowed=allow_private)
    settings = read_settings()

    def act() -> None:
        # Noted first: where it cannot be, no secret is made that nobody was shown.
        what = f"webhook {made.subscription_id} tells {told_of(made)}"
        said = {"subject": made.subscription_id, "outcome": operations.ASKED}
        operations.record(settings.state_dir, what, reason, **said)
        with opened(settings) as registry:
            if not registry.add([made]):
                raise click.UsageError(f"id: {made.subscription_id} is taken")

    plan = f"add {made.subscription_id}: tell {told_of(made)}"
    _carry_out(plan, act, made, as_json=as_json, execute=execute)


@webhooks.command(name="list")
@json_option
def list_(*, as_json: bool) -> None:
    """Show every webhook."""
    with opened(read_settings()) as registry:
        found = [each for each in registry.subscriptions() if each.channel is Channel.WEBHOOK]
    now = now_us()
    show_rows([subscription_row(each, now) for each in found], as_json=as_json, empty="no webhook")


@webhooks.command()
@id_argument
@click.option(
    "--overlap-hours",
    type=click.IntRange(0, 24 * 30),
    default=OVERLAP_HOURS,
    show_default=True,
    help="How long the present secret goes on signing beside the new one.",
)
@json_option
@reason_option
@execute_option
def rotate(
    subscription_id: str, overlap_hours: int, reason: str, *, as_json: bool, execute: bool
) -> None:
    """Give ID a new secret; both are valid for a while. The new one is shown once."""
    operations.require_reason(reason, execute=execute)
    settings = read_settings()
    with opened(settings) as registry:
        held = chosen(registry, subscription_id, Channel.WEBHOOK)
        after = held.secrets.rotated(new_secret(), now_us(), overlap_hours * HOUR_US)

        def act() -> None:
            # Noted first: where it cannot be, no secret is made that nobody was shown.
            what = f"rotate the secret of webhook {subscription_id}"
            said = {"subject": subscription_id, "outcome": operations.ASKED}
            operations.record(settings.state_dir, what, reason, **said)
            if not registry.rotate(subscription_id, held.secrets, after):
                raise OvertakenError(f"{subscription_id} was rotated by somebody else meanwhile")

        plan = f"rotate {subscription_id}: the present secret is valid for {overlap_hours} h more"
        new = replace(held, secrets=after)
        _carry_out(plan, act, new, as_json=as_json, execute=execute)


@webhooks.command()
@id_argument
@reason_option
@execute_option
def disable(subscription_id: str, reason: str, *, execute: bool) -> None:
    """Tell ID nothing more, for good. What was due is dead."""
    disabling(subscription_id, Channel.WEBHOOK, lambda held: held.address, reason, execute=execute)


@webhooks.command()
@id_argument
@click.option("--state", type=click.Choice([each.value for each in State]), help="Only these.")
@click.option("--limit", type=click.IntRange(1, LIMIT_MAX), default=LIMIT, show_default=True)
@json_option
@click.pass_context
def deliveries(
    ctx: click.Context, subscription_id: str, state: str | None, limit: int, *, as_json: bool
) -> None:
    """Show the newest deliveries of ID. Exit code 1 when one of those shown is dead."""
    with opened(read_settings()) as registry:
        chosen(registry, subscription_id)
        wanted = None if state is None else State(state)
        found = registry.deliveries(subscription_id, wanted, limit)
    show_rows([delivery_row(each) for each in found], as_json=as_json, empty="no delivery")
    if any(each.state == State.DEAD for each in found):
        ctx.exit(DIFFERENCES)


@webhooks.command()
@id_argument
@click.option("--event", "event_id", help="Only this one; all dead ones when not given.")
@reason_option
@execute_option
def retry(subscription_id: str, event_id: str | None, reason: str, *, execute: bool) -> None:
    """Send dead deliveries of ID again, under the webhook-id they had."""
    operations.require_reason(reason, execute=execute)
    settings = read_settings()
    with opened(settings) as registry:
        if chosen(registry, subscription_id).standing is Standing.DISABLED:
            raise click.UsageError(f"ID: {subscription_id} is disabled; add another")
        found = registry.deliveries(subscription_id, State.DEAD, LIMIT_MAX)
        dead = [each for each in found if event_id in {None, each.event_id}]

        def act() -> None:
            count = registry.retry(subscription_id, event_id)
            what = f"send {count} dead deliveries of {subscription_id} again"
            operations.record(settings.state_dir, what, reason, subject=subscription_id)

        lines = [f"send {each.event_id} ({each.type}) again, {each.error or ''}" for each in dead]
        show_plan(lines, execute=execute, act=act)


def disabling(
    subscription_id: str,
    channel: Channel,
    words: Callable[[Subscription], str],
    reason: str,
    *,
    execute: bool,
) -> None:
    """Show or carry out that a subscription is told nothing more; `words` say what it was."""
    operations.require_reason(reason, execute=execute)
    settings = read_settings()
    with opened(settings) as registry:
        held = chosen(registry, subscription_id, channel)
        what = f"disable {channel.value.lower()} {subscription_id}"

        def act() -> None:
            registry.disable(subscription_id, reason)
            operations.record(settings.state_dir, what, reason, subject=subscription_id)

        show_plan([f"disable {subscription_id}: {words(held)}"], execute=execute, act=act)


def chosen(
    registry: Registry, subscription_id: str, channel: Channel | None = None
) -> Subscription:
    """Return the one that is meant. Raises a usage error."""
    found = registry.find(subscription_id)
    if found is None or channel not in {None, found.channel}:
        raise click.UsageError(f"ID: there is no {subscription_id}")
    return found


def _carry_out(
    plan: str, act: Callable[[], None], made: Subscription, *, as_json: bool, execute: bool
) -> None:
    """Show the plan or do it; the secret is shown only of what was kept."""
    if not as_json:
        show_plan([plan], execute=execute, act=act)
        if execute:
            click.echo(f"secret, shown this once: {made.secrets.current}")
        return
    if execute:
        act()
    told = {"secret": made.secrets.current} if execute else {}
    show_json({"id": made.subscription_id, "plan": plan, "done": execute, **told})
