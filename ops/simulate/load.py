"""Load: commands for a simulated cluster, and the wallet job that answers them.

Owns: a small, busy town: many transfers between partitions, retries, poison, short deadlines.
Never: draws anything but from the seed.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from importlib.resources import files
from itertools import islice
from typing import Final, final

from ops.demo.generator import first_day
from ops.demo.shape import DayShape, Deed
from ops.simulate.reader import Logs
from schemas.documents import message_from_json
from schemas.messages.policy import Policy
from topics.catalog import COMMANDS

LEDGER: Final = "simulation"
START_US: Final = 1_700_000_000_000_000
WALLETS_PER_PARTITION: Final = 5
ENDLESS: Final = 1_000_000
POUR_MAX: Final = 5
SHAPE: Final = DayShape(
    deeds={
        Deed.TOP_UP: 0.22,
        Deed.TRANSFER: 0.42,
        Deed.HOLD: 0.09,
        Deed.CAPTURE: 0.08,
        Deed.VOID: 0.02,
        Deed.OVER_LIMIT: 0.02,
        Deed.RETRY: 0.07,
        Deed.MISMATCH: 0.01,
        Deed.POISON: 0.02,
        Deed.WRONG_PARTITION: 0.01,
        Deed.UPGRADE: 0.01,
        Deed.FREEZE: 0.03,
    },
    merchants=0.2,
    across_partitions=0.7,
    retry_window=40,
)
# Deadlines of seconds, so that timers fire and CANCELs are sent within one run.
SOON: Final = {"hold_ttl_s": 6, "review_ttl_s": 8, "saga_cancel_after_s": 2}


def policy() -> Policy:
    """Return the genesis policy with short deadlines."""
    genesis = files("streams.wallet").joinpath("genesis", "policy.json").read_text("utf-8")
    return message_from_json(Policy, {**json.loads(genesis), **SOON})


@final
class Load:
    """Pours commands in while the workers keep up."""

    def __init__(
        self,
        seed: int,
        partitions: int,
        logs: Logs,
        wall_us: Callable[[], int],
        draw: Callable[[int], int],
    ) -> None:
        self.produced = 0
        self._logs: Final = logs
        self._wall_us: Final = wall_us
        self._draw: Final = draw
        wallets = WALLETS_PER_PARTITION * partitions
        self._records: Final = first_day(
            seed,
            start_us=START_US,
            commands=ENDLESS,
            wallets=wallets,
            partitions=partitions,
            shape=SHAPE,
        )

    def pour(self) -> None:
        """Append a few commands, as clients do."""
        for record in islice(self._records, 1 + self._draw(POUR_MAX)):
            log = self._logs((COMMANDS.name, record.partition))
            log.append(record.key, record.value, self._wall_us())
            self.produced += 1
