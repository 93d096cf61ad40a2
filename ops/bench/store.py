"""`bench store`: what a read of a partition's database costs as the database grows.

Theory: the databases of one worker are filled side by side with rows as commands leave them: a new
key per command, and wallets that are written again and again. At every step half of the reads ask
for keys that are not there, as the check for a repeated command does; the others for wallets.

Owns: that measurement.
Never: asserts a figure.
"""

from __future__ import annotations

import time
from hashlib import sha256
from itertools import pairwise
from random import Random
from typing import TYPE_CHECKING, Any, Final

from streams.runtime.store import RocksStore, StoreRoot

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

PARTITIONS: Final = 4
WALLETS: Final = 12_500
BATCH: Final = 2_000
BATCH_WALLETS: Final = 700
READS: Final = 1_500
ROW: Final = bytes(90)
WALLET_BYTES: Final = 150


def measure(folder: Path, rows: int, steps: int) -> dict[str, Any]:
    """Return microseconds of a read, wall and CPU of all threads, by rows per partition."""
    root, random = StoreRoot(folder), Random(7)  # noqa: S311 - a bench, not a secret
    stores = [root.open("bench", number) for number in range(PARTITIONS)]
    found: dict[str, dict[str, float]] = {}
    try:
        for first, reached in pairwise(rows * step // steps for step in range(steps + 1)):
            for number in range(first, reached, BATCH):
                for store in stores:
                    store.write(_written(number, min(number + BATCH, reached), random))
            found[str(reached)] = _read(stores, random)
    finally:
        for store in stores:
            store.close()
    return {"partitions": PARTITIONS, "us_per_read": found}


def _written(first: int, last: int, random: Random) -> list[tuple[bytes, bytes | None]]:
    commands: list[tuple[bytes, bytes | None]] = [(_key(n), ROW) for n in range(first, last)]
    wallets = [(_wallet(random), random.randbytes(WALLET_BYTES)) for _ in range(BATCH_WALLETS)]
    return [*commands, *wallets]


def _read(stores: Sequence[RocksStore], random: Random) -> dict[str, float]:
    wall, cpu = time.perf_counter(), time.process_time()
    for number in range(READS):
        store = stores[number % len(stores)]
        store.get(_key(-1 - number))
        store.get(_wallet(random))
    reads = 2 * READS
    return {
        "wall": round((time.perf_counter() - wall) / reads * 1e6, 1),
        "cpu": round((time.process_time() - cpu) / reads * 1e6, 1),
    }


def _key(number: int) -> bytes:
    return b"i" + sha256(str(number).encode()).digest()[:24]


def _wallet(random: Random) -> bytes:
    return b"w%06d" % random.randrange(WALLETS)
