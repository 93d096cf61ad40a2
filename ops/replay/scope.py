"""Scope: which Decisions a replay is about, and its name.

Owns: one partition, one wallet of it, or a range of its sequences; ranges of offsets and times
become ranges of sequences, because rows know their sequence only.
Never: reads a topic or a store.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from hashlib import sha256
from typing import Final

from ledger.evolve import wallets_of
from ops.errors import DocumentError
from ops.reading import Placed
from ops.wallet.standing import touches
from schemas.messages.decisions import Decision

ID_DIGITS: Final = 12


@dataclass(frozen=True, slots=True)
class Scope:
    """A partition; of it a wallet (empty: every one), or the sequences first to last (0: all)."""

    partition: int
    wallet: str = ""
    first: int = 0
    last: int = 0

    @property
    def name(self) -> str:
        """Return the replay's id: the same scope is the same replay, so a run goes on by itself."""
        if self.wallet:
            return f"p{self.partition}_w{sha256(self.wallet.encode()).hexdigest()[:ID_DIGITS]}"
        return f"p{self.partition}_s{self.first}_{self.last}" if self.last else f"p{self.partition}"

    @property
    def words(self) -> str:
        """Return the scope for a person."""
        if self.wallet:
            return f"wallet {self.wallet} of partition {self.partition}"
        if self.last:
            return f"sequences {self.first} to {self.last} of partition {self.partition}"
        return f"partition {self.partition}"

    def has(self, decision: Decision) -> bool:
        """Say whether rows of a Decision belong to the replay."""
        if self.wallet:
            return touches(decision, self.wallet) or any(
                self.wallet in wallets_of(event) for event in decision.events
            )
        return not self.last or self.first <= decision.sequence <= self.last

    def text(self) -> str:
        """Return the scope as it is kept beside its rows."""
        return json.dumps(asdict(self), sort_keys=True)

    @classmethod
    def parse(cls, text: str) -> Scope:
        """Read it back."""
        return cls(**json.loads(text))


def range_of(placed: Iterable[Placed], by: str, first: int, last: int) -> tuple[int, int]:
    """Return the sequences whose offset or time lies between two. Raises `DocumentError`."""
    found = [
        each.decision.sequence
        for each in placed
        if first <= (each.offset if by == "offset" else each.decision.decided_at) <= last
    ]
    if not found:
        raise DocumentError(f"no Decision has its {by} between {first} and {last}")
    return found[0], found[-1]
