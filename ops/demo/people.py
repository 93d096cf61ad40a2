"""People: the wallets of a generated day, their tiers, partitions and payees.

Owns: who exists and whom each one pays.
Never: makes commands.
"""

from __future__ import annotations

from bisect import bisect
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import accumulate
from random import Random
from typing import Final, Generic, TypeVar

from ops.demo.shape import Amounts, DayShape
from schemas.messages.vocabulary import Tier, WalletKind
from topics.partitioning import partition_of

T = TypeVar("T")
TRIES: Final = 20


class Choice(Generic[T]):
    """Draws items by weight, quickly."""

    def __init__(self, weights: Mapping[T, float]) -> None:
        """Remember the items and their running sums."""
        self._items: Final = tuple(weights)
        self._sums: Final = tuple(accumulate(weights.values()))

    def draw(self, rng: Random) -> T:
        """Return an item."""
        at = bisect(self._sums, rng.random() * self._sums[-1])
        return self._items[min(at, len(self._items) - 1)]


@dataclass(slots=True)
class Person:
    """A wallet as the generator knows it. `near` and `far` are payees here and elsewhere."""

    wallet_id: str
    key: bytes
    partition: int
    kind: WalletKind
    tier: Tier
    amounts: Amounts
    near: str = ""
    far: str = ""
    merchant: str = ""
    frozen: bool = False


@dataclass(slots=True)
class Town:
    """Everybody: customers who pay in turn, a few of whom send bursts, and merchants."""

    everybody: list[Person] = field(default_factory=list)
    customers: list[Person] = field(default_factory=list)
    merchants: list[Person] = field(default_factory=list)
    bursting: list[Person] = field(default_factory=list)
    unverified: list[Person] = field(default_factory=list)
    suspected: list[Person] = field(default_factory=list)


def settle(rng: Random, shape: DayShape, wallets: int, partitions: int) -> Town:
    """Make the people and decide whom they pay."""
    town = Town()
    tiers = Choice(shape.tiers)
    merchants = max(1, int(wallets * shape.merchants))
    for number in range(wallets):
        merchant = number < merchants
        tier = Tier.PREMIUM if merchant else tiers.draw(rng)
        wallet_id = f"{'m' if merchant else 'w'}-{number:05}"
        person = Person(
            wallet_id,
            wallet_id.encode(),
            partition_of(wallet_id, partitions),
            WalletKind.MERCHANT if merchant else WalletKind.CUSTOMER,
            tier,
            shape.amounts[tier],
        )
        town.everybody.append(person)
        (town.merchants if merchant else town.customers).append(person)
    bursting = max(1, int(len(town.customers) * shape.bursting))
    verified = [person for person in town.customers if person.tier is not Tier.UNVERIFIED]
    town.bursting = verified[:bursting]
    town.suspected = verified[-max(1, int(len(verified) * shape.frozen)) :]
    town.unverified = [person for person in town.customers if person.tier is Tier.UNVERIFIED]
    _befriend(rng, town, partitions)
    return town


def _befriend(rng: Random, town: Town, partitions: int) -> None:
    """Give everybody a payee in the own partition, one elsewhere, and a merchant."""
    by_partition: list[list[Person]] = [[] for _ in range(partitions)]
    payable = [person for person in town.customers if person.tier is not Tier.UNVERIFIED]
    for person in payable:
        by_partition[person.partition].append(person)
    for person in town.everybody:
        person.near = _other(rng, by_partition[person.partition] or payable, person)
        person.far = _other(rng, payable, person, elsewhere=True)
        person.merchant = _other(rng, town.merchants, person)


def _other(rng: Random, among: Sequence[Person], person: Person, *, elsewhere: bool = False) -> str:
    """Return somebody else; in another partition when asked and possible."""
    found = among[int(rng.random() * len(among))] if among else person
    for _ in range(TRIES):
        if found is not person and not (elsewhere and found.partition == person.partition):
            break
        found = among[int(rng.random() * len(among))]
    return found.wallet_id
