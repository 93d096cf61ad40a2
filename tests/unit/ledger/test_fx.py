"""Conversions: a wallet sells one currency for another, at a quote that still holds."""

import pytest

from schemas.messages.commands import Convert
from schemas.messages.control import SetRates
from schemas.messages.events import QuoteTaken
from schemas.messages.policy import Band, FxRate, Rule
from schemas.messages.rows import RatesRow
from schemas.messages.vocabulary import (
    Outcome,
    RejectionReason,
    RiskAction,
    StatusAction,
    Tier,
    TransactionState,
)
from tests.support.builders import DAY, HOUR, INT64_MAX, NOON, Rig, policy, ruleset
from tests.support.given import (
    accepted,
    command,
    duplicate,
    given,
    happened,
    opened,
    rejected,
    set_status,
    set_tier,
    topped_up,
    waited,
)
from tests.support.looking import balance, system_balance
from tests.unit.ledger.test_treasury import migrate

BOTH = ("EUR", "USD")
EXPIRED, MALFORMED = RejectionReason.QUOTE_EXPIRED, RejectionReason.MALFORMED_FIELD
EVEN = 1_250_000_000  # dollars a euro, when a dollar is 0.80


def rates(dollar=800_000_000, *, control_id="rates", until=NOON + DAY, euro=10**9):
    table = SetRates("noon", (FxRate("EUR", euro), FxRate("USD", dollar)), until)
    return lambda rig: rig.control(table, control_id)


def convert(sell=100, buy=124, mid_e9=EVEN, *, command_id="fx", **changed):
    values = {"sold": "EUR", "bought": "USD", "quote": "q1", "until": NOON + HOUR, **changed}
    body = Convert(
        values["sold"],
        values["bought"],
        sell,
        buy,
        mid_e9,
        values["quote"],
        values["until"],
    )
    return command("alice", body, command_id)


def euros(amount=1_000, **rig):
    return given(opened("alice", currencies=BOTH), rates(), topped_up("alice", amount), **rig)


def test_one_entry_with_the_spread_as_its_own_line():
    start = euros()
    decision = start.when(convert(buy=123)).then(
        accepted(),
        happened("OutflowConsumed", "TransactionMoved", "QuoteTaken", "EntryPosted"),
    )
    (entry,) = decision.entries
    lines = [(each.account, each.currency, each.amount) for each in entry.postings]
    # 123 dollars are worth 98.4 euros: rounded up, in favour of the position.
    assert lines == [
        ("W.AVL", "EUR", 100),
        ("FX.POS", "USD", 123),
        ("FX.POS", "EUR", -99),
        ("REV.FX", "EUR", -1),
        ("W.AVL", "USD", -123),
    ]
    assert decision.events[2] == QuoteTaken("alice", "fx", "q1", EVEN, NOON + HOUR, "noon", 1)
    row = start.rig.view.transactions.get(("alice", "fx"))
    assert (row.state, row.fee) == (TransactionState.COMPLETED, 1)
    assert (row.other_currency, row.other_amount) == ("USD", 123)
    assert decision.events[0].base_amount == 100


def test_at_the_mid_rate_there_is_no_line_of_spread():
    start = euros()
    assert len(start.when(convert(buy=125)).then(accepted()).entries[0].postings) == 4
    assert balance(start.rig.view, "alice", "W.AVL", "USD") == 125
    assert system_balance(start.rig.view, "REV.FX") == 0


def test_never_at_our_own_cost():
    euros().when(convert(buy=126)).then(rejected(EXPIRED, "buy_amount", attempted=True))


def test_the_other_way_round():
    start = given(opened("alice", currencies=BOTH), rates(), topped_up("alice", 500, "USD"))
    back = convert(125, 99, 800_000_000, sold="USD", bought="EUR")
    start.when(back).then(accepted())
    # 99 euros are worth 123.75 dollars.
    assert system_balance(start.rig.view, "FX.POS", "", "USD") == -124
    assert system_balance(start.rig.view, "REV.FX", "", "USD") == -1


@pytest.mark.parametrize(
    ("mid_e9", "good"),
    [
        (EVEN + 12_500_000, True),
        (EVEN + 12_500_001, False),
        (EVEN - 12_500_000, True),
        (EVEN - 12_500_001, False),
    ],
)
def test_the_quotes_mid_rate_is_near_the_tables(mid_e9, good):
    expected = accepted() if good else rejected(EXPIRED, "mid_e9")
    euros().when(convert(mid_e9=mid_e9)).then(expected)


def test_how_near_is_policy():
    start = euros(rig=Rig(policy_=policy(fx_tolerance_bp=0)))
    start.when(convert(mid_e9=EVEN + 1)).then(rejected(EXPIRED, "mid_e9"))
    start.when(convert(command_id="two")).then(accepted())


def test_a_quote_ends():
    start = euros()
    given(waited(HOUR), rig=start.rig)
    start.when(convert()).then(accepted())
    given(waited(1), rig=start.rig)
    start.when(convert(command_id="two")).then(rejected(EXPIRED, "quote_expires_at"))


def test_a_table_ends_too_and_may_not_be_there():
    late = {"until": NOON + 9 * DAY}
    start = euros()
    given(waited(DAY), rig=start.rig)
    start.when(convert(**late)).then(accepted())
    given(waited(1), rig=start.rig)
    start.when(convert(command_id="two", **late)).then(rejected(EXPIRED, "rates"))
    bare = given(opened("alice", currencies=BOTH), topped_up("alice", 500))
    bare.when(convert()).then(rejected(EXPIRED, "rates"))


@pytest.mark.parametrize("missing", BOTH)
def test_a_table_without_the_currency_says_nothing_about_it(missing):
    table = SetRates("half", tuple(each for each in TABLE if each.currency != missing), NOON + DAY)
    start = given(
        opened("alice", currencies=BOTH),
        lambda rig: rig.control(table, "half"),
        topped_up("alice", 500),
    )
    start.when(convert()).then(rejected(EXPIRED, missing))


TABLE = (FxRate("EUR", 10**9), FxRate("USD", 800_000_000))


@pytest.mark.parametrize(
    ("changed", "reason", "detail"),
    [
        ({"bought": "EUR"}, MALFORMED, "to_currency"),
        ({"mid_e9": 0}, MALFORMED, "mid_e9"),
        ({"quote": "q 1"}, MALFORMED, "quote_id"),
        ({"sold": "XXX"}, RejectionReason.UNKNOWN_CURRENCY, "XXX"),
        ({"buy": 0}, RejectionReason.AMOUNT_NOT_POSITIVE, "amount"),
        ({"bought": "JPY"}, RejectionReason.CURRENCY_NOT_HELD, "JPY"),
    ],
)
def test_a_conversion_may_be_refused_before_it_counts(changed, reason, detail):
    euros().when(convert(**changed)).then(rejected(reason, detail, attempted=False))


def test_funds_and_limits_are_those_of_a_payment():
    euros().when(convert(1_001, 1_200)).then(
        rejected(RejectionReason.INSUFFICIENT_FUNDS, "EUR", attempted=True)
    )
    strict = Rig(policy_=policy(limits={"per_tx_out": 99}))
    euros(rig=strict).when(convert()).then(rejected(RejectionReason.LIMIT_PER_TX, attempted=True))


def test_the_amount_sold_is_consumed():
    start = euros(rig=Rig(policy_=policy(limits={"day_out": 150})))
    given(convert(), rig=start.rig)
    start.when(convert(command_id="two")).then(rejected(RejectionReason.LIMIT_WINDOW, "day_out"))


def test_fraud_rules_are_asked():
    rule = Rule("FR01", "out_attempts_10m", (Band(1, None, 0, RiskAction.BLOCK),), 0)
    euros(rig=Rig(ruleset_=ruleset(rule))).when(convert()).then(
        rejected(RejectionReason.RISK_BLOCKED, attempted=True)
    )


def test_who_may_not_pay_may_not_convert():
    start = euros()
    given(set_status("alice", StatusAction.FREEZE_CREDIT), rig=start.rig)
    start.when(convert()).then(accepted())
    given(set_status("alice", StatusAction.FREEZE_DEBIT), rig=start.rig)
    start.when(convert(command_id="two")).then(rejected(RejectionReason.DEBIT_BLOCKED))
    other = euros()
    given(set_tier("alice", Tier.UNVERIFIED), rig=other.rig)
    other.when(convert()).then(rejected(RejectionReason.WALLET_NOT_ACTIVE))


def test_repeated_it_is_told_the_same_and_later_its_id_stays_taken():
    start = euros()
    given(convert(), rig=start.rig)
    start.when(convert()).then(duplicate(4))
    given(waited(36 * DAY), rig=start.rig)
    start.when(convert(sell=101)).then(rejected(RejectionReason.INVALID_TRANSITION, "command_id"))


def test_what_does_not_fit_64_bits_is_refused_and_counts():
    start = given(
        opened("alice", currencies=BOTH),
        rates(),
        topped_up("alice", 500),
        migrate(amount=INT64_MAX, currency="USD"),
    )
    start.when(convert()).then(rejected(RejectionReason.AMOUNT_OVERFLOW, "balance", attempted=True))


def test_a_rate_table_is_in_force_from_the_next_decision_on():
    start = given()
    start.when(rates()).then(accepted(), happened("RatesSet"))
    assert start.rig.view.rates.get("") == RatesRow("noon", TABLE, NOON + DAY)
    again = start.when(rates(1)).then()
    assert again.outcome is Outcome.DUPLICATE
    start.when(rates(810_000_000, control_id="two")).then(accepted())
    assert start.rig.view.rates.get("").rates[1].base_per_minor_e9 == 810_000_000


@pytest.mark.parametrize(
    ("table", "field"),
    [
        (SetRates("a b", TABLE, NOON), "rate_id"),
        (SetRates("t", (), NOON), "rates"),
        (SetRates("t", (*TABLE, TABLE[0]), NOON), "rates"),
        (SetRates("t", (FxRate("XXX", 1),), NOON), "rates[0].currency"),
        (SetRates("t", (TABLE[0], FxRate("USD", 0)), NOON), "rates[1].base_per_minor_e9"),
        (SetRates("t", (FxRate("EUR", 2),), NOON), "rates[0].base_per_minor_e9"),
    ],
)
def test_a_table_that_nobody_could_convert_by_is_refused(table, field):
    given().when(lambda rig: rig.control(table)).then(rejected(MALFORMED, field))
