"""ACTIVATE on the control topic changes bands, weights, fees and ceilings: numbers, not code.

Reviews are opened this way too, since the genesis weights ask for one only after many payments.
"""

import pytest

from ingress.sdk import (
    Authority,
    ChangeWalletStatus,
    Outcome,
    RejectionReason,
    ResolveReview,
    ReviewVerdict,
    StatusAction,
    TopUp,
    Transfer,
)
from schemas.documents import message_from_json, message_to_json
from schemas.messages.control import ActivatePolicy, ActivateRuleset
from schemas.messages.policy import Policy, Ruleset
from schemas.messages.vocabulary import FeeFlow, RiskAction
from streams.wallet.genesis import genesis_policy, genesis_ruleset, ruleset_hash
from tests.support.customers import fee_of

FEE = fee_of(FeeFlow.TRANSFER, 10_00)


def policy_with(version, change):
    document = message_to_json(genesis_policy())
    document["version"] = version
    change(document)
    return message_from_json(Policy, document)


def ruleset_with(version, change):
    document = message_to_json(genesis_ruleset())
    document["version"] = version
    change(document)
    return message_from_json(Ruleset, document)


def first_payment(weight, action=RiskAction.ALLOW):
    """A ruleset in which a first payment to somebody weighs this much."""

    def change(document):
        for rule in document["rules"]:
            if rule["feature"] == "first_payment":
                rule["bands"][0].update(weight=weight, action=action.name)

    return ruleset_with(f"first-{weight}-{action.name}", change)


@pytest.fixture
def activate(ledger):
    """Put something into force; the genesis documents come back afterwards."""
    yield ledger.activate
    ledger.activate(ActivatePolicy(genesis_policy()), ActivateRuleset(genesis_ruleset()))


@pytest.fixture
def payer(ledger):
    return ledger.open(partition=3, fund=100_00)


@pytest.fixture(params=[3, 5], ids=["same partition", "other partition"])
def friend(request, ledger):
    return ledger.open(partition=request.param)


def decision_of(ledger, result):
    ledger.catch_up()
    return ledger.witness.decisions[result.partition][result.sequence - 1]


def test_a_weight_decides_between_payment_step_up_and_block(ledger, activate, payer, friend):
    for weight, reason in ((300, "STEP_UP_REQUIRED"), (700, "RISK_BLOCKED"), (0, None)):
        ruleset = first_payment(weight)
        activate(ActivateRuleset(ruleset))
        result = ledger.ask(payer, Transfer(friend, "EUR", 10_00))
        assert (result.reason, weight) == (reason, weight)
        decision = decision_of(ledger, ledger.ask(payer, Transfer(payer, "EUR", 1)))
        assert decision.ruleset_hash == ruleset_hash(ruleset)
    assert ledger.balances(friend) == {"W.AVL": 10_00}


def test_a_refusal_tells_the_analyst_which_rule_fired_on_what(ledger, activate, payer, friend):
    activate(ActivateRuleset(first_payment(1, RiskAction.BLOCK)))
    result = ledger.ask(payer, Transfer(friend, "EUR", 10_00))
    assert (result.outcome, result.reason) == (Outcome.REJECTED, RejectionReason.RISK_BLOCKED)
    risk = decision_of(ledger, result).risk
    assert (risk.action, risk.score) == (RiskAction.BLOCK, 1)
    (fired,) = risk.fired
    assert (fired.rule_id, fired.feature, fired.value, fired.weight, fired.action) == (
        "FR05",
        "first_payment",
        1,
        1,
        RiskAction.BLOCK,
    )
    assert "amount_over_p95" in risk.missing


def test_a_band_that_moved_counts_from_its_new_edge(ledger, activate, payer, friend):
    def change(document):
        for rule in document["rules"]:
            if rule["feature"] == "out_attempts_10m":
                rule["bands"] = [{"low": 2, "high": None, "weight": 700, "action": "ALLOW"}]

    activate(ActivateRuleset(ruleset_with("two-in-ten", change)))
    outcomes = [ledger.ask(payer, Transfer(friend, "EUR", 1)).outcome for _ in range(3)]
    assert outcomes == [Outcome.ACCEPTED, Outcome.REJECTED, Outcome.REJECTED]


def test_a_policy_changes_fees_and_ceilings(ledger, activate, payer, friend):
    def change(document):
        for fee in document["fees"]:
            fee.update(basis_points=0, minimum_minor=7)
        for tier in document["tiers"]:
            tier.update(per_tx_out=20_00, balance_cap=150_00)

    activate(ActivatePolicy(policy_with("seven-flat", change)))
    assert ledger.ask(payer, Transfer(friend, "EUR", 20_00)).outcome is Outcome.ACCEPTED
    assert ledger.balances(payer) == {"W.AVL": 80_00 - 7}
    over = ledger.ask(payer, Transfer(friend, "EUR", 20_01))
    assert (over.outcome, over.reason) == (Outcome.REJECTED, RejectionReason.LIMIT_PER_TX)
    full = ledger.ask(friend, TopUp("EUR", 140_00, "card", f"full-{friend}"))
    assert (full.outcome, full.reason) == (Outcome.REJECTED, RejectionReason.LIMIT_BALANCE_CAP)
    assert decision_of(ledger, full).policy_version == "seven-flat"


# --- reviews


def held(ledger, activate, payer, friend):
    """Open a review of 10.00; give the transfer back as sent."""
    activate(ActivateRuleset(first_payment(500)))
    sent = ledger.send(payer, Transfer(friend, "EUR", 10_00))
    pending = ledger.pending(sent)
    assert pending.outcome is Outcome.ACCEPTED
    assert ledger.balances(payer) == {"W.AVL": 90_00 - FEE, "W.POUT": 10_00 + FEE}
    return sent


def verdict(ledger, sent, given):
    return ledger.ask(sent.wallet_id, ResolveReview(sent.command_id, given, "reviewer-1"))


def test_an_approved_review_pays(ledger, activate, payer, friend):
    sent = held(ledger, activate, payer, friend)
    assert verdict(ledger, sent, ReviewVerdict.APPROVE).outcome is Outcome.ACCEPTED
    assert ledger.final(sent).outcome is Outcome.ACCEPTED
    assert ledger.balances(payer) == {"W.AVL": 90_00 - FEE}
    assert ledger.balances(friend) == {"W.AVL": 10_00}
    late = verdict(ledger, sent, ReviewVerdict.REJECT)
    assert (late.outcome, late.reason) == (Outcome.REJECTED, RejectionReason.INVALID_TRANSITION)


def test_a_rejected_review_gives_back_money_and_fee(ledger, activate, payer, friend):
    sent = held(ledger, activate, payer, friend)
    assert verdict(ledger, sent, ReviewVerdict.REJECT).outcome is Outcome.ACCEPTED
    final = ledger.final(sent)
    assert (final.outcome, final.reason) == (Outcome.REJECTED, RejectionReason.RISK_REVIEW)
    assert ledger.balances(payer) == {"W.AVL": 100_00}
    assert ledger.balances(friend) == {}


def test_a_review_nobody_decides_is_rejected_by_its_timer(ledger, activate, payer, friend):
    activate(ActivatePolicy(policy_with("brief", lambda policy: policy.update(review_ttl_s=1))))
    sent = held(ledger, activate, payer, friend)
    final = ledger.final(sent)
    assert (final.outcome, final.reason) == (Outcome.REJECTED, RejectionReason.RISK_REVIEW)
    assert ledger.balances(payer) == {"W.AVL": 100_00}


def test_an_approval_is_refused_while_the_payer_is_frozen(ledger, activate, payer, friend):
    sent = held(ledger, activate, payer, friend)
    freeze = ChangeWalletStatus(StatusAction.FREEZE_DEBIT, Authority.COURT)
    assert ledger.ask(payer, freeze).outcome is Outcome.ACCEPTED
    refused = verdict(ledger, sent, ReviewVerdict.APPROVE)
    assert (refused.outcome, refused.reason) == (Outcome.REJECTED, RejectionReason.DEBIT_BLOCKED)
    assert verdict(ledger, sent, ReviewVerdict.REJECT).outcome is Outcome.ACCEPTED
    assert ledger.balances(payer) == {"W.AVL": 100_00}


def test_the_same_control_record_twice_is_taken_once(ledger, activate):
    before = dict(ledger.witness.sequences)
    activate(ActivateRuleset(genesis_ruleset()))
    decisions = [ledger.witness.decisions[n][before[n] :] for n in range(8)]
    assert [len(each) for each in decisions] == [1] * 8
    (decision,) = decisions[0]
    offset = ledger.put(decision.input, key=b"0", partition=0, topic="ledger.control.v1")
    again = ledger.decision_on(0, offset, decision.source.topic)
    assert again.outcome is Outcome.DUPLICATE
    assert again.duplicate_of == decision.sequence
    assert not again.events
