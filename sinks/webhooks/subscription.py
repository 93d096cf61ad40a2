"""Subscription: who wants to hear what, where, and signed by which secrets.

Owns: filters, the two secrets that are valid while one replaces the other, the bounds of both.
Never: asks a clock or a store.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from hashlib import sha256
from typing import Final, NamedTuple

from sinks.webhooks.events import Event
from sinks.webhooks.quiet import Quiet

ID: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,63}")
TYPE: Final = re.compile(r"\*|[a-z_]+\.(\*|[a-z0-9_-]+)")
FILTERS_MAX: Final = 100  # wallets, types or reasons of one subscription
OWNER_MAX: Final = 128
MESSAGE_DIGITS: Final = 32


class Refused(ValueError):
    """A subscription that cannot be kept; the message names the field."""


class Channel(StrEnum):
    """How it is told."""

    WEBHOOK = "WEBHOOK"
    NOTICE = "NOTICE"


class Standing(StrEnum):
    """Whether it is told. What was disabled stays so: events of the time between are nobody's."""

    ACTIVE = "ACTIVE"
    DISABLED = "DISABLED"


class Secrets(NamedTuple):
    """What a webhook is signed with: the current secret, and the one before it for a while."""

    current: str = ""
    former: str = ""
    former_until: int = 0  # microseconds

    def valid(self, at_us: int) -> tuple[str, ...]:
        """Return the secrets that a receiver may still have, the newest first."""
        former = (self.former,) if self.former and at_us < self.former_until else ()
        return (self.current, *former) if self.current else ()

    def rotated(self, new: str, at_us: int, overlap_us: int) -> Secrets:
        """Return the secrets after a rotation: never more than two are valid."""
        return Secrets(new, self.current, at_us + overlap_us)


NO_SECRETS: Final = Secrets()


@dataclass(frozen=True, slots=True, kw_only=True)
class Subscription:
    """One address and what it is told of. An empty filter lets everything pass."""

    subscription_id: str
    channel: Channel
    address: str
    since: int  # microseconds: what was decided before is not told
    owner: str = ""  # the user whose preference it is
    wallets: tuple[str, ...] = ()
    types: tuple[str, ...] = ()
    reasons: tuple[str, ...] = ()
    private_allowed: bool = False
    quiet: Quiet | None = None
    secrets: Secrets = NO_SECRETS
    standing: Standing = Standing.ACTIVE

    def wants(self, event: Event) -> bool:
        """Say whether an event is for it."""
        if self.standing is not Standing.ACTIVE or event.at < self.since:
            return False
        if self.wallets and event.wallet_id not in self.wallets:
            return False
        if self.reasons and event.reason not in self.reasons:
            return False
        return not self.types or any(_matches(each, event.type) for each in self.types)

    def message_id(self, event_id: str) -> str:
        """Return the `webhook-id` of an event: what a receiver drops a repeat by.

        A digest, because wallet ids and rule ids may contain what no header may.
        """
        text = f"{self.subscription_id}\0{event_id}".encode()
        return f"msg_{sha256(text).hexdigest()[:MESSAGE_DIGITS]}"


def check(given: Subscription) -> None:
    """Refuse what could not be kept or would match nothing. Raises `Refused`."""
    if not ID.fullmatch(given.subscription_id):
        raise Refused(f"id: {given.subscription_id!r} is not 1 to 64 letters, digits, - and _")
    if len(given.owner) > OWNER_MAX:
        raise Refused(f"owner: longer than {OWNER_MAX} characters")
    for name, filters in _filters(given):
        if len(filters) > FILTERS_MAX:
            raise Refused(f"{name}: more than {FILTERS_MAX}; make another subscription")
        if "" in filters or len(set(filters)) < len(filters):
            raise Refused(f"{name}: an empty one, or one twice")
    for each in given.types:
        if not TYPE.fullmatch(each):
            raise Refused(f"type: {each!r} is not like transfer.completed or transfer.*")


def _filters(given: Subscription) -> Sequence[tuple[str, tuple[str, ...]]]:
    return (("wallet", given.wallets), ("type", given.types), ("reason", given.reasons))


def _matches(pattern: str, kind: str) -> bool:
    if pattern.endswith("*"):
        return kind.startswith(pattern[:-1])
    return kind == pattern
