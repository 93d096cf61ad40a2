"""History: single movements of a wallet, kept as they were when they happened.

Owns: the records that features of behaviour are computed from.
Never: changes one; what came back later stays.
"""

from __future__ import annotations

from dataclasses import dataclass

from schemas.messages.vocabulary import Authentication


@dataclass(frozen=True, slots=True)
class Paid:
    """An accepted outgoing movement as it was when it was accepted; `minor` is base minor units."""

    at: int
    day: int
    minor: int
    payee: str
    is_round: bool
    near: tuple[int, ...]
    device_id: str = ""
    authentication: Authentication = Authentication.UNSAID
    country: str = ""


@dataclass(frozen=True, slots=True)
class Received:
    """An incoming movement; `after` so many were paid. Empty: no wallet sent it, no known card."""

    at: int
    day: int
    minor: int
    card: bool
    after: int
    sender: str = ""
    instrument: str = ""


@dataclass(frozen=True, slots=True)
class Sold:
    """A sale of a merchant; `minor` is base minor units."""

    day: int
    minor: int
    payer: str
    night: bool
