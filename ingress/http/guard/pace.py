"""Pace: how many requests a caller and an address may send in a time.

Owns: the counting, with all doors while their store answers, and by this door alone while not.
Never: refuses a request because the store of the counters is away.
"""

from __future__ import annotations

import asyncio
import logging
import time
from dataclasses import dataclass
from ipaddress import ip_address, ip_network
from math import ceil
from typing import Final

from limits import RateLimitItem, RateLimitItemPerMinute, WindowStats
from limits.aio.storage import MemoryStorage, Storage
from limits.aio.strategies import SlidingWindowCounterRateLimiter
from limits.errors import StorageError
from purgatory import AsyncCircuitBreakerFactory
from purgatory.domain.model import OpenedState

from ingress.http.eyes import DoorEyes
from ingress.http.problems import Problem

LOG = logging.getLogger(__name__)
ANSWER_S: Final = 0.25  # what a request waits for the store of the counters, at most
LEFT_ALONE_S: Final = 5.0
IPV6_NETWORK: Final = 64  # one customer has so many addresses of that kind
AWAY: Final = (StorageError, OSError, TimeoutError)
# One-time codes, good or not: a phone shows ten in that time. Who has a key and no phone hits one
# of the three that are good in some three months of trying without a pause.
CODES: Final = RateLimitItemPerMinute(10, 5)


@dataclass(frozen=True, slots=True)
class Rates:
    """How much; None is without end."""

    caller: RateLimitItem | None = None
    address: RateLimitItem | None = None


class Pace:
    """The counters. `shared` is that of all doors; without it each counts for itself."""

    def __init__(self, rates: Rates, eyes: DoorEyes, shared: Storage | None = None) -> None:
        self._rates: Final = rates
        self.eyes: Final = eyes
        self._own: Final = SlidingWindowCounterRateLimiter(MemoryStorage())
        self._shared: Final = None if shared is None else SlidingWindowCounterRateLimiter(shared)
        self._breakers: Final = AsyncCircuitBreakerFactory(
            default_threshold=1, default_ttl=LEFT_ALONE_S
        )

    async def address(self, host: str) -> None:
        """Count a request of an address. Raises `Problem` RATE_LIMITED."""
        if self._rates.address is not None:
            await self._take(self._rates.address, "address", network_of(host))

    async def caller(self, key_id: str) -> None:
        """Count a request of a caller. Raises `Problem` RATE_LIMITED."""
        if self._rates.caller is not None:
            await self._take(self._rates.caller, "caller", key_id)

    async def code(self, key_id: str) -> None:
        """Count a code that is tried. Raises `Problem` RATE_LIMITED."""
        await self._take(CODES, "code", key_id)

    async def _take(self, rate: RateLimitItem, kind: str, name: str) -> None:
        over = await self._counted(rate, kind, name)
        if over is not None:
            raise _too_many(rate, kind, over)

    async def _counted(self, rate: RateLimitItem, kind: str, name: str) -> WindowStats | None:
        if self._shared is not None:
            try:
                breaker = await self._breakers.get_breaker("counters")
                async with breaker, asyncio.timeout(ANSWER_S):
                    over = await _over(self._shared, rate, kind, name)
            except OpenedState:
                pass  # asked lately, and told nothing
            except AWAY as error:
                self._left(error)
            else:
                self._back()
                return over
        return await _over(self._own, rate, kind, name)

    def _left(self, error: Exception) -> None:
        self.eyes.shared_failed()
        if not self.eyes.alone:
            said = str(error) or type(error).__name__
            LOG.warning("requests are counted by this door alone: %s", said)
        self.eyes.alone = True

    def _back(self) -> None:
        if self.eyes.alone:
            LOG.warning("requests are counted with all doors again")
        self.eyes.alone = False


async def _over(
    limiter: SlidingWindowCounterRateLimiter, rate: RateLimitItem, kind: str, name: str
) -> WindowStats | None:
    """Count; return how the window stands when this was too much."""
    if await limiter.hit(rate, kind, name):
        return None
    return await limiter.get_window_stats(rate, kind, name)


def _too_many(rate: RateLimitItem, kind: str, over: WindowStats) -> Problem:
    # The library counts by the wall clock, and says by it when there is room again.
    wait_s = max(1, ceil(over.reset_time - time.time()))  # noqa: TID251
    headers = {
        "Retry-After": str(wait_s),
        "RateLimit-Policy": f'"{kind}";q={rate.amount};w={rate.get_expiry()}',
        "RateLimit": f'"{kind}";r=0;t={wait_s}',
    }
    return Problem("RATE_LIMITED", f"more than {rate} of this {kind}", headers=headers, of=kind)


def network_of(host: str) -> str:
    """Return what counts as one address."""
    try:
        address = ip_address(host)
    except ValueError:
        return host
    if address.version == 4:  # noqa: PLR2004 - the name of a protocol
        return host
    return str(ip_network((address, IPV6_NETWORK), strict=False))
