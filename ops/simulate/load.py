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
from schemas.codec import encode
from schemas.documents import message_from_json
from schemas.messages.control import ActivatePolicy, Control
from schemas.messages.policy import Policy
from topics.catalog import COMMANDS, CONTROL

LEDGER: Final = "simulation"
START_US: Final = 1_700_000_000_000_000
WALLETS_PER_PARTITION: Final = 5
ENDLESS: Final = 1_000_000
POUR_MAX: Final = 5
ACTIVATE_EVERY: Final = 60  # pours
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
        Deed.POISON: 0.05,
        Deed.WRONG_PARTITION: 0.04,
        Deed.UPGRADE: 0.01,
        Deed.FREEZE: 0.03,
    },
    merchants=0.2,
    across_partitions=0.7,
    retry_window=40,
)
# Deadlines of seconds, so that timers fire and CANCELs are sent within one run.
SOON: Final = {"hold_ttl_s": 6, "review_ttl_s": 8, "saga_cancel_after_s": 2}


def policy(number: int = 0) -> Policy:
    """Return the genesis policy with short deadlines; each number is another version."""
    genesis = files("streams.wallet").joinpath("genesis", "policy.json").read_text("utf-8")
    return message_from_json(Policy, {**json.loads(genesis), **SOON, **_other(number)})


def _other(number: int) -> dict[str, object]:
    """Return what a version changes: its name and the life of a hold."""
    return {"version": f"simulated-{number}", "hold_ttl_s": 4 + number % 5} if number else {}


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
        self._poured = 0
        self._partitions: Final = partitions
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
        """Append a few commands, as clients do; now and then an operator changes the policy."""
        self._poured += 1
        if self._poured % ACTIVATE_EVERY == 0:
            self._activate(self._poured // ACTIVATE_EVERY)
        for record in islice(self._records, 1 + self._draw(POUR_MAX)):
            log = self._logs((COMMANDS.name, record.partition))
            log.append(record.key, record.value, self._wall_us())
            self.produced += 1

    def _activate(self, number: int) -> None:
        """Bring another version of the policy into force, as `ledgerctl policy activate` does."""
        control = Control(
            f"activate-{number}", self._wall_us(), "ops", ActivatePolicy(policy(number))
        )
        value = encode(control)
        for partition in range(self._partitions):
            log = self._logs((CONTROL.name, partition))
            log.append(str(partition).encode(), value, self._wall_us())
