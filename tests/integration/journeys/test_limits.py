"""Limits by tier: the ceiling itself passes, one more is refused, the refusal names the window."""

import pytest

from ingress.sdk import (
    Outcome,
    PlaceHold,
    RejectionReason,
    Tier,
    TopUp,
    Transfer,
    VoidHold,
)
from schemas.documents import message_from_json, message_to_json
from schemas.messages.control import ActivatePolicy, ActivateRuleset
from schemas.messages.policy import Policy, Ruleset
from streams.wallet.genesis import genesis_policy, genesis_ruleset


@pytest.fixture(scope="module", autouse=True)
def calm(ledger):
    """Without fraud rules, so that only limits refuse; fees are left out to keep sums round."""
    ruleset = message_to_json(genesis_ruleset()) | {"version": "none", "rules": []}
    policy = message_to_json(genesis_policy()) | {"version": "free", "fees": []}
    ledger.activate(
        ActivateRuleset(message_from_json(Ruleset, ruleset)),
        ActivatePolicy(message_from_json(Policy, policy)),
    )
    yield
    ledger.activate(ActivatePolicy(genesis_policy()), ActivateRuleset(genesis_ruleset()))


@pytest.fixture
def friend(ledger):
    return ledger.open(partition=2)


def payer_with(ledger, amount, tier):
    """A wallet of this tier; the money comes from wallets whose own limits are wider."""
    wallet_id = ledger.open(partition=2, tier=tier)
    source = ledger.open(partition=2, fund=amount)
    part = 500_00 if tier is Tier.BASIC else 5_000_00
    while amount:
        paid = min(amount, part)
        assert ledger.ask(source, Transfer(wallet_id, "EUR", paid)).outcome is Outcome.ACCEPTED
        amount -= paid
    return wallet_id


def pay(ledger, payer, friend, amount):
    result = ledger.ask(payer, Transfer(friend, "EUR", amount))
    return result.reason, result.detail


def test_a_single_amount(ledger, friend):
    payer = payer_with(ledger, 1_000_00, Tier.BASIC)
    assert pay(ledger, payer, friend, 500_01)[0] is RejectionReason.LIMIT_PER_TX
    assert pay(ledger, payer, friend, 500_00) == (None, "")


def test_a_calendar_day(ledger, friend):
    payer = payer_with(ledger, 10_000_00, Tier.ENHANCED)
    for _ in range(2):
        assert pay(ledger, payer, friend, 4_999_99) == (None, "")
    reason, window = pay(ledger, payer, friend, 3)
    assert reason is RejectionReason.LIMIT_WINDOW
    assert window.startswith("day_out until ")
    assert pay(ledger, payer, friend, 2) == (None, "")


def test_a_count_in_an_hour_and_a_void_gives_back(ledger, friend):
    payer = payer_with(ledger, 500_00, Tier.BASIC)
    holds = [ledger.send(payer, PlaceHold(friend, "EUR", 1_00)) for _ in range(10)]
    assert {ledger.final(hold).outcome for hold in holds} == {Outcome.ACCEPTED}
    assert pay(ledger, payer, friend, 1)[0] is RejectionReason.LIMIT_COUNT
    assert ledger.ask(payer, VoidHold(holds[0].command_id)).outcome is Outcome.ACCEPTED
    assert pay(ledger, payer, friend, 1) == (None, "")
    assert pay(ledger, payer, friend, 1)[0] is RejectionReason.LIMIT_COUNT


def test_other_currencies_count_in_the_base_currency(ledger):
    wallet_id = ledger.open(tier=Tier.BASIC, currencies=("USD", "JPY"))
    for currency, amount in (("USD", 543_00), ("JPY", 81_000)):
        result = ledger.ask(wallet_id, TopUp(currency, amount, "card", f"{currency}-{wallet_id}"))
        assert (currency, result.reason) == (currency, None)
    over = ledger.ask(wallet_id, TopUp("USD", 544_00, "card", f"over-{wallet_id}"))
    assert over.reason is RejectionReason.LIMIT_PER_TX
