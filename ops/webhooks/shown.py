"""Shown: subscriptions and deliveries as rows for a person or a program.

Owns: what is hidden: secrets, and what an address says besides its host.
Never: asks a store.
"""

from __future__ import annotations

from urllib.parse import urlsplit

from ops.console import time_text
from sinks.webhooks.registry import Delivery
from sinks.webhooks.subscription import Channel, Subscription


def subscription_row(each: Subscription, at_us: int) -> dict[str, object]:
    """Return a webhook."""
    return {
        "id": each.subscription_id,
        "state": each.standing.value,
        "url": each.address,
        "types": ", ".join(each.types) or "all",
        "wallets": ", ".join(each.wallets) or "all",
        "reasons": ", ".join(each.reasons) or "all",
        "secrets": len(each.secrets.valid(at_us)),
        "since": time_text(each.since),
    }


def preference_row(each: Subscription) -> dict[str, object]:
    """Return a person's preference; what opens the channel is in its address, and is not shown."""
    return {
        "id": each.subscription_id,
        "state": each.standing.value,
        "owner": each.owner,
        "wallets": ", ".join(each.wallets) or "all",
        "types": ", ".join(each.types),
        "channel": channel_name(each.address),
        "quiet": "" if each.quiet is None else f"{each.quiet.text} {each.quiet.zone}",
    }


def delivery_row(each: Delivery) -> dict[str, object]:
    """Return a delivery."""
    return {**each._asdict(), "due_at": str(each.due_at), "created_at": str(each.created_at)}


def channel_name(address: str) -> str:
    """Return what may be shown of a channel."""
    return f"{urlsplit(address).scheme}://***"


def told_of(each: Subscription) -> str:
    """Return in words what it is told of."""
    parts = [
        f"{name} {', '.join(found)}"
        for name, found in (
            ("type", each.types),
            ("wallet", each.wallets),
            ("reason", each.reasons),
        )
        if found
    ]
    where = each.address if each.channel is Channel.WEBHOOK else channel_name(each.address)
    return f"{where} of {'; '.join(parts) or 'everything'}, from now on"
