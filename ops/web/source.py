"""Source: the questions of the console, each answered by what a noun of ledgerctl reads with.

Owns: their names and what they answer with.
Never: asks; `servers.py` does, and `fakes.py` for tests.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, Protocol

from ops.recon.found import Found
from ops.web.followed import Seen
from sinks.answers import Answer, Balance, Hold, OpenHold, Transaction, Wallet
from sinks.batch import Position

HOLDS_MAX: Final = 200


@dataclass(frozen=True, slots=True)
class Recon:
    """What the reconciliation said, and over how many partitions."""

    found: Found
    partitions: int


@dataclass(frozen=True, slots=True)
class WalletSeen:
    """One wallet as PostgreSQL has it; `standing` is None for one that was never opened."""

    standing: Wallet | None
    balances: Sequence[Balance]
    holds: Sequence[Hold]
    transactions: Sequence[Transaction]
    history: Sequence[Answer]


class Source(Protocol):
    """Whom the console asks. Each call may raise what its server raises when it is away."""

    stores: tuple[str, ...]

    def log(self) -> Seen:
        """Return the newest Decisions, and what follows from them."""
        ...

    def inputs(self) -> Mapping[str, Mapping[int, int]]:
        """Return the end of each input topic, by partition."""
        ...

    def positions(self, store: str) -> Mapping[int, Position]:
        """Return where a store stands, by partition."""
        ...

    def holds(self) -> Sequence[OpenHold]:
        """Return open holds, the next to expire first, at most `HOLDS_MAX`."""
        ...

    def trial_balance(self) -> Mapping[tuple[int, str], int]:
        """Return the sum of all balances by partition and currency."""
        ...

    def wallet(self, wallet_id: str) -> WalletSeen:
        """Return one wallet."""
        ...

    def balances_beside(self, wallet_id: str) -> Sequence[Balance]:
        """Return the same wallet's balances as Redis has them."""
        ...

    def recon(self) -> Recon:
        """Return breaks and cuts."""
        ...

    def letters(self) -> Sequence[Mapping[str, Any]]:
        """Return dead letters as `ledgerctl dlq list` does, oldest first."""
        ...

    def workers(self) -> Sequence[Mapping[str, Any]]:
        """Return what every worker says of its partitions."""
        ...

    def close(self) -> None:
        """Let go of every server."""
        ...
