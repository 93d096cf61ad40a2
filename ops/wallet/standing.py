"""Standing: a wallet folded from the Decisions that touched it.

Owns: the few facts `wallet show` prints.
Never: reads a topic; never the writer's own fold.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from ops.reading import Placed
from schemas.messages.decisions import Decision, Event
from schemas.messages.events import (
    CreditLimitChanged,
    StandingMoved,
    TierChanged,
    WalletOpened,
    WalletStatusChanged,
)


@dataclass(slots=True)
class Standing:
    """A wallet: its status and balances (account, currency) -> minor units, debit positive."""

    wallet_id: str
    kind: str = ""
    tier: str = ""
    status: str = ""
    debit_blocked: bool = False
    credit_blocked: bool = False
    freeze_ends_at: int = 0  # microseconds; 0 = it does not by itself
    decisions: int = 0
    balances: dict[tuple[str, str], int] = field(default_factory=dict)
    credit_limits: dict[str, int] = field(default_factory=dict)  # minor units by currency

    def add(self, decision: Decision) -> None:
        """Add a Decision that touched the wallet, in order."""
        self.decisions += 1
        for event in decision.events:
            if getattr(event, "wallet_id", "") == self.wallet_id:
                self._follow(event)
        for balance in decision.balances:
            if balance.owner == self.wallet_id and balance.account.startswith(("W.", "M.")):
                self.balances[balance.account, balance.currency] = balance.minor

    def _follow(self, event: Event) -> None:
        if isinstance(event, WalletOpened):
            self.kind, self.tier = event.kind.name, event.tier.name
            self.status = event.status.name
        elif isinstance(event, TierChanged):
            self.tier, self.status = event.tier.name, event.status.name
        elif isinstance(event, CreditLimitChanged):
            self.credit_limits[event.currency] = event.limit
        elif isinstance(event, StandingMoved):
            self.freeze_ends_at = event.row.freeze_due
        elif isinstance(event, WalletStatusChanged):
            self.status = event.status.name
            self.debit_blocked = event.debit_blocked
            self.credit_blocked = event.credit_blocked


def touches(decision: Decision, wallet_id: str) -> bool:
    """Say whether a Decision is addressed to a wallet or changed one of its accounts."""
    return decision.wallet_id == wallet_id or any(
        balance.owner == wallet_id for balance in decision.balances
    )


def standing_of(wallet_id: str, log: Iterable[Placed]) -> Standing:
    """Return a wallet as the log of its partition tells it."""
    standing = Standing(wallet_id)
    for placed in log:
        if touches(placed.decision, wallet_id):
            standing.add(placed.decision)
    return standing
