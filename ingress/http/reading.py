"""Reading: which store answers what, and which other one when it is away.

Owns: the three stores of the sinks, the order of asking, and what a read's headers say.
Never: answers from an earlier time than the caller asked for.
"""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, Protocol

from starlette.requests import Request
from starlette.responses import Response

from ingress.http.position import ANSWERED, ASKED, read_token
from ingress.http.problems import Problem
from ingress.http.stores import Answered, R, Reads, Store, T
from sinks.cassandra.reads import HistoryLine
from sinks.postgres.reads import (
    Answer,
    Balance,
    Entry,
    Hold,
    StoreAway,
    Transaction,
    TransactionStep,
    Wallet,
)

SOURCE: Final = "Ledger-Source"
KNOWN_MAX: Final = 10_000
SECOND_US: Final = 1_000_000


class BalanceReads(Reads, Protocol):
    """What Redis answers."""

    def balances(self, wallet_id: str) -> tuple[Balance, ...]:
        """Return a wallet's accounts."""


class HistoryReads(Reads, Protocol):
    """What Cassandra answers."""

    def history(
        self, wallet_id: str, limit: int = ..., before: int = ...
    ) -> tuple[HistoryLine, ...]:
        """Return the newest rows of a wallet below a sequence."""


class JournalReads(BalanceReads, Protocol):
    """What PostgreSQL answers."""

    def wallet(self, wallet_id: str) -> Wallet | None:
        """Return a wallet's standing."""

    def outcomes(self, command_id: str, wallet_id: str | None = ...) -> tuple[Answer, ...]:
        """Return every Decision about a command."""

    def history(self, wallet_id: str, limit: int = ..., before: int = ...) -> tuple[Answer, ...]:
        """Return the newest Decisions addressed to a wallet."""

    def entries(self, wallet_id: str, limit: int = ..., before: int = ...) -> tuple[Entry, ...]:
        """Return the newest journal entries of a wallet."""

    def holds(self, wallet_id: str, limit: int = ...) -> tuple[Hold, ...]:
        """Return the newest holds of a wallet."""

    def transactions(
        self, wallet_id: str, limit: int = ..., before: int = ...
    ) -> tuple[Transaction, ...]:
        """Return the transactions that changed last."""

    def transaction_steps(
        self, wallet_id: str, transaction_id: str, limit: int = ...
    ) -> tuple[TransactionStep, ...]:
        """Return the steps of a transaction."""


class LastKnown:
    """The balances last read of a number of wallets: better than nothing, and said to be old."""

    def __init__(self) -> None:
        self._found: Final[OrderedDict[str, tuple[float, tuple[Balance, ...]]]] = OrderedDict()

    def keep(self, wallet_id: str, balances: tuple[Balance, ...]) -> None:
        """Remember what was read just now."""
        self._found[wallet_id] = (time.monotonic(), balances)
        self._found.move_to_end(wallet_id)
        if len(self._found) > KNOWN_MAX:
            self._found.popitem(last=False)

    def get(self, wallet_id: str) -> tuple[int, tuple[Balance, ...]] | None:
        """Return the age in whole seconds and the balances, or None."""
        found = self._found.get(wallet_id)
        return None if found is None else (int(time.monotonic() - found[0]), found[1])


@dataclass(frozen=True, slots=True)
class Books:
    """The stores that this door may ask; one that is not configured is None."""

    journal: Store[JournalReads] | None
    balances: Store[BalanceReads] | None
    history: Store[HistoryReads] | None
    known: LastKnown

    def close(self) -> None:
        """Close every store."""
        for store in (self.journal, self.balances, self.history):
            if store is not None:
                store.close()


class Reading:
    """One read: what it asks for, and the headers of its answer."""

    def __init__(self, books: Books, request: Request, response: Response) -> None:
        self._books: Final = books
        self._headers: Final = response.headers
        self._at_least: Final = read_token(request.headers.get(ASKED))

    async def journal(self, question: Callable[[JournalReads], T]) -> T:
        """Ask the journal. Raises `Problem` STORE_AWAY."""
        try:
            return await self._ask("postgres", self._books.journal, question)
        except StoreAway as error:
            raise away(error) from error

    async def history(
        self, wallet_id: str, limit: int, before: int
    ) -> tuple[HistoryLine, ...] | tuple[Answer, ...]:
        """Ask the history; the journal knows less of it, and is asked when that is away."""
        try:
            return await self._ask(
                "cassandra",
                self._books.history,
                lambda reads: reads.history(wallet_id, limit, before),
            )
        except StoreAway:
            return await self.journal(lambda reads: reads.history(wallet_id, limit, before))

    async def balances(self, wallet_id: str) -> tuple[Balance, ...]:
        """Ask Redis, then the journal; then tell what was last known, unless a token asks more."""
        try:
            found = await self._balances(wallet_id)
        except StoreAway as error:
            old = None if self._at_least else self._books.known.get(wallet_id)
            if old is None:
                raise away(error) from error
            self._headers[SOURCE], self._headers["Age"] = "memory", str(old[0])
            return old[1]
        self._books.known.keep(wallet_id, found)
        return found

    async def _balances(self, wallet_id: str) -> tuple[Balance, ...]:
        try:
            return await self._ask(
                "redis", self._books.balances, lambda reads: reads.balances(wallet_id)
            )
        except StoreAway:
            return await self._ask(
                "postgres", self._books.journal, lambda reads: reads.balances(wallet_id)
            )

    async def _ask(self, name: str, store: Store[R] | None, question: Callable[[R], T]) -> T:
        if store is None:
            raise StoreAway(f"{name} is not configured at this door")
        told: Answered[T] = await store.ask(question, self._at_least)
        self._headers[SOURCE] = told.source
        if told.at is not None:
            self._headers[ANSWERED] = str(told.at)
        return told.value


def away(error: StoreAway) -> Problem:
    """Return the problem of a store that does not answer."""
    return Problem("STORE_AWAY", str(error))
