"""Profiles: which commands a bench sends.

Owns: the names of profiles and how each becomes records. `mixed` is the demo's day without its
poison: the plain loop has to be able to decode every record.
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
    from collections.abc import Iterator

PROFILES: Final = ("mixed",)
MICROS: Final = 1_000_000


def loads_of(
    profile: str, seed: int, commands: int, wallets: int, partitions: int
) -> Iterator[Load]:
    """Yield the records of a profile, the same for the same seed but for `issued_at`."""
    assert profile in PROFILES, "the command line offers no others"
    shape = DayShape()
    clean: dict[Deed, float] = {
        deed: share for deed, share in shape.deeds.items() if deed is not Deed.POISON
    }
    for record in first_day(
        seed,
        start_us=int(time.time()) * MICROS,
        commands=commands,
        wallets=wallets,
        partitions=partitions,
        shape=replace(shape, deeds=clean),
    ):
        yield Load(record.key, record.value, record.partition, record.command_id)
