"""Check 4: no account goes below nothing or its credit limit, no ceiling was ever exceeded.

Owns: the sums of limits, added up again from the events, held against the policy of the moment.
Never: asks the ledger's windows; it keeps every attempt and reads them again.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from typing import Final, final

from ops.checker.report import Result
from ops.checker.steps import Step
from schemas.messages.decisions import Event
from schemas.messages.events import (
    CreditLimitChanged,
    InflowConsumed,
    InflowGivenBack,
    OutflowConsumed,
    OutflowGivenBack,
    PolicyActivated,
    TierChanged,
    WalletOpened,
)
from schemas.messages.journal import BalanceAfter
from schemas.messages.policy import Policy, TierLimits
from schemas.messages.vocabulary import OutflowFamily, Tier

HOUR_US: Final = 3_600_000_000
DAY_US: Final = 24 * HOUR_US
NO_LIMIT: Final = -1
WALLET_ACCOUNTS: Final = ("W.", "M.")
CREDITED: Final = "W.AVL"


@dataclass(slots=True)
class Spent:
    """One counted movement."""

    at: int
    amount: int
    count: int


@dataclass(slots=True)
class Sums:
    """What a wallet has used up."""

    out: dict[int, Spent] = field(default_factory=dict)  # by entry, in order of time
    new_payees: list[int] = field(default_factory=list)
    periods: defaultdict[tuple[str, int], int] = field(default_factory=lambda: defaultdict(int))


def _week(day: int) -> int:
    """Return a number that is the same from Monday to Sunday; 1970-01-01 was a Thursday."""
    return (day - 4) // 7


@final
class Bounds:
    """One partition's wallets."""

    def __init__(self, result: Result, policy: Policy) -> None:
        self._result: Final = result
        self._policy = policy
        self._tiers: Final[dict[str, Tier]] = {}
        self._credit: Final[dict[tuple[str, str], int]] = {}  # wallet, currency
        self._overdrawn: Final[dict[tuple[str, str], int]] = {}
        self._sums: Final[defaultdict[str, Sums]] = defaultdict(Sums)

    def take(self, step: Step) -> None:
        """Add a Decision's events up and hold every sum against its ceiling."""
        at = step.decision.decided_at
        for balance in step.decision.balances:
            self._result.looked_at += 1
            if balance.account.startswith(WALLET_ACCOUNTS):
                self._hold_above_nothing(step, balance)
        for event in step.decision.events:
            self._add(step, event, at)

    def _hold_above_nothing(self, step: Step, balance: BalanceAfter) -> None:
        """Only W.AVL may be overdrawn: by its limit, or by less than before it was lowered."""
        key = (balance.owner, balance.currency)
        credit, before = self._credit.get(key, 0), self._overdrawn.get(key, 0)
        most = max(credit, before) if balance.account == CREDITED else 0
        if balance.minor > most:
            where = f"{balance.account} {balance.currency} of {balance.owner}"
            over = f", its credit limit {credit}" if credit else ""
            self._result.add(step.where, f"{where} is negative by {balance.minor}{over}")
        if balance.account != CREDITED:
            return
        if balance.minor > 0:
            self._overdrawn[key] = balance.minor
        else:
            self._overdrawn.pop(key, None)

    def _add(self, step: Step, event: Event, at: int) -> None:
        if isinstance(event, PolicyActivated):
            self._policy = event.policy
        elif isinstance(event, CreditLimitChanged):
            self._credit[event.wallet_id, event.currency] = event.limit
        elif isinstance(event, (WalletOpened, TierChanged)):
            self._tiers[event.wallet_id] = event.tier
        elif isinstance(event, OutflowConsumed):
            self._out(step, event, at)
        elif isinstance(event, OutflowGivenBack):
            self._back(event)
        elif isinstance(event, InflowConsumed):
            self._in(step, event)
        elif isinstance(event, InflowGivenBack):
            self._in_back(event)

    def _out(self, step: Step, event: OutflowConsumed, at: int) -> None:
        sums, ceiling = self._sums[event.wallet_id], self._ceiling(event.wallet_id)
        sums.out[event.entry] = Spent(at, event.base_amount, 1)
        sums.periods["day_out", event.day] += event.base_amount
        sums.periods["week_out", _week(event.day)] += event.base_amount
        sums.periods["month_out", event.month] += event.base_amount
        sums.periods["count_out", event.day] += 1
        if event.family is OutflowFamily.WITHDRAWAL:
            sums.periods["withdrawal_day_out", event.day] += event.base_amount
        if event.new_payee:
            sums.new_payees.append(at)
        self._hold_calendar(step, event, sums, ceiling)
        last_day, last_hour, day_count = 0, 0, 0
        for spent in reversed(sums.out.values()):
            if spent.at <= at - DAY_US:
                break
            last_day += spent.amount
            day_count += spent.count
            last_hour += spent.count if spent.at > at - HOUR_US else 0
        self._hold(step, "per_tx_out", event.base_amount, ceiling.per_tx_out)
        self._hold(step, "rolling_24h_out", last_day, ceiling.rolling_24h_out)
        self._hold(step, "count_out_hour", last_hour, ceiling.count_out_hour)
        self._hold(step, "count_out_day", day_count, ceiling.count_out_day)
        new_payees = sum(1 for each in sums.new_payees if each > at - DAY_US)
        if event.new_payee:
            self._hold(step, "new_payees_day", new_payees, ceiling.new_payees_day)

    def _hold_calendar(
        self, step: Step, event: OutflowConsumed, sums: Sums, ceiling: TierLimits
    ) -> None:
        periods = sums.periods
        count = sum(periods["count_out", event.day - ago] for ago in range(31))
        self._hold(step, "day_out", periods["day_out", event.day], ceiling.day_out)
        self._hold(step, "week_out", periods["week_out", _week(event.day)], ceiling.week_out)
        self._hold(step, "month_out", periods["month_out", event.month], ceiling.month_out)
        self._hold(step, "count_out_30d", count, ceiling.count_out_30d)
        withdrawn = periods["withdrawal_day_out", event.day]
        self._hold(step, "withdrawal_day_out", withdrawn, ceiling.withdrawal_day_out)

    def _back(self, event: OutflowGivenBack) -> None:
        sums = self._sums[event.wallet_id]
        periods = [("day_out", event.day), ("week_out", _week(event.day))]
        periods.append(("month_out", event.month))
        if event.family is OutflowFamily.WITHDRAWAL:
            periods.append(("withdrawal_day_out", event.day))
        for period in periods:
            sums.periods[period] = max(0, sums.periods[period] - event.base_amount)
        if event.whole:
            sums.periods["count_out", event.day] -= 1
        spent = sums.out.get(event.entry)
        if spent is not None:
            spent.amount -= min(spent.amount, event.base_amount)
            spent.count = 0 if event.whole else spent.count

    def _in(self, step: Step, event: InflowConsumed) -> None:
        sums, ceiling = self._sums[event.wallet_id], self._ceiling(event.wallet_id)
        sums.periods["day_in", event.day] += event.base_amount
        sums.periods["month_in", event.month] += event.base_amount
        self._hold(step, "per_tx_in", event.base_amount, ceiling.per_tx_in)
        self._hold(step, "day_in", sums.periods["day_in", event.day], ceiling.day_in)
        self._hold(step, "month_in", sums.periods["month_in", event.month], ceiling.month_in)

    def _in_back(self, event: InflowGivenBack) -> None:
        sums = self._sums[event.wallet_id]
        for period in (("day_in", event.day), ("month_in", event.month)):
            sums.periods[period] = max(0, sums.periods[period] - event.base_amount)

    def _ceiling(self, wallet_id: str) -> TierLimits:
        tier = self._tiers.get(wallet_id, Tier.UNVERIFIED)
        return next(each for each in self._policy.tiers if each.tier is tier)

    def _hold(self, step: Step, what: str, found: int, ceiling: int) -> None:
        if ceiling == NO_LIMIT:
            return
        self._result.looked_at += 1
        if found > ceiling:
            self._result.add(step.where, f"{what} is {found}, its ceiling {ceiling}")
