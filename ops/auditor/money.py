"""Money rules of the policy in force: fees, amounts in the base currency, days and months.

Owns: the arithmetic that the policy describes, the plain way.
Never: posts anything.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Final

from ops.auditor.answer import Refused
from ops.auditor.books import INT64_MAX
from schemas.messages.policy import Policy, Ruleset, TierLimits
from schemas.messages.vocabulary import FeeFlow, RejectionReason, Tier

RATE_SCALE: Final = 10**9
EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)


def rates(policy: Policy) -> dict[str, int]:
    """Return base minor units per minor unit of each currency, times 10^9."""
    return {each.code: each.base_per_minor_e9 for each in policy.currencies}


def base(policy: Policy, currency: str, amount: int) -> int:
    """Return an amount in base minor units; a part of one counts as one."""
    whole, rest = divmod(amount * rates(policy)[currency], RATE_SCALE)
    return whole + (1 if rest else 0)


def fee(policy: Policy, flow: FeeFlow, amount: int) -> int:
    """Return a flow's fee: so many ten-thousandths, rounded down, but never less than its least."""
    for rule in policy.fees:
        if rule.flow is flow:
            return max(amount * rule.basis_points // 10_000, rule.minimum_minor)
    return 0


def limits(policy: Policy, tier: Tier) -> TierLimits:
    """Return a tier's ceilings."""
    return next(each for each in policy.tiers if each.tier is tier)


def day_and_month(policy: Policy, at: int) -> tuple[int, int]:
    """Return the calendar day and month of an instant in the programme's zone, since 1970."""
    offset_s = policy.zone.transitions[0].offset_s
    for transition in policy.zone.transitions[1:]:
        if transition.at <= at:
            offset_s = transition.offset_s
    local = EPOCH + timedelta(seconds=at // 1_000_000 + offset_s)
    return (local - EPOCH).days, (local.year - 1970) * 12 + local.month - 1


def seconds_of_day(policy: Policy, at: int) -> int:
    """Return what the programme's clock shows, in seconds since it showed midnight."""
    offset_s = policy.zone.transitions[0].offset_s
    for transition in policy.zone.transitions[1:]:
        if transition.at <= at:
            offset_s = transition.offset_s
    return (at // 1_000_000 + offset_s) % 86_400


def is_round(policy: Policy, currency: str, amount: int) -> bool:
    """Tell whether an amount is a multiple of 50 units."""
    digits = next(each.exponent for each in policy.currencies if each.code == currency)
    return amount % int(f"50{'0' * digits}") == 0


def near(policy: Policy, ruleset: Ruleset, tier: Tier, minor: int) -> tuple[int, ...]:
    """Return the numbers of the thresholds that an amount stays just below."""
    thresholds = (*ruleset.structuring_at, limits(policy, tier).per_tx_out)
    return tuple(
        number for number, each in enumerate(thresholds) if each * 8 <= minor * 10 < each * 10
    )


def check_amount(policy: Policy, currency: str, amount: int, with_fee: FeeFlow | None) -> None:
    """Refuse an unknown currency, nothing or less, and what does not fit 64 bits."""
    if currency not in rates(policy):
        raise Refused(RejectionReason.UNKNOWN_CURRENCY, currency)
    if amount <= 0:
        raise Refused(RejectionReason.AMOUNT_NOT_POSITIVE)
    total = amount + (fee(policy, with_fee, amount) if with_fee else 0)
    if total > INT64_MAX or base(policy, currency, amount) > INT64_MAX:
        raise Refused(RejectionReason.AMOUNT_OVERFLOW)
