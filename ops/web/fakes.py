"""Fakes: a source that says what a test told it, and is away where it is told to be.

Owns: nothing but what it was given.
Never: a server.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final, final

from ops.reading import Placed
from ops.recon.found import Found
from ops.web.followed import Followed, Seen
from ops.web.source import Recon, WalletSeen
from sinks.answers import Balance, OpenHold
from sinks.batch import Position
from sinks.errors import StoreAway

NOBODY: Final = WalletSeen(None, (), (), (), ())


@final
class FakeSource:
    """Says what it was given; `away` names the questions that nobody answers."""

    def __init__(self, partitions: int = 2) -> None:
        self.stores: tuple[str, ...] = ("postgres", "redis")
        self.partitions: Final = partitions
        self.away: Final[set[str]] = set()
        self.asked: Final[list[str]] = []
        self.followed: Final = Followed()
        self.ends: dict[str, dict[int, int]] = {}
        self.at: dict[str, dict[int, Position]] = {name: {} for name in self.stores}
        self.open_holds: list[OpenHold] = []
        self.sums: dict[tuple[int, str], int] = {}
        self.wallets: dict[str, WalletSeen] = {}
        self.redis_balances: dict[str, Sequence[Balance]] = {}
        self.found: Final = Found()
        self.dead: list[dict[str, Any]] = []
        self.states: list[dict[str, Any]] = []
        self.is_closed = False

    def decided(self, placed: Iterable[Placed]) -> None:
        """Add Decisions to the log."""
        for each in placed:
            self.followed.take(each)

    def log(self) -> Seen:
        """Return what was decided."""
        self._ask("log")
        return self.followed.seen(self.partitions)

    def inputs(self) -> Mapping[str, Mapping[int, int]]:
        """Return the ends that were given."""
        self._ask("inputs")
        return self.ends

    def positions(self, store: str) -> Mapping[int, Position]:
        """Return where the store was said to stand."""
        self._ask(store)
        return self.at[store]

    def holds(self) -> Sequence[OpenHold]:
        """Return the holds that were given."""
        self._ask("holds")
        return self.open_holds

    def trial_balance(self) -> Mapping[tuple[int, str], int]:
        """Return the sums that were given."""
        self._ask("trial_balance")
        return self.sums

    def wallet(self, wallet_id: str) -> WalletSeen:
        """Return a wallet that was given; nobody else has one."""
        self._ask("wallet")
        return self.wallets.get(wallet_id, NOBODY)

    def balances_beside(self, wallet_id: str) -> Sequence[Balance]:
        """Return the balances that were given."""
        self._ask("balances_beside")
        return self.redis_balances.get(wallet_id, ())

    def recon(self) -> Recon:
        """Return what was found."""
        self._ask("recon")
        return Recon(self.found, self.partitions)

    def letters(self) -> Sequence[Mapping[str, Any]]:
        """Return the letters that were given."""
        self._ask("letters")
        return self.dead

    def workers(self) -> Sequence[Mapping[str, Any]]:
        """Return the states that were given."""
        self._ask("workers")
        return self.states

    def close(self) -> None:
        """Take note."""
        self.is_closed = True

    def _ask(self, what: str) -> None:
        self.asked.append(what)
        if what in self.away:
            raise StoreAway(f"nobody answers about {what}")
