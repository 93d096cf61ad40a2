"""History: single movements of a wallet, kept as they were when they happened.

Owns: the records that features of behaviour are computed from.
Never: changes one; what came back later stays.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Paid:
    """An accepted outgoing movement as it was when it was accepted; `minor` is base minor units."""

    at: int
    day: int
    minor: int
    payee: str
    is_round: bool
    near: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Received:
    """An incoming movement; `after` so many were paid."""

    at: int
    day: int
    minor: int
    card: bool
    after: int
