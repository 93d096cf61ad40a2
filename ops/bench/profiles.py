"""Profiles: which commands a bench sends.

Owns: the names of profiles and how each becomes records. All are days of the demo's town without
its poison: the plain loop has to be able to decode every record.
Never: measures.
"""

from __future__ import annotations

import time
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from ops.bench.load import Load
from ops.demo.generator import first_day
from ops.demo.shape import DayShape, Deed

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

HOT_SHARE: Final = 0.2
ZIPF: Final = 0.99
MICROS: Final = 1_000_000


def _mixed() -> DayShape:
    shape = DayShape()
    deeds: dict[Deed, float] = {
        deed: share for deed, share in shape.deeds.items() if deed is not Deed.POISON
    }
    return replace(shape, deeds=deeds)


def _hot() -> DayShape:
    shape = _mixed()
    others = sum(shape.deeds.values())
    return replace(shape, deeds={**shape.deeds, Deed.HOT: others * HOT_SHARE / (1 - HOT_SHARE)})


PROFILES: Final[Mapping[str, DayShape]] = {
    # The demo's day: a quarter of the transfers across partitions, holds, declines, repeats.
    "mixed": _mixed(),
    # Opened and funded wallets pay each other, everybody about equally often.
    "transfers": replace(_mixed(), deeds={Deed.TRANSFER: 1.0}),
    # The mixed day, and every fifth command goes to one and the same wallet.
    "hot": _hot(),
    # The mixed day of a town in which few do most.
    "zipf": replace(_mixed(), skew=ZIPF),
    # Cards fill wallets: everybody's alike, and nobody's but one.
    "top-ups": replace(_mixed(), deeds={Deed.TOP_UP: 1.0}),
    "one": replace(_mixed(), deeds={Deed.HOT: 1.0}),
}


def loads_of(
    profile: str, seed: int, commands: int, wallets: int, partitions: int
) -> Iterator[Load]:
    """Yield the records of a profile, the same for the same seed but for `issued_at`."""
    for record in first_day(
        seed,
        start_us=int(time.time()) * MICROS,
        commands=commands,
        wallets=wallets,
        partitions=partitions,
        shape=PROFILES[profile],
    ):
        yield Load(record.key, record.value, record.partition, record.command_id)
