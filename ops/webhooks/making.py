"""Making: a subscription of what was written on a command line.

Owns: new secrets, the look-up of the address before anything is kept.
Never: keeps one.
"""

from __future__ import annotations

import secrets
from typing import Final, TypedDict

from ingress.sdk.stamp import now_us
from sinks.webhooks.address import Place, judge, notice_place, webhook_place
from sinks.webhooks.lookup import look_up
from sinks.webhooks.signing import SECRET_BYTES, secret_of
from sinks.webhooks.subscription import Channel, Refused, Secrets, Subscription, check

ID_BYTES: Final = 6


class Filters(TypedDict):
    """What is told of."""

    wallets: tuple[str, ...]
    types: tuple[str, ...]
    reasons: tuple[str, ...]


def webhook_of(
    url: str, subscription_id: str | None, filters: Filters, *, private_allowed: bool
) -> Subscription:
    """Return a new webhook. Raises `Refused`."""
    made = Subscription(
        subscription_id=subscription_id or f"wh-{secrets.token_hex(ID_BYTES)}",
        channel=Channel.WEBHOOK,
        address=url,
        since=now_us(),
        wallets=filters["wallets"],
        types=filters["types"],
        reasons=filters["reasons"],
        private_allowed=private_allowed,
        secrets=Secrets(new_secret()),
    )
    check(made)
    judge_place(webhook_place(url), private_allowed=private_allowed)
    return made


def check_channel(url: str, *, private_allowed: bool) -> None:
    """Refuse a channel that could not be told. Raises `Refused`."""
    place = notice_place(url)
    if place is not None:
        judge_place(place, private_allowed=private_allowed)


def judge_place(place: Place, *, private_allowed: bool) -> None:
    """Look a name up and judge what it stands for; it is judged again at every attempt."""
    try:
        found = look_up(place)
    except OSError as error:
        raise Refused(f"url: {place.host} is not known: {error}") from error
    judge(place, found, private_allowed=private_allowed)


def new_secret() -> str:
    """Return a secret nobody can guess."""
    return secret_of(secrets.token_bytes(SECRET_BYTES))
