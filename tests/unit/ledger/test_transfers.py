"""Transfers on one partition, and the order in which everything can refuse them."""

import pytest

from ledger.chart import INT64_MIN
from schemas.messages.commands import Transfer
from schemas.messages.control import ActivatePolicy
from schemas.messages.policy import Band, Rule
from schemas.messages.rows import AccountRow
from schemas.messages.vocabulary import (
    Purpose,
    RejectionReason,
    RiskAction,
    StatusAction,
)
from tests.support.builders import DAY, HOUR, MINUTE, Rig, fees, policy, ruleset
from tests.support.given import (
    accepted,
    command,
    given,
    happened,
    has,
    opened,
    pay,
    place_hold,
    rejected,
    set_status,
    topped_up,
    waited,
)
from tests.support.looking import system_balance

BLOCK_ALL = ruleset(Rule("FR05", "first_payment", (Band(0, None, 0, RiskAction.BLOCK),), 0))


def test_a_transfer_is_one_entry_with_its_fee():
    rig = Rig(policy_=policy(fees=fees(100)))
    start = given(opened("alice", "bob"), topped_up("alice", 10_000), rig=rig)
    decision = start.when(pay("alice", "bob", 5_000)).then(
        accepted(),
        happened("OutflowConsumed", "InflowConsumed", "TransferCompleted"),
        has("alice", 9_900 - 5_050),
        has("bob", 5_000),
    )
    assert system_balance(start.rig.view, "REV.P2P") == -50
    assert [entry.flow for entry in decision.entries] == ["F4.1"]
    assert decision.events[2].purpose is Purpose.TRANSFER
    assert decision.risk.action is RiskAction.ALLOW


def test_every_touched_wallet_counts_the_decision_once():
    start = given(opened("alice", "bob"), topped_up("alice", 100))
    decision = start.when(pay("alice", "bob", 40)).then()
    sequences = {each.owner: each.owner_sequence for each in decision.balances}
    assert sequences == {"alice": 3, "bob": 2}


@pytest.mark.parametrize(
    ("amount", "verdict"),
    [
        (94, accepted()),
        (95, accepted()),
        (96, rejected(RejectionReason.INSUFFICIENT_FUNDS, "EUR", attempted=True)),
    ],
)
def test_funds_cover_amount_and_fee(amount, verdict):
    """96 and its least fee of 5 are 101."""
    start = given(
        opened("alice", "bob"),
        topped_up("alice", 105),
        rig=Rig(policy_=policy(fees=fees(0, 5))),
    )
    start.when(pay("alice", "bob", amount)).then(verdict)


@pytest.mark.parametrize(
    ("steps", "detail"),
    [
        ([opened("alice")], "UNKNOWN_WALLET"),
        (
            [opened("alice", "bob"), set_status("bob", StatusAction.FREEZE_CREDIT)],
            "CREDIT_BLOCKED",
        ),
        ([opened("alice", "bob"), set_status("bob", StatusAction.CLOSE)], "WALLET_NOT_ACTIVE"),
        ([opened("alice"), opened("bob", currencies=("USD",))], "CURRENCY_NOT_HELD"),
    ],
)
def test_a_recipient_that_refuses(steps, detail):
    refused = rejected(RejectionReason.RECIPIENT_REFUSED, detail, attempted=True)
    given(*steps, topped_up("alice", 10)).when(pay("alice", "bob", 1)).then(refused)


# Each world refuses for its own reason and for all reasons below it.
PIPELINE = [
    (RejectionReason.MALFORMED_FIELD, {"amount": 0, "to": ""}),
    (RejectionReason.UNKNOWN_CURRENCY, {"amount": 0, "currency": "XXX"}),
    (RejectionReason.AMOUNT_NOT_POSITIVE, {"amount": 0, "to": "alice"}),
    (RejectionReason.SELF_TRANSFER, {"to": "alice", "late": True}),
    (RejectionReason.STALE_COMMAND, {"late": True}),
    (RejectionReason.DEBIT_BLOCKED, {"blocked": True}),
    (RejectionReason.CURRENCY_NOT_HELD, {"currency": "USD"}),
    (RejectionReason.LIMIT_PER_TX, {"amount": 501}),
    (RejectionReason.LIMIT_WINDOW, {"amount": 500}),
    (RejectionReason.LIMIT_COUNT, {"amount": 400}),
    (RejectionReason.INSUFFICIENT_FUNDS, {"amount": 400, "pause": 61 * MINUTE}),
    (RejectionReason.RECIPIENT_REFUSED, {"amount": 5, "pause": 61 * MINUTE}),
    (RejectionReason.RISK_BLOCKED, {"amount": 5, "pause": 61 * MINUTE, "to": "carl"}),
]


@pytest.mark.parametrize(("reason", "asked"), PIPELINE)
def test_the_first_refusal_of_the_pipeline_wins(reason, asked):
    limits = {"per_tx_out": 500, "day_out": 499, "count_out_hour": 1}
    rig = Rig(policy_=policy(limits=limits))
    given(opened("alice", "carl"), topped_up("alice", 100), pay("alice", "carl", 10), rig=rig)
    rig.genesis = (rig.genesis[0], BLOCK_ALL)
    if asked.get("blocked"):
        set_status("alice", StatusAction.FREEZE_DEBIT)(rig)
    rig.wait(asked.get("pause", 0))
    to, amount = asked.get("to", "nobody"), asked.get("amount", 501)
    body = Transfer(to, asked.get("currency", "EUR"), amount)
    issued_at = rig.at - (40 * DAY if asked.get("late") else 0)
    assert rig.command("alice", body, issued_at=issued_at).reason is reason


@pytest.mark.parametrize(
    ("pause", "verdict"),
    [
        (DAY - 1, rejected(RejectionReason.BOUND_EXCEEDED, "max_outflow_entries", attempted=False)),
        (DAY, accepted()),
    ],
)
def test_the_log_of_attempts_has_a_bound(pause, verdict):
    start = given(
        opened("alice", "bob"),
        topped_up("alice", 100),
        *[pay("alice", "bob", 1)] * 3,
        waited(pause),
        rig=Rig(policy_=policy(max_outflow_entries=3)),
    )
    start.when(pay("alice", "bob", 1)).then(verdict)


def test_a_bound_that_was_lowered_counts_what_is_inside_24_hours():
    """Four attempts lie in the log, two of them inside: with a bound of two it is full."""
    rig = Rig(policy_=policy(max_outflow_entries=5))
    rig.open("alice")
    for hours in (0, 3, 3, 3):
        rig.wait(hours * HOUR).command("alice", Transfer("bob", "EUR", 1))
    rig.control(ActivatePolicy(policy(max_outflow_entries=2)))
    rig.wait(DAY - 5 * HOUR)
    assert rig.command("alice", Transfer("bob", "EUR", 1)).reason is RejectionReason.BOUND_EXCEEDED
    rig.wait(3 * HOUR)
    refused = rig.command("alice", Transfer("bob", "EUR", 1))
    assert refused.reason is RejectionReason.INSUFFICIENT_FUNDS


def test_a_full_log_refuses_holds_too():
    start = given(
        opened("alice", "bob"),
        topped_up("alice", 100),
        pay("alice", "bob", 1),
        rig=Rig(policy_=policy(max_outflow_entries=1)),
    )
    refused = rejected(RejectionReason.BOUND_EXCEEDED, "max_outflow_entries", attempted=False)
    start.when(place_hold("alice", "bob", 1)).then(refused)


def test_remembered_payees_have_a_bound():
    start = given(
        opened("alice", "bob", "carl"),
        topped_up("alice", 100),
        pay("alice", "bob", 1),
        rig=Rig(policy_=policy(max_payees=1)),
    )
    refused = rejected(RejectionReason.BOUND_EXCEEDED, "max_payees", attempted=True)
    start.when(pay("alice", "carl", 1)).then(refused)
    start.when(pay("alice", "bob", 1)).then(accepted())


@pytest.mark.parametrize(
    ("score", "reason"),
    [
        (299, None),
        (300, RejectionReason.STEP_UP_REQUIRED),
        (499, RejectionReason.STEP_UP_REQUIRED),
        (700, RejectionReason.RISK_BLOCKED),
    ],
)
def test_the_score_against_its_thresholds(score, reason):
    rules = ruleset(Rule("FR05", "first_payment", (Band(1, None, score, RiskAction.ALLOW),), 0))
    start = given(opened("alice", "bob"), topped_up("alice", 10), rig=Rig(ruleset_=rules))
    decision = start.when(pay("alice", "bob", 1)).then()
    assert decision.reason is reason
    assert decision.risk.score == score


def test_the_strongest_action_wins():
    rules = ruleset(
        Rule("FR05", "first_payment", (Band(1, None, 300, RiskAction.BLOCK),), 0),
        Rule("FR04", "new_payees_24h", (Band(1, None, 0, RiskAction.STEP_UP),), 0),
    )
    start = given(opened("alice", "bob"), topped_up("alice", 10), rig=Rig(ruleset_=rules))
    decision = start.when(pay("alice", "bob", 1)).then(rejected(RejectionReason.RISK_BLOCKED, ""))
    assert [(each.rule_id, each.action) for each in decision.risk.fired] == [
        ("FR05", RiskAction.BLOCK),
        ("FR04", RiskAction.STEP_UP),
    ]


def test_a_transfer_to_oneself_never_reaches_the_rules():
    start = given(opened("alice"), topped_up("alice", 10))
    decision = start.when(command("alice", Transfer("alice", "EUR", 1))).then()
    assert decision.risk is None


@pytest.mark.parametrize(
    ("payee", "account"),
    [("bob-1", ("IB", "1")), ("bob-1", ("REV.P2P", "")), ("bob", ("REV.P2P", ""))],
)
def test_a_system_account_without_room_refuses_before_anything_moves(payee, account):
    rig = Rig(policy_=policy(fees=fees(0, 5)))
    start = given(opened("alice", "bob"), topped_up("alice", 100), rig=rig)
    rig.view.accounts.put((*account, "EUR"), AccountRow(INT64_MIN + 4))
    decision = pay("alice", payee, 10)(start.rig)
    assert (decision.reason, decision.detail) == (RejectionReason.AMOUNT_OVERFLOW, account[0])
    assert [type(event).__name__ for event in decision.events] == ["AttemptCounted"]
