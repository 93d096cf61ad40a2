"""The policy and the rules of random days."""

from ledger.fraud import FEATURES, merchants
from schemas.messages.policy import Band, FeeRule, Rule, Typology, TypologyShare
from schemas.messages.vocabulary import FeeFlow, RiskAction
from tests.support.builders import policy, ruleset

# Low ceilings, so that every limit is met; rules that step up, review and block now and then.
POLICY = policy(
    limits={
        "per_tx_out": 4_000,
        "day_out": 9_000,
        "rolling_24h_out": 8_000,
        "month_out": 20_000,
        "count_out_hour": 5,
        "week_out": 10_000,
        "count_out_day": 6,
        "count_out_30d": 8,
        "new_payees_day": 3,
        "withdrawal_day_out": 1_500,
        "per_tx_in": 9_000,
        "day_in": 40_000,
        "balance_cap": 24_000,
    },
    claim_ttl_s=7_200,
    fees=(
        FeeRule(FeeFlow.TOPUP_CARD, 100, 1),
        FeeRule(FeeFlow.TRANSFER, 100, 1),
        FeeRule(FeeFlow.WITHDRAWAL, 100, 1),
        FeeRule(FeeFlow.ESCROW, 300, 1),
        FeeRule(FeeFlow.BILL, 0, 2),
        FeeRule(FeeFlow.PAYOUT, 10, 25),
        FeeRule(FeeFlow.DISPUTE, 0, 15),
    ),
    hold_ttl_s=3_600,
    max_active_holds=3,
    max_hold_increments=2,
    over_capture_bp=2_000,
    max_payees=4,
    max_outflow_entries=12,
    saga_max_attempts=2,
    adjustment_ttl_s=2 * 86_400,
    adjustment_two_checkers_minor=1_000,
    merchant_mdr_fixed_minor=2,
    merchant_reserve_bp=500,
    merchant_mature_after_s=1_200,
    merchant_reserve_for_s=7_200,
    dispute_evidence_s=7_200,
    dispute_window_days=1,
    bulk_max_items=5,
    dormant_after_s=15 * 86_400,
)
RULES = ruleset(
    Rule(
        "FR01",
        "out_attempts_10m",
        (Band(5, 6, 300, RiskAction.ALLOW), Band(6, 7, 0, RiskAction.BLOCK)),
        0,
    ),
    Rule("FR04", "new_payees_24h", (Band(3, 4, 180, RiskAction.ALLOW),), 0),
    Rule("FR05", "first_payment", (Band(1, None, 50, RiskAction.ALLOW),), 0),
    Rule(
        "FR07",
        "seconds_since_previous_out",
        (
            Band(0, 1, 150, RiskAction.ALLOW),  # as the items of a bulk follow one another
            Band(1, 2, 500, RiskAction.ALLOW),
            Band(2, 5, 200, RiskAction.ALLOW),
        ),
        0,
    ),
    # The others weigh nothing and always fire: what they see is in every Decision.
    *(
        Rule("SEEN", feature, (Band(0, None, 0, RiskAction.ALLOW),), 0)
        for feature in sorted(FEATURES)
    ),
    typologies=(
        Typology(
            "NEW",
            (
                TypologyShare("first_payment", 120),
                TypologyShare("new_payees_24h", 50),
                TypologyShare("seconds_since_previous_out", 10),
            ),
            *(170, 400, 500),
        ),
        Typology("FAST", (TypologyShare("seconds_since_previous_out", 33),), 300, 400, 500),
    ),
    structuring_at=(100, 4_000),
    merchant_rules=(
        Rule("FR28", "payer_repeats", (Band(2, 5, 40, RiskAction.ALLOW),), 0),
        Rule("FR27", "refund_ratio_30d", (Band(100, None, 70, RiskAction.ALLOW),), 5),
        *(
            Rule("SEEN", feature, (Band(0, None, 0, RiskAction.ALLOW),), 0)
            for feature in sorted(merchants.FEATURES)
        ),
    ),
    merchant_reserve_at=45,
    merchant_reserve_bp=3_000,
    denied_countries=("KP",),
    denied_rails=("sct",),
)
