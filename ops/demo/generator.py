"""Generator: a realistic first day of commands, the same for the same seed.

Owns: the order of the day: everybody opens a wallet and fills it, then people pay, reserve,
capture, try too much, repeat themselves and send rubbish.
Never: sends anything, reads a clock: the time of the first command is an argument.

Every record is ready to produce: key, value bytes, partition. Ids come from seed and number, so a
second run of the same seed on the same log is one long series of duplicates.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from random import Random
from typing import Final, NamedTuple

from ops.demo.people import Choice, Person, settle
from ops.demo.poison import poisoned
from ops.demo.shape import DayShape, Deed
from schemas.codec import encode
from schemas.messages.commands import (
    CaptureHold,
    ChangeTier,
    ChangeWalletStatus,
    Command,
    OpenWallet,
    PlaceHold,
    TopUp,
    Transfer,
    VoidHold,
    WalletCommand,
)
from schemas.messages.vocabulary import Authority, StatusAction, Tier

DEFAULT_COMMANDS: Final = 50_000
DEFAULT_WALLETS: Final = 2_000
BURST_LENGTH: Final = 12
OPEN_BEFORE_FILLED: Final = 10  # wallets opened between a wallet's opening and its first top-up
CURRENCIES: Final = ("EUR", "USD", "JPY")
HOLDS_KEPT: Final = 5_000
HOT_AMOUNTS: Final = (1, 3)
SHAPE: Final = DayShape()


class Record(NamedTuple):
    """A record ready to produce. `command_id` is empty when the value is no command."""

    key: bytes | None
    value: bytes | None
    partition: int
    deed: Deed
    wallet_id: str
    command_id: str


class OpenHold(NamedTuple):
    """A hold that was asked for and not ended yet."""

    person: Person
    hold_id: str
    amount: int


def first_day(  # noqa: PLR0913 - each is one number of the day
    seed: int,
    *,
    start_us: int,
    commands: int = DEFAULT_COMMANDS,
    wallets: int = DEFAULT_WALLETS,
    partitions: int = 8,
    shape: DayShape = SHAPE,
) -> Iterator[Record]:
    """Yield `commands` records over `wallets` wallets; issued_at begins at `start_us`."""
    if not 2 <= wallets <= commands:  # noqa: PLR2004 - somebody must be there to be paid
        raise ValueError(f"wallets: 2 to the number of commands ({commands}), not {wallets}")
    return _Day(seed, start_us, wallets, partitions, shape).records(commands)


class _Day:
    """The state of a day that is being made."""

    def __init__(
        self, seed: int, start_us: int, wallets: int, partitions: int, shape: DayShape
    ) -> None:
        self._rng: Final = Random(seed)  # noqa: S311 - a demo, not a secret
        self._prefix: Final = f"day{seed}"
        self._start_us: Final = start_us
        self._partitions: Final = partitions
        self._shape: Final = shape
        self._town: Final = settle(self._rng, shape, wallets, partitions)
        self._turn: Final = list(self._town.customers)
        self._deeds: Final = Choice(shape.deeds)
        self._ranks: Final = Choice(
            {rank: 1 / (rank + 1) ** shape.skew for rank in range(len(self._town.customers))}
        )
        self._currencies: Final = Choice(shape.currencies)
        self._holds: Final[deque[OpenHold]] = deque(maxlen=HOLDS_KEPT)
        self._recent: Final[deque[Record]] = deque(maxlen=shape.retry_window)
        self._bodies: Final[deque[tuple[Person, str, Command]]] = deque(maxlen=shape.retry_window)
        self._burst: list[tuple[Person, Command]] = []
        self._number = 0
        self._next_turn = 0
        self._poisons = 0

    def records(self, commands: int) -> Iterator[Record]:
        """Yield the day."""
        yield from self._morning(commands)
        makers = {
            Deed.TOP_UP: self._top_up,
            Deed.TRANSFER: self._transfer,
            Deed.HOLD: self._hold,
            Deed.CAPTURE: self._capture,
            Deed.VOID: self._void,
            Deed.OVER_LIMIT: self._over_limit,
            Deed.BURST: self._in_burst,
            Deed.RETRY: self._retry,
            Deed.MISMATCH: self._mismatch,
            Deed.POISON: self._poison,
            Deed.WRONG_PARTITION: self._wrong_partition,
            Deed.UPGRADE: self._upgrade,
            Deed.FREEZE: self._freeze,
            Deed.HOT: self._hot,
        }
        while self._number < commands:
            yield makers[self._deeds.draw(self._rng)]()

    def _morning(self, commands: int) -> Iterator[Record]:
        """Everybody opens a wallet; whoever opened one a little earlier fills it."""
        waiting: deque[Person] = deque()
        for person in self._town.everybody:
            if self._number >= commands:
                return
            yield self._made(Deed.OPEN, person, OpenWallet(person.kind, person.tier, CURRENCIES))
            waiting.append(person)
            if self._number < commands and len(waiting) > OPEN_BEFORE_FILLED:
                yield self._first_top_up(waiting.popleft())
        while waiting and self._number < commands:
            yield self._first_top_up(waiting.popleft())

    def _first_top_up(self, person: Person) -> Record:
        return self._paid_in(person, person.amounts.first_top_up, "EUR")

    def _top_up(self) -> Record:
        person = self._somebody()
        return self._paid_in(person, person.amounts.top_up, self._currencies.draw(self._rng))

    def _paid_in(self, person: Person, span: tuple[int, int], currency: str) -> Record:
        reference = f"{self._prefix}-card-{self._number}"
        body = TopUp(currency, self._between(span), "card", reference)
        return self._made(Deed.TOP_UP, person, body)

    def _transfer(self) -> Record:
        person = self._payer()
        across = self._rng.random() < self._shape.across_partitions
        to_wallet_id = person.far if across else person.near
        body = Transfer(to_wallet_id, "EUR", self._between(person.amounts.pay))
        return self._made(Deed.TRANSFER, person, body)

    def _hold(self) -> Record:
        person = self._payer()
        amount = self._between(person.amounts.pay)
        record = self._made(Deed.HOLD, person, PlaceHold(person.merchant, "EUR", amount, None))
        self._holds.append(OpenHold(person, record.command_id, amount))
        return record

    def _capture(self) -> Record:
        if not self._holds:
            return self._hold()
        hold = self._holds.popleft()
        amount = hold.amount
        keep_open = False
        if amount > 1 and self._rng.random() < self._shape.capture_in_part:
            amount = 1 + int(self._rng.random() * (amount - 1))
            keep_open = self._rng.random() < 0.5  # noqa: PLR2004 - a coin
        if keep_open:
            self._holds.append(OpenHold(hold.person, hold.hold_id, hold.amount - amount))
        body = CaptureHold(hold.hold_id, amount, keep_open)
        return self._made(Deed.CAPTURE, hold.person, body)

    def _void(self) -> Record:
        if not self._holds:
            return self._hold()
        hold = self._holds.popleft()
        return self._made(Deed.VOID, hold.person, VoidHold(hold.hold_id))

    def _over_limit(self) -> Record:
        person = self._somebody()
        if self._rng.random() < 0.5:  # noqa: PLR2004 - a coin
            too_much = (person.amounts.too_much, person.amounts.too_much)
            return self._paid_in(person, too_much, "EUR")._replace(deed=Deed.OVER_LIMIT)
        body = Transfer(person.near, "EUR", person.amounts.too_much)
        return self._made(Deed.OVER_LIMIT, person, body)

    def _in_burst(self) -> Record:
        """One wallet pays many people within seconds."""
        if not self._burst:
            person = self._one_of(self._town.bursting)
            self._burst = [
                (person, Transfer(payee.wallet_id, "EUR", 100))
                for payee in (self._one_of(self._town.everybody) for _ in range(BURST_LENGTH))
                if payee is not person
            ]
        person, body = self._burst.pop()
        return self._made(Deed.BURST, person, body)

    def _retry(self) -> Record:
        """The client did not hear the answer and sends the very same again."""
        if not self._recent:
            return self._top_up()
        self._number += 1
        return self._one_of_recent()._replace(deed=Deed.RETRY)

    def _mismatch(self) -> Record:
        if not self._bodies:
            return self._top_up()
        person, command_id, body = self._bodies[int(self._rng.random() * len(self._bodies))]
        assert isinstance(body, Transfer), "only transfers are kept for this"
        other = Transfer(body.to_wallet_id, body.currency, body.amount + 1)
        return self._made(Deed.MISMATCH, person, other, command_id)

    def _poison(self) -> Record:
        good = self._made(Deed.POISON, self._somebody(), VoidHold("nothing"))
        assert good.key is not None, "a made record has a key"
        assert good.value is not None, "a made record has a value"
        key, value = poisoned(self._rng, good.key, good.value, self._poisons)
        self._poisons += 1
        return good._replace(key=key, value=value, command_id="")

    def _wrong_partition(self) -> Record:
        person = self._somebody()
        body = Transfer(person.near, "EUR", 100)
        made = self._made(Deed.WRONG_PARTITION, person, body)
        step = 1 + int(self._rng.random() * (self._partitions - 1))
        return made._replace(partition=(person.partition + step) % self._partitions)

    def _upgrade(self) -> Record:
        if not self._town.unverified:
            return self._top_up()
        person = self._one_of(self._town.unverified)
        return self._made(Deed.UPGRADE, person, ChangeTier(Tier.BASIC))

    def _freeze(self) -> Record:
        """A freeze, and when its turn comes again the wallet's unfreeze."""
        frozen = self._one_of(self._town.suspected)
        frozen.frozen = not frozen.frozen
        action = StatusAction.FREEZE_DEBIT if frozen.frozen else StatusAction.UNFREEZE
        return self._made(Deed.FREEZE, frozen, ChangeWalletStatus(action, Authority.OPERATOR))

    def _hot(self) -> Record:
        """Everybody pays the same merchant, so little that no limit is ever met."""
        merchant = self._town.merchants[0]
        return self._paid_in(merchant, HOT_AMOUNTS, "EUR")._replace(deed=Deed.HOT)

    def _made(
        self, deed: Deed, person: Person, body: Command, command_id: str | None = None
    ) -> Record:
        """Number, encode and remember a command."""
        self._number += 1
        identity = command_id or f"{self._prefix}-{self._number}"
        issued_at = self._start_us + self._number
        value = encode(WalletCommand(identity, person.wallet_id, issued_at, body))
        record = Record(person.key, value, person.partition, deed, person.wallet_id, identity)
        if deed is Deed.TRANSFER:
            self._bodies.append((person, identity, body))
        if deed in _RETRIED:
            self._recent.append(record)
        return record

    def _payer(self) -> Person:
        """Return the next customer in turn: everybody pays about equally often, without skew."""
        if self._shape.skew:
            return self._somebody()
        if self._next_turn >= len(self._turn):
            self._rng.shuffle(self._turn)
            self._next_turn = 0
        self._next_turn += 1
        return self._turn[self._next_turn - 1]

    def _somebody(self) -> Person:
        return self._town.customers[self._ranks.draw(self._rng)]

    def _one_of(self, people: list[Person]) -> Person:
        return people[int(self._rng.random() * len(people))]

    def _one_of_recent(self) -> Record:
        return self._recent[int(self._rng.random() * len(self._recent))]

    def _between(self, span: tuple[int, int]) -> int:
        low, high = span
        return low + int(self._rng.random() * (high - low + 1))


_RETRIED: Final = frozenset({Deed.TOP_UP, Deed.TRANSFER, Deed.HOLD, Deed.CAPTURE})
