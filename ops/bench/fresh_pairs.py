"""Pairs: customers who write, and then read what they wrote with the position they were told.

Theory: a customer has a wallet that nobody else writes to and does one thing at a time, so it knows
exactly what a read must show. It puts money into a pot or takes some out and asks one store, drawn
by lot. An answer that shows less than it wrote is stale. A door may say that it cannot answer
(503); then it is asked again with the same position, until it answers.

Owns: those customers, and what they saw.
Never: forgives: what is not exactly right is stale.
"""

from __future__ import annotations

import asyncio
import time
from collections import Counter
from dataclasses import dataclass, field
from random import Random
from typing import TYPE_CHECKING, Any, Final, final

from ops.bench.http_wire import Told, Wire, asked, written

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

HOST: Final = "127.0.0.1"
OK: Final = 200
LATER: Final = 202  # in the log, and not decided in time
FUND_MINOR: Final = 9_000_00
MOST_MINOR: Final = 100
AGAIN_S: Final = 0.05
WAIT_S: Final = 20
PATIENCE_S: Final = 300.0  # a store that restarts on a busy machine, and its sink after it
PERSON: Final = {"kind": "CUSTOMER", "tier": "PREMIUM", "currencies": ["EUR"]}


@dataclass(slots=True)
class Seen:
    """What all customers saw."""

    pairs: int = 0
    stale: list[str] = field(default_factory=list)
    sources: Counter[str] = field(default_factory=Counter)  # of answers: read by store
    again: Counter[str] = field(default_factory=Counter)  # requests sent once more: by why


@dataclass(slots=True)
class Written:
    """The last write of a customer, and what its wallet holds after it."""

    key: str
    sequence: int
    available: int
    pot: int


def is_shown(read: str, wrote: Written, document: Any) -> bool:  # noqa: ANN401 - of four shapes
    """Say whether an answer shows exactly what the wallet's only writer wrote."""
    if read == "balances":
        held = {each["account"]: each["minor"] for each in document}
        return (held.get("W.AVL"), held.get("W.POT.1", 0)) == (wrote.available, wrote.pot)
    if read == "entries":
        return bool(document["items"]) and document["items"][0]["sequence"] == wrote.sequence
    if read == "history":
        return any(each["command_id"] == wrote.key for each in document["items"])
    return bool(document["state"] == "ACCEPTED")


READS: Final = ("balances", "balances", "history", "history", "entries", "command")


@final
class Customer:
    """One wallet and its only writer."""

    def __init__(self, port: int, wallet_id: str, seen: Seen, rng: Random) -> None:
        self._wire: Final = Wire(HOST, port)
        self._wallet: Final = wallet_id
        self._seen: Final = seen
        self._rng: Final = rng
        self._writes = 0
        self._last = Written("", 0, 0, 0)

    async def open(self) -> None:
        """Open the wallet and put money into it."""
        await self._decided("", PERSON)
        top_up = {"rail": "card", "ext_ref": f"fresh-{self._wallet}", **_euros(FUND_MINOR)}
        await self._decided("/top-ups", top_up)
        told = await self._answered(asked(HOST, f"/wallets/{self._wallet}/balances", self._token))
        self._last.available = sum(each["minor"] for each in told.json())

    async def pair(self) -> None:
        """Write, then read what was written."""
        await self._write()
        read = self._rng.choice(READS)
        name = f"commands/{self._last.key}" if read == "command" else read
        told = await self._answered(asked(HOST, f"/wallets/{self._wallet}/{name}", self._token))
        if told.status != OK or not is_shown(read, self._last, told.json()):
            shown = told.body[:300].decode(errors="replace")
            self._seen.stale.append(f"{self._last}: {read} at {self._token}: {shown}")
        self._seen.sources[f"{read} by {told.headers.get('ledger-source', '')}"] += 1
        self._seen.pairs += 1

    def close(self) -> None:
        """Let go of the connection."""
        self._wire.close()

    async def _write(self) -> None:
        last = self._last
        into = last.pot == 0 or (last.available > MOST_MINOR and self._rng.random() < 0.5)  # noqa: PLR2004 - a coin
        amount = self._rng.randint(1, MOST_MINOR if into else min(last.pot, MOST_MINOR))
        verb = "deposits" if into else "withdrawals"
        await self._decided(f"/pots/1/{verb}", _euros(amount))
        signed = amount if into else -amount
        self._last.available, self._last.pot = last.available - signed, last.pot + signed

    async def _decided(self, path: str, body: dict[str, Any]) -> None:
        """Send a command, with its id again until its Decision is told; it must be accepted."""
        self._writes += 1
        key = f"{self._wallet}.{self._writes}"
        request = written(HOST, f"/wallets/{self._wallet}{path}", key, body, WAIT_S)
        while (told := await self._answered(request)).status != OK:
            if told.status != LATER:
                raise RuntimeError(f"{key}: {told.status} {told.body!r:.300}")
            self._seen.again["not decided yet"] += 1
        self._token = told.headers["ledger-position"]
        self._last.key, self._last.sequence = key, told.json()["sequence"]

    async def _answered(self, request: bytes) -> Told:
        """Ask until there is an answer that says more than: not now."""
        until = time.monotonic() + PATIENCE_S
        while (told := await self._wire.ask(request)) is None or told.is_not_now:
            why = "no answer" if told is None else told.code
            if time.monotonic() > until:
                raise TimeoutError(f"{self._wallet}: {why} for {PATIENCE_S:.0f} s")
            self._seen.again[why] += 1
            await asyncio.sleep(AGAIN_S)
        return told


def _euros(minor: int) -> dict[str, str]:
    return {"currency": "EUR", "amount": f"{minor // 100}.{minor % 100:02}"}


async def pairs_of(
    port: int, count: int, clients: int, seed: int, events: Sequence[Callable[[], None]]
) -> Seen:
    """Make `count` pairs, or more: until each event is over, which began at its share of them."""
    seen = Seen()
    customers = [
        Customer(port, f"fresh-{seed}-{number}", seen, Random(f"{seed}-{number}"))  # noqa: S311 - a bench
        for number in range(clients)
    ]
    turns = _Turns(count, events)
    try:
        await asyncio.gather(*(each.open() for each in customers))
        await asyncio.gather(*(_go_on(each, turns) for each in customers))
        await turns.happened()
        # Whoever came back last is asked as well.
        await asyncio.gather(*(_some(each) for each in customers))
    finally:
        for each in customers:
            each.close()
    return seen


async def _go_on(customer: Customer, turns: _Turns) -> None:
    for _ in turns:
        await customer.pair()


async def _some(customer: Customer) -> None:
    for _ in READS:
        await customer.pair()


@final
class _Turns:
    """Turns that all customers take; events happen by the way, one after the other."""

    def __init__(self, count: int, events: Sequence[Callable[[], None]]) -> None:
        self._count: Final = count
        self._at: Final = {
            count * (number + 1) // (len(events) + 1): event for number, event in enumerate(events)
        }
        self._taken = 0
        self._one: Final = asyncio.Lock()
        self._begun: Final[list[asyncio.Task[None]]] = []

    def __iter__(self) -> Iterator[int]:
        """Yield numbers until there were enough, and every event is over."""
        while self._taken < self._count or not all(each.done() for each in self._begun):
            event = self._at.get(self._taken)
            self._taken += 1
            if event is not None:
                self._begun.append(asyncio.ensure_future(self._happen(event)))
            yield self._taken

    async def happened(self) -> None:
        """Fail as an event did."""
        await asyncio.gather(*self._begun)

    async def _happen(self, event: Callable[[], None]) -> None:
        async with self._one:
            await asyncio.to_thread(event)
