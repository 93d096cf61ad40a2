"""People: who pays whom during a run, some of them far more often than others.

Owns: wallets, their skew, their friends near and far, the next command each of them sends.
Never: sends anything.
"""

from __future__ import annotations

from bisect import bisect
from collections import deque
from itertools import accumulate
from typing import TYPE_CHECKING, Final, NamedTuple

from ingress.sdk import (
    CaptureHold,
    OpenWallet,
    PlaceHold,
    Tier,
    TopUp,
    Transfer,
    VoidHold,
    WalletKind,
    stamp,
)
from topics.partitioning import partition_of

if TYPE_CHECKING:
    from random import Random

    from schemas.messages.commands import Command, WalletCommand

# Shares of all records sent. What is left over is top-ups.
FAR: Final = 0.25  # transfers to another partition
NEAR: Final = 0.12
HOLDS: Final = 0.14
HOLD_ENDS: Final = 0.14
RETRIES: Final = 0.02
POISON: Final = 0.02
NEWCOMERS: Final = 0.03  # limits and fraud rules tire a wallet; the town grows as it pays

FIRST_WALLETS: Final = 120
ACTIVE: Final = 200  # the newest wallets; older ones are only paid
SKEW: Final = 0.8  # of Zipf's law: the first wallet sends about 8 % of everything
RECENT: Final = 500
FUND_MINOR: Final = 900_00
CURRENCY: Final = "EUR"


class OpenHold(NamedTuple):
    """A hold somebody placed, perhaps in vain."""

    wallet_id: str
    hold_id: str
    amount: int


class People:
    """Draws commands; the same seed draws the same ones, but for ids and times."""

    def __init__(self, rng: Random, partitions: int) -> None:
        self.recent: Final[deque[WalletCommand]] = deque(maxlen=RECENT)
        self._rng: Final = rng
        self._partitions: Final = partitions
        self._wallets: Final[list[str]] = []
        self._holds: Final[list[OpenHold]] = []
        self._weights: Final = tuple(accumulate(1 / rank**SKEW for rank in range(1, ACTIVE + 1)))

    def newcomer(self) -> tuple[WalletCommand, WalletCommand]:
        """Return the commands of somebody new: open a wallet, put money into it."""
        wallet_id = f"c-{len(self._wallets):06}"
        self._wallets.append(wallet_id)
        return (
            self._said(wallet_id, OpenWallet(WalletKind.CUSTOMER, Tier.PREMIUM, (CURRENCY,))),
            self._said(wallet_id, TopUp(CURRENCY, FUND_MINOR, "card", f"first-{wallet_id}")),
        )

    def next(self) -> WalletCommand:
        """Return what somebody asks for next; never a retry, never poison."""
        rng = self._rng
        payer = self._somebody()
        draw = rng.random() * (1 - RETRIES - POISON - NEWCOMERS)
        amount = rng.randint(1, 5_00)
        if draw < FAR:
            return self._said(payer, Transfer(self._friend(payer, far=True), CURRENCY, amount))
        if draw < FAR + NEAR:
            return self._said(payer, Transfer(self._friend(payer, far=False), CURRENCY, amount))
        if draw < FAR + NEAR + HOLDS:
            return self._place(payer, amount)
        if draw < FAR + NEAR + HOLDS + HOLD_ENDS and self._holds:
            return self._end_hold()
        reference = f"more-{len(self._wallets)}-{rng.getrandbits(48)}"
        return self._said(payer, TopUp(CURRENCY, amount + 1_00, "card", reference))

    def _place(self, payer: str, amount: int) -> WalletCommand:
        placed = self._said(payer, PlaceHold(self._somebody(), CURRENCY, amount))
        self._holds.append(OpenHold(payer, placed.command_id, amount))
        return placed

    def _end_hold(self) -> WalletCommand:
        hold = self._holds.pop(self._rng.randrange(len(self._holds)))
        if self._rng.random() < 0.7:  # noqa: PLR2004 - most holds are captured
            part = self._rng.randint(1, hold.amount)
            body: Command = CaptureHold(hold.hold_id, part, keep_open=bool(part % 2))
        else:
            body = VoidHold(hold.hold_id)
        return self._said(hold.wallet_id, body)

    def _somebody(self) -> str:
        wallets = self._wallets
        count = min(ACTIVE, len(wallets))
        rank = bisect(self._weights, self._rng.random() * self._weights[count - 1], hi=count - 1)
        return wallets[len(wallets) - count + rank]

    def _friend(self, payer: str, *, far: bool) -> str:
        """Return a payee in another partition, or in the same one."""
        home = partition_of(payer, self._partitions)
        for _ in range(50):
            friend = self._wallets[self._rng.randrange(len(self._wallets))]
            if friend != payer and (partition_of(friend, self._partitions) != home) == far:
                return friend
        return payer  # nobody lives there; paying oneself is refused, which is an outcome too

    def _said(self, wallet_id: str, body: Command) -> WalletCommand:
        command = stamp(wallet_id, body)
        self.recent.append(command)
        return command
