"""Merchant rules: how much of a sale is kept back, and what the Decision says of it."""

import pytest

from schemas.codec import decode, encode
from schemas.messages.commands import SetMerchantTerms
from schemas.messages.decisions import Decision
from schemas.messages.events import MerchantGaveBack, MerchantSold
from schemas.messages.policy import Band, Rule
from schemas.messages.rows import MerchantFinding, TradeRow
from schemas.messages.vocabulary import FeeBack, RiskAction, WalletKind
from streams.wallet.genesis import genesis_ruleset
from tests.support.builders import DAY, NOON, Rig, policy, ruleset
from tests.support.given import accepted, capture, command, given, opened, place_hold, topped_up
from tests.unit.ledger.fraud.merchants.selling import (
    PAYERS,
    disputes,
    kept,
    refunds,
    sale,
    sales,
)
from tests.unit.ledger.merchants import Market

DAY_NUMBER = NOON // DAY


def rule(*bands, missing=0, name="payer_repeats"):
    """A merchant rule with a weight for each range of values."""
    found = tuple(Band(low, high, weight, RiskAction.ALLOW) for low, high, weight in bands)
    return Rule("FR28", name, found, missing)


def shop(*rules, at=100, most=2_000, agreed=0):
    """A shop that agreed to so much of a reserve, and what its rules want."""
    data = {"merchant_rules": rules, "merchant_reserve_at": at, "merchant_reserve_bp": most}
    terms = SetMerchantTerms(0, 0, agreed, 60, FeeBack.NONE)
    return given(
        opened(*PAYERS),
        opened("mart", kind=WalletKind.MERCHANT),
        *(topped_up(each, 10**6) for each in PAYERS),
        command("mart", terms),
        rig=Rig(policy_=policy(), ruleset_=ruleset(**data)),
    )


def found(then):
    """What the rules found at the sale."""
    (event,) = [each for each in then.events if isinstance(each, MerchantSold)]
    return event


@pytest.mark.parametrize(
    ("weights", "score", "reserve"), [((60, 39), 99, 0), ((60, 40), 100, 200), ((60, 41), 101, 200)]
)
def test_weights_are_added_up_and_held_against_the_score(weights, score, reserve):
    start = shop(*[rule((0, None, each)) for each in weights])
    event = found(start.when(sale()).then(accepted(), kept(reserve)))
    assert (event.score, event.reserve_bp) == (score, 2_000 if reserve else 0)
    one, other = weights
    assert event.fired == (
        MerchantFinding("FR28", "payer_repeats", 0, one),
        MerchantFinding("FR28", "payer_repeats", 0, other),
    )


@pytest.mark.parametrize(
    ("agreed", "reserve"), [(0, 200), (1_999, 200), (2_010, 201), (5_000, 500)]
)
def test_the_larger_of_agreed_and_wanted_is_kept(agreed, reserve):
    start = shop(rule((0, None, 100)), agreed=agreed)
    start.when(sale()).then(accepted(), kept(reserve))


def test_a_value_outside_all_bands_fires_nothing():
    start = shop(rule((1, 2, 100)))
    assert found(start.when(sale()).then(kept(0))).fired == ()
    assert found(start.when(sale()).then(kept(200))).score == 100
    assert found(start.when(sale()).then(kept(0))).fired == ()


@pytest.mark.parametrize(("missing", "reserve"), [(0, 0), (99, 0), (100, 200)])
def test_a_feature_without_a_value_is_named_and_has_a_weight_of_its_own(missing, reserve):
    start = shop(rule((0, None, 1), missing=missing, name="night_share"))
    event = found(start.when(sale()).then(accepted(), kept(reserve)))
    assert event.missing == ("night_share",)
    assert [(each.value, each.weight) for each in event.fired] == [(None, missing)] * (missing > 0)


def test_a_ruleset_without_merchant_rules_keeps_what_was_agreed():
    start = shop(agreed=300)
    event = found(start.when(sale()).then(accepted(), kept(30)))
    assert (event.score, event.reserve_bp, event.fired, event.missing) == (0, 0, (), ())


def test_captures_count_as_sales_but_nothing_is_kept_of_them():
    start = shop(rule((0, None, 100)), agreed=300)
    start.when(place_hold("ann", "mart", 1_000)).then(accepted())
    decision = start.when(capture("ann", 1_000)).then(accepted(), kept(0))
    assert found(decision).payer == "ann"
    assert start.rig.view.trades.get("mart").sales == (1,)


def test_a_merchant_elsewhere_is_judged_where_it_lives():
    market = Market()
    rules = ruleset(
        merchant_rules=(rule((0, None, 1)),), merchant_reserve_at=1, merchant_reserve_bp=2_000
    )
    market.rig.genesis = (market.rig.genesis[0], rules)
    market.pay()
    assert market.has("M.RSV") == (2_000,)
    assert market.payer_rig.view.trades.rows == {}
    market.check()


def test_what_a_merchant_sold_and_gave_back_is_in_its_row_by_days():
    start = shop()
    start.when(sales(2, 700)).then(accepted())
    gone = start.when(refunds(800)).then(accepted())
    assert MerchantGaveBack("mart", DAY_NUMBER, 100) in gone.events
    start.rig.wait(2 * DAY)
    start.when(sale(5, "bob")).then(accepted())
    opened_now = start.when(disputes(1)).then(accepted())
    assert MerchantGaveBack("mart", DAY_NUMBER + 2, 0) in opened_now.events
    row = start.rig.view.trades.get("mart")
    assert row == TradeRow(
        DAY_NUMBER + 2, (1, 0, 2), (5, 0, 1_400), (0, 0, 800), (1, 0, 0), row.latest
    )
    assert [(each.payer, each.base_amount) for each in row.latest] == [
        *[("ann", 700)] * 2,
        ("bob", 5),
    ]


def test_the_genesis_keeps_more_of_a_merchant_that_gives_back_too_much():
    rig = Rig(policy_=policy(), ruleset_=ruleset())
    given(
        *(opened(*PAYERS), opened("mart", kind=WalletKind.MERCHANT)),
        *(topped_up(each, 10**6) for each in PAYERS),
        *(sales(7, payer=each) for each in PAYERS),
        refunds(2_500),
        rig=rig,
    )
    rig.genesis = (policy(), ruleset(**merchant_part(genesis_ruleset())))
    event = found(decision := sale()(rig))
    assert [(each.feature, each.value, each.weight) for each in event.fired] == [
        ("refund_ratio_30d", 119, 200)
    ]
    assert event.missing == ("dispute_ratio_30d", "ticket_sigmas")
    assert event.reserve_bp == 2_000
    assert decode(Decision, encode(decision)) == decision


def merchant_part(rules):
    """What a ruleset says of merchants."""
    names = ("merchant_rules", "merchant_reserve_at", "merchant_reserve_bp")
    return {name: getattr(rules, name) for name in names}
