"""A client that costs little: requests made beforehand, answers only counted.

Theory: a rich client takes more CPU for a request than the door does, and would be what is
measured. This one writes bytes and reads as far as Content-Length says.

Owns: keep-alive connections, each with one request at a time.
Never: repeats a request: a refusal is counted.
"""

from __future__ import annotations

import asyncio
import json
import time
from collections import Counter
from typing import TYPE_CHECKING, Final, NamedTuple

from ops.bench.quantiles import quantile

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

HEAD_END: Final = b"\r\n\r\n"
LENGTH: Final = b"content-length: "


class Rate(NamedTuple):
    """What came of a run: answers by status, seconds, and quantiles of one request's time."""

    statuses: dict[int, int]
    seconds: float
    p50_ms: float
    p99_ms: float

    @property
    def per_s(self) -> float:
        """Answers per second."""
        return sum(self.statuses.values()) / self.seconds


def transfers(host: str, wallets: int, count: int) -> list[bytes]:
    """Return the bytes of transfers between wallets, each with a key of its own."""
    found = []
    for number in range(count):
        payer, payee = f"w-{number % wallets}", f"w-{(number + 1) % wallets}"
        body = json.dumps({"to_wallet_id": payee, "currency": "EUR", "amount": "1.00"}).encode()
        head = (
            f"POST /v1/wallets/{payer}/transfers HTTP/1.1\r\nHost: {host}\r\n"
            f"Idempotency-Key: k-{number}\r\nContent-Type: application/json\r\n"
            f"Content-Length: {len(body)}\r\n\r\n"
        )
        found.append(head.encode() + body)
    return found


def drive(host: str, port: int, requests: Sequence[bytes], connections: int) -> Rate:
    """Send every request over some connections and return what came of it."""
    return asyncio.run(_drive(host, port, requests, connections))


async def _drive(host: str, port: int, requests: Sequence[bytes], connections: int) -> Rate:
    left, statuses, taken = iter(requests), Counter[int](), list[float]()
    began = time.monotonic()
    clients = [_client(host, port, left, statuses, taken) for _ in range(connections)]
    await asyncio.gather(*clients)
    seconds = time.monotonic() - began
    quantiles = [round(quantile(taken, q) * 1_000, 2) for q in (0.50, 0.99)]
    return Rate(dict(statuses), seconds, quantiles[0], quantiles[1])


async def _client(
    host: str, port: int, left: Iterator[bytes], statuses: Counter[int], taken: list[float]
) -> None:
    reader, writer = await asyncio.open_connection(host, port)
    try:
        for request in left:
            began = time.monotonic()
            writer.write(request)
            head = await reader.readuntil(HEAD_END)
            at = head.index(LENGTH) + len(LENGTH)
            await reader.readexactly(int(head[at : head.index(b"\r", at)]))
            taken.append(time.monotonic() - began)
            statuses[int(head[9:12])] += 1
    finally:
        writer.close()
