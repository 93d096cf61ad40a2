"""Low limits: the policy and the ruleset of random days, so that every refusal happens.

Owns: `POLICY` and `RULES`.
Never: a day.
"""

from ledger.fraud import FEATURES
from schemas.messages.policy import Band, Rule, Typology, TypologyShare
from schemas.messages.vocabulary import RiskAction
from tests.support.builders import fees, policy, ruleset

# Low ceilings, so that every limit is met; rules that step up, review and block now and then.
POLICY = policy(
    limits={
        "per_tx_out": 4_000,
        "day_out": 9_000,
        "rolling_24h_out": 8_000,
        "month_out": 20_000,
        "count_out_hour": 6,
        "week_out": 15_000,
        "count_out_day": 9,
        "count_out_30d": 14,
        "new_payees_day": 3,
        "per_tx_in": 9_000,
        "balance_cap": 30_000,
    },
    fees=fees(100, 1),
    hold_ttl_s=3_600,
    max_active_holds=3,
    max_payees=4,
    max_outflow_entries=12,
    saga_max_attempts=2,
)
RULES = ruleset(
    Rule(
        "FR01",
        "out_attempts_10m",
        (Band(5, 6, 300, RiskAction.ALLOW), Band(6, 7, 0, RiskAction.BLOCK)),
        0,
    ),
    Rule("FR04", "new_payees_24h", (Band(3, 4, 240, RiskAction.ALLOW),), 0),
    Rule("FR05", "first_payment", (Band(1, None, 50, RiskAction.ALLOW),), 0),
    Rule("FR07", "seconds_since_previous_out", (Band(0, 2, 500, RiskAction.ALLOW),), 0),
    # The others weigh nothing and always fire: what they see is in every Decision.
    *(
        Rule("SEEN", feature, (Band(0, None, 0, RiskAction.ALLOW),), 0)
        for feature in sorted(FEATURES)
    ),
    typologies=(
        Typology(
            "NEW",
            (TypologyShare("first_payment", 120), TypologyShare("new_payees_24h", 50)),
            *(170, 400, 500),
        ),
        Typology("FAST", (TypologyShare("seconds_since_previous_out", 33),), 300, 400, 500),
    ),
    structuring_at=(100, 4_000),
)
