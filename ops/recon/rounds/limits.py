"""RI12, run: the counters of every wallet of a partition, added up again by the auditor.

Owns: the comparison of one partition at the place where its owner's tables are.
Never: opens a store or a topic.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any, Final

from ops.auditor.auditor import Auditor
from ops.reading import Placed
from ops.recon.rounds.counters import held_counters, wallets_in
from ops.recon.rounds.held import Held
from ops.recon.rounds.recounted import recounted
from streams.reconciliation.external.exceptions.difference import Difference
from streams.reconciliation.rounds import ri12_limits

# What shakes every wallet is one fault: a person needs a list that can be read.
WALLETS_MAX: Final = 100
HALT: Final = "halt"


@dataclass(slots=True)
class Recount:
    """A partition counted again; `differing` has every wallet, `otherwise` other predictions."""

    partition: int
    next_offset: int
    wallets: int = 0
    differing: list[Difference] = field(default_factory=list)
    otherwise: int = 0
    stopped: str = ""

    @property
    def equal(self) -> bool:
        """Whether every wallet could be counted again, with the same figures."""
        return not self.differing and not self.stopped

    @property
    def differences(self) -> list[Difference]:
        """Return the breaks to tell of: the first wallets in order of their names."""
        return self.differing[:WALLETS_MAX]

    def document(self) -> dict[str, Any]:
        """Return it for programs."""
        return {
            "partition": self.partition,
            "next_offset": self.next_offset,
            "wallets": self.wallets,
            "differing": len(self.differing),
            "decided_otherwise": self.otherwise,
            "stopped": self.stopped or None,
        }

    def lines(self) -> Iterator[str]:
        """Return it for a person."""
        where = f"partition {self.partition}, before offset {self.next_offset}"
        if self.stopped:
            yield f"{where}: cannot be counted again: {self.stopped}"
            return
        how = f"{len(self.differing)} of them DIFFERENT" if self.differing else "equal"
        yield f"{where}: counters of {self.wallets} wallets, {how}"
        for each in self.differences:
            yield f"difference: {each.subject}, {each.detail}"
        if len(self.differing) > WALLETS_MAX:
            yield f"and {len(self.differing) - WALLETS_MAX} wallets more, told of in another round"
        if self.otherwise:
            yield f"and {self.otherwise} Decisions are others: see `ledgerctl verify all`"


def recount(held: Held, log: Iterable[Placed], auditor: Auditor) -> Recount:
    """Let the auditor follow a log to where an owner has come, and compare every wallet."""
    partition = held.partition
    found = Recount(partition, held.next_offset)
    for placed in log:
        if placed.offset >= held.next_offset:
            break
        for each in auditor.take(placed.decision):
            found.otherwise += 1
            if each.what == HALT:
                found.stopped = f"sequence {placed.decision.sequence}: {each.expected}"
    if not found.stopped:
        _compare(held, auditor, found)
    auditor.forget(partition)
    return found


def _compare(held: Held, auditor: Auditor, found: Recount) -> None:
    known = auditor.books(held.partition).wallets
    place = (held.partition, held.next_offset)
    for wallet_id in sorted(wallets_in(held.store) | known.keys()):
        found.wallets += 1
        wallet = known.get(wallet_id)
        again = {} if wallet is None else recounted(wallet)
        broken = ri12_limits.failed(place, wallet_id, held_counters(held.store, wallet_id), again)
        if broken is not None:
            found.differing.append(broken)
