"""What limits and fraud rules look at: one outgoing or incoming movement, frozen.

Owns: `Intent`, what is wanted; `Denied`, what a ruleset never lets out; `Outgoing` and `Incoming`,
the facts a rule may use.
Never: rows to write, other rules, a verdict.
"""

from __future__ import annotations

from typing import Final, final

from ledger.calendar import Calendar, week_of
from ledger.windows import Log, Trailing
from schemas.messages.commands import Origin
from schemas.messages.policy import Ruleset, TierLimits
from schemas.messages.rows import InflowRow, OutflowDaysRow, OutflowRow, PayeeRow, ProfileRow
from schemas.messages.vocabulary import OutflowFamily


@final
class Denied:
    """What the ruleset denies outright."""

    __slots__ = ("countries", "mccs", "rails")

    def __init__(self, ruleset: Ruleset) -> None:
        self.countries: Final = frozenset(ruleset.denied_countries)
        self.mccs: Final = frozenset(ruleset.denied_mccs)
        self.rails: Final = frozenset(ruleset.denied_rails)


@final
class Intent:
    """What somebody wants to pay or to reserve; `total` is what W.AVL must have for it.

    `rail` is empty where the money does not leave by one.
    """

    __slots__ = ("amount", "currency", "family", "payee", "rail", "total")

    def __init__(  # noqa: PLR0913 - one record of facts
        self,
        payee: str,
        currency: str,
        amount: int,
        total: int,
        family: OutflowFamily = OutflowFamily.PAYMENT,
        rail: str = "",
    ) -> None:
        self.rail: Final = rail
        self.family: Final = family
        self.payee: Final = payee
        self.currency: Final = currency
        self.amount: Final = amount
        self.total: Final = total


@final
class Habits:
    """What the wallet does otherwise, and what about this attempt is compared with it.

    `left` is what W.AVL would have in the currency afterwards, base minor units; `near` and
    `round_amount` are as in OutflowConsumed. `small_top_up` and `denied` are the ruleset's,
    `origin` is what the caller said of where it comes from, `rail` what the money leaves by.
    """

    __slots__ = (
        "denied",
        "inflow",
        "left",
        "near",
        "opened_at",
        "origin",
        "payee_amounts",
        "profile",
        "rail",
        "round_amount",
        "small_top_up",
    )

    def __init__(  # noqa: PLR0913 - one record of facts, built in one place
        self,
        payee: PayeeRow | None,
        profile: ProfileRow,
        inflow: InflowRow,
        left: int,
        opened_at: int,
        near: int,
        round_amount: bool,  # noqa: FBT001 - a fact, always passed by its builder
        small_top_up: int,
        origin: Origin,
        denied: Denied,
        rail: str,
    ) -> None:
        self.payee_amounts: Final[tuple[int, ...]] = () if payee is None else payee.amounts
        self.profile: Final = profile
        self.inflow: Final = inflow
        self.left: Final = left
        self.opened_at: Final = opened_at
        self.near: Final = near
        self.round_amount: Final = round_amount
        self.small_top_up: Final = small_top_up
        self.origin: Final = origin
        self.denied: Final = denied
        self.rail: Final = rail


@final
class Outgoing:
    """An attempt to pay or to reserve; sums do not include it yet.

    `base_amount` and all sums are base minor units; `new_payee_times` are the first payments of the
    last 24 hours before this one; `days` are those before `day`, the day before first.
    """

    __slots__ = (
        "at",
        "base_amount",
        "calendar",
        "day",
        "day_count",
        "day_sum",
        "days",
        "family",
        "habits",
        "limits",
        "log",
        "month",
        "month_sum",
        "new_payee",
        "new_payee_times",
        "previous_at",
        "row",
        "trailing",
        "week",
        "week_sum",
        "withdrawal_day_sum",
    )

    def __init__(  # noqa: PLR0913 - one record of facts, built in one place
        self,
        at: int,
        base_amount: int,
        family: OutflowFamily,
        limits: TierLimits,
        calendar: Calendar,
        log: Log,
        row: OutflowRow,
        trailing: Trailing,
        day: int,
        month: int,
        days: OutflowDaysRow,
        new_payee_times: tuple[int, ...],
        new_payee: bool,  # noqa: FBT001 - a fact, always passed by its builder
        habits: Habits,
    ) -> None:
        today = row.day == day
        self.at: Final = at
        self.base_amount: Final = base_amount
        self.family: Final = family
        self.limits: Final = limits
        self.calendar: Final = calendar
        self.log: Final = log
        self.row: Final = row
        self.trailing: Final = trailing
        self.day: Final = day
        self.week: Final = week_of(day)
        self.month: Final = month
        self.day_sum: Final = row.day_sum if today else 0
        self.day_count: Final = row.day_count if today else 0
        self.withdrawal_day_sum: Final = row.withdrawal_day_sum if today else 0
        self.week_sum: Final = row.week_sum if week_of(row.day) == self.week else 0
        self.month_sum: Final = row.month_sum if row.month == month else 0
        self.days: Final = days
        self.previous_at: Final = row.previous_at
        self.new_payee: Final = new_payee
        self.new_payee_times: Final = new_payee_times
        self.habits: Final = habits


@final
class Incoming:
    """Money about to reach a wallet; `balance` is its current balance before, over all currencies.

    All amounts are base minor units. `base_amount` is what the sender paid, `credited` what arrives
    (a top-up's fee is taken out of it).
    """

    __slots__ = (
        "balance",
        "base_amount",
        "calendar",
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
        calendar: Calendar,
        day: int,
        month: int,
        day_sum: int,
        month_sum: int,
    ) -> None:
        self.base_amount: Final = base_amount
        self.credited: Final = credited
        self.balance: Final = balance
        self.limits: Final = limits
        self.calendar: Final = calendar
        self.day: Final = day
        self.month: Final = month
        self.day_sum: Final = day_sum
        self.month_sum: Final = month_sum
