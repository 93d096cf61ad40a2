"""Balances: what a store or a worker's state holds, against the fold of a log that was signed for.

Theory: the log is added up posting by posting. Where a store stands, the sums are compared with
what it holds; and at each signed size root and chain head are compared with what was signed. So a
balance that holds here follows from Decisions that nobody can have changed since. What was decided
after the last signature is bound by the chain alone, and told apart.

Owns: that comparison, one partition at a time. A balance that nobody keeps is 0.
Never: believes a balance that a Decision states; reads a store or a topic.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, final

from ledger.facts import is_wallet_account
from ops.checker.balances import Account, in_words
from ops.proof.checkpoint import Checkpoint, Leaves, broken_by
from ops.reading import Placed

UNSIGNED: Final = "no checkpoint was signed: nothing says that its log is the right one"


@dataclass(frozen=True, slots=True)
class Kept:
    """Balances as somebody keeps them, and up to which sequence, by partition.

    `moved` names the partitions that went on while they were read.
    """

    name: str
    sequences: Mapping[int, int]
    balances: Mapping[Account, int]
    moved: frozenset[int] = frozenset()
    wallets_only: bool = False


@dataclass(slots=True)
class Compared:
    """What was found; `rows` has a line for each keeper and partition."""

    rows: list[dict[str, object]] = field(default_factory=list)
    differences: list[str] = field(default_factory=list)


def compare_balances(
    partition: int, log: Iterable[Placed], signed: Sequence[Checkpoint], kept: Sequence[Kept]
) -> Compared:
    """Fold one partition and compare everybody where he stands. Raises `LogError`."""
    run = _Run(partition, kept)
    for placed in log:
        run.take(placed)
    run.end(signed)
    return run.found


@final
class _Run:
    def __init__(self, partition: int, kept: Sequence[Kept]) -> None:
        self.found: Final = Compared()
        self._partition: Final = partition
        self._leaves: Final = Leaves(partition)
        self._sums: Final[defaultdict[Account, int]] = defaultdict(int)
        self._compared: Final[dict[str, tuple[int, int]]] = {}
        self._waiting: Final[defaultdict[int, list[Kept]]] = defaultdict(list)
        for each in kept:
            if partition in each.moved:
                self._differ(f"{each.name} went on while it was read: stop it, or ask again")
            else:
                self._waiting[each.sequences.get(partition, 0)].append(each)

    def take(self, placed: Placed) -> None:
        """Add one sealed Decision."""
        self._leaves.add(placed)
        for entry in placed.decision.entries:
            for line in entry.postings:
                self._sums[self._partition, line.account, line.owner, line.currency] += line.amount
        self._compare(placed.decision.sequence)

    def end(self, signed: Sequence[Checkpoint]) -> None:
        """Say who stands past the end, and what of all this was signed for."""
        reached = len(self._leaves.leaves)
        if not reached:
            self._compare(0)
        for sequence, elsewhere in self._waiting.items():
            for each in elsewhere:
                what = f"stands at sequence {sequence}, the log ends at {reached}"
                self._differ(f"{each.name} {what}")
        self.found.differences += broken_by(signed, self._leaves)
        proved = max((each.size for each in signed), default=0)
        if reached and not proved:
            self._differ(UNSIGNED)
        self.found.rows += [
            {
                "partition": self._partition,
                "kept in": name,
                "balances": balances,
                "sequence": sequence,
                "signed": min(sequence, proved),
            }
            for name, (sequence, balances) in self._compared.items()
        ]

    def _compare(self, sequence: int) -> None:
        for each in self._waiting.pop(sequence, ()):
            held = {key: minor for key, minor in each.balances.items() if key[0] == self._partition}
            expected = {
                key: minor
                for key, minor in self._sums.items()
                if not each.wallets_only or is_wallet_account(key[1])
            }
            for key in sorted(held.keys() | expected.keys()):
                has, adds_up = held.get(key, 0), expected.get(key, 0)
                if has != adds_up:
                    what = f"{each.name}: {in_words(key)} is {has}, the log adds up to {adds_up}"
                    self.found.differences.append(f"{what} at sequence {sequence}")
            self._compared[each.name] = (sequence, len(held))

    def _differ(self, what: str) -> None:
        self.found.differences.append(f"partition {self._partition}: {what}")
