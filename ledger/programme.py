"""The programme: a policy and a ruleset, checked and made ready for the hot path.

Owns: look-ups by currency, tier, fee flow, day and rule.
Never: changes; another policy is another programme. The caller keeps the compiled one.
"""

from __future__ import annotations

from typing import Final, final

from ledger.calendar import SECOND_US, Calendar
from ledger.documents import check_policy, check_ruleset
from ledger.fraud import RULES, Feature, merchants
from ledger.outgoing import Denied
from schemas.messages.policy import (
    CurrencyRule,
    FeeRule,
    Policy,
    Rule,
    Ruleset,
    TierLimits,
)
from schemas.messages.vocabulary import FeeFlow, Tier

RATE_SCALE: Final = 10**9
BASIS_POINTS: Final = 10_000
ROUND_UNITS: Final = 50


@final
class Programme:
    """Everything configurable that a Decision depends on."""

    __slots__ = (
        "_fees",
        "_round",
        "calendar",
        "claim_ttl_us",
        "currencies",
        "denied",
        "dormant_after_us",
        "hold_ttl_us",
        "merchant_rules",
        "policy",
        "review_ttl_us",
        "rules",
        "ruleset",
        "saga_cancel_after_us",
        "tiers",
    )

    def __init__(self, policy: Policy, ruleset: Ruleset) -> None:
        self.policy: Final = policy
        self.ruleset: Final = ruleset
        self.calendar: Final = Calendar(policy.zone)
        self.currencies: Final[dict[str, CurrencyRule]] = {
            each.code: each for each in policy.currencies
        }
        self.tiers: Final[dict[Tier, TierLimits]] = {each.tier: each for each in policy.tiers}
        self._round: Final[dict[str, int]] = {
            each.code: ROUND_UNITS * int(10**each.exponent) for each in policy.currencies
        }
        self._fees: Final[dict[FeeFlow, FeeRule]] = {each.flow: each for each in policy.fees}
        # The lowest value that any band holds, so that most values are not looked up at all.
        self.rules: Final[tuple[tuple[int, Rule, Feature], ...]] = tuple(
            (min([each.low for each in rule.bands], default=0), rule, RULES[rule.feature])
            for rule in ruleset.rules
        )
        self.merchant_rules: Final[tuple[tuple[Rule, merchants.Feature], ...]] = tuple(
            (rule, merchants.RULES[rule.feature]) for rule in ruleset.merchant_rules
        )
        self.denied: Final = Denied(ruleset)
        self.claim_ttl_us: Final = policy.claim_ttl_s * SECOND_US
        self.dormant_after_us: Final = policy.dormant_after_s * SECOND_US
        self.hold_ttl_us: Final = policy.hold_ttl_s * SECOND_US
        self.review_ttl_us: Final = policy.review_ttl_s * SECOND_US
        self.saga_cancel_after_us: Final = policy.saga_cancel_after_s * SECOND_US

    @classmethod
    def compile(cls, policy: Policy, ruleset: Ruleset) -> Programme:
        """Return the programme of two documents; raises `ProgrammeError` naming the wrong field."""
        check_policy(policy)
        check_ruleset(ruleset)
        return cls(policy, ruleset)

    def base(self, currency: str, amount: int) -> int:
        """Return an amount of a known currency in base minor units, rounded up."""
        return -(-amount * self.currencies[currency].base_per_minor_e9 // RATE_SCALE)

    def is_round(self, currency: str, amount: int) -> bool:
        """Tell whether an amount is a multiple of 50 units of its currency."""
        return amount % self._round[currency] == 0

    def fee(self, flow: FeeFlow, amount: int) -> int:
        """Return the fee of a flow, in minor units of the movement's currency."""
        rule = self._fees.get(flow)
        if rule is None:
            return 0
        return max(amount * rule.basis_points // BASIS_POINTS, rule.minimum_minor)
