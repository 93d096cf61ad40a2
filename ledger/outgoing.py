"""What limits and fraud rules look at: one outgoing or incoming movement, frozen.

Owns: `Outgoing` and `Incoming`, the facts a rule may use.
Never: rows to write, other rules, a verdict.
"""

from __future__ import annotations

from typing import Final, final

from ledger.windows import Trailing
from schemas.messages.policy import TierLimits
from schemas.messages.rows import OutflowRow


@final
class Outgoing:
    """An attempt to pay or to reserve; sums do not include it yet.

    `base_amount`, `day_sum` and `month_sum` are base minor units; `new_payees_24h` counts first
    payments of the last 24 hours before this one.
    """

    __slots__ = (
        "at",
        "base_amount",
        "day",
        "day_sum",
        "limits",
        "month",
        "month_sum",
        "new_payee",
        "new_payees_24h",
        "previous_at",
        "row",
        "trailing",
    )

    def __init__(  # noqa: PLR0913 - one record of facts, built in one place
        self,
        at: int,
        base_amount: int,
        limits: TierLimits,
        row: OutflowRow,
        trailing: Trailing,
        day: int,
        month: int,
        new_payee: bool,  # noqa: FBT001 - a fact, always passed by its builder
        new_payees_24h: int,
    ) -> None:
        self.at: Final = at
        self.base_amount: Final = base_amount
        self.limits: Final = limits
        self.row: Final = row
        self.trailing: Final = trailing
        self.day: Final = day
        self.month: Final = month
        self.day_sum: Final = row.day_sum if row.day == day else 0
        self.month_sum: Final = row.month_sum if row.month == month else 0
        self.previous_at: Final = row.previous_at
        self.new_payee: Final = new_payee
        self.new_payees_24h: Final = new_payees_24h


@final
class Incoming:
    """Money about to reach a wallet; `balance` is its current balance before, over all currencies.

    All amounts are base minor units. `base_amount` is what the sender paid, `credited` what arrives
    (a top-up's fee is taken out of it).
    """

    __slots__ = (
        "balance",
        "base_amount",
        "credited",
        "day",
        "day_sum",
        "limits",
        "month",
        "month_sum",
    )

    def __init__(  # noqa: PLR0913 - one record of facts, built in one place
        self,
        base_amount: int,
        credited: int,
        balance: int,
        limits: TierLimits,
        day: int,
        month: int,
        day_sum: int,
        month_sum: int,
    ) -> None:
        self.base_amount: Final = base_amount
        self.credited: Final = credited
        self.balance: Final = balance
        self.limits: Final = limits
        self.day: Final = day
        self.month: Final = month
        self.day_sum: Final = day_sum
        self.month_sum: Final = month_sum
