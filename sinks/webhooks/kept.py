"""Kept: a subscription as a row of PostgreSQL, and back.

Owns: the order of the columns, in one place for whoever reads or writes them.
Never: runs a statement.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from sinks.webhooks.instants import instant, micros_of
from sinks.webhooks.quiet import Quiet
from sinks.webhooks.subscription import Channel, Secrets, Standing, Subscription

WIDTH: Final = 16  # columns of `statements.COLUMNS`


def row_of(kept: Subscription) -> tuple[object, ...]:
    """Return the columns."""
    quiet = (None, None, None) if kept.quiet is None else tuple(kept.quiet)
    secrets = kept.secrets
    return (
        *(kept.subscription_id, kept.channel.value, kept.address, kept.owner),
        *(list(kept.wallets), list(kept.types), list(kept.reasons), kept.private_allowed),
        *quiet,
        *(secrets.current, secrets.former),
        instant(secrets.former_until) if secrets.former else None,
        *(kept.standing.value, instant(kept.since)),
    )


def subscription_of(row: Sequence[Any]) -> Subscription:
    """Return the subscription that columns say."""
    (name, channel, address, owner, wallets, types, reasons, private), rest = row[:8], row[8:]
    begins, ends, zone, secret, former, until, standing, since = rest
    return Subscription(
        subscription_id=name,
        channel=Channel(channel),
        address=address,
        owner=owner,
        wallets=tuple(wallets),
        types=tuple(types),
        reasons=tuple(reasons),
        private_allowed=private,
        quiet=None if zone is None else Quiet(begins, ends, zone),
        secrets=Secrets(secret, former, 0 if until is None else micros_of(until)),
        standing=Standing(standing),
        since=micros_of(since),
    )
