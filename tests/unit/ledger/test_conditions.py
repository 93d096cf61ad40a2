"""Conditions: a command is decided only if what its sender wants to be true is true."""

import pytest

from schemas.messages.commands import (
    AvailableAtLeast,
    CaptureHold,
    ChangeTier,
    OpenWallet,
    TopUp,
    Transfer,
    WalletSequenceIs,
)
from schemas.messages.vocabulary import RejectionReason, StatusAction, Tier, WalletKind
from tests.support.builders import Rig, policy
from tests.support.given import (
    accepted,
    capture,
    command,
    duplicate,
    given,
    happened,
    has,
    opened,
    place_hold,
    rejected,
    set_status,
    topped_up,
)

FAILED = RejectionReason.CONDITION_FAILED
PAID = Transfer("bob", "EUR", 4)


def funded(rig=None):
    """Alice has 10 EUR and stands at sequence 2."""
    return given(opened("alice", "bob"), topped_up("alice", 10), rig=rig)


def only_if(*conditions, body=PAID, command_id="one"):
    return command("alice", body, command_id, conditions=conditions)


@pytest.mark.parametrize(
    "conditions",
    [
        (AvailableAtLeast("EUR", 0),),
        (AvailableAtLeast("EUR", 10),),
        (AvailableAtLeast("USD", 0),),
        (WalletSequenceIs(2),),
        (WalletSequenceIs(2), AvailableAtLeast("EUR", 9)),
        tuple(AvailableAtLeast("EUR", each) for each in range(8)),
    ],
)
def test_a_command_whose_conditions_hold_is_decided_as_any_other(conditions):
    funded().when(only_if(*conditions)).then(accepted(), has("alice", 6), has("bob", 4))


@pytest.mark.parametrize(
    ("conditions", "detail"),
    [
        (
            (AvailableAtLeast("EUR", 11),),
            "conditions[0]: available EUR is 10, not 11 or more",
        ),
        ((AvailableAtLeast("USD", 1),), "conditions[0]: available USD is 0, not 1 or more"),
        ((WalletSequenceIs(1),), "conditions[0]: sequence is 2, not 1"),
        ((WalletSequenceIs(2), WalletSequenceIs(3)), "conditions[1]: sequence is 2, not 3"),
        ((WalletSequenceIs(9), AvailableAtLeast("EUR", 99)), "conditions[0]: sequence is 2, not 9"),
    ],
)
def test_the_first_condition_that_does_not_hold_is_named_with_what_was_found(conditions, detail):
    refused = rejected(FAILED, detail, attempted=True)
    funded().when(only_if(*conditions)).then(refused, has("alice", 10), has("bob", 0))


def test_money_that_is_reserved_is_not_available():
    start = given(opened("alice", "bob"), topped_up("alice", 10), place_hold("alice", "bob", 7))
    detail = "conditions[0]: available EUR is 3, not 4 or more"
    start.when(only_if(AvailableAtLeast("EUR", 4))).then(rejected(FAILED, detail))


@pytest.mark.parametrize(
    ("conditions", "reason", "detail"),
    [
        ((WalletSequenceIs(0),) * 9, RejectionReason.MALFORMED_FIELD, "conditions"),
        (
            (WalletSequenceIs(0), WalletSequenceIs(-1)),
            RejectionReason.MALFORMED_FIELD,
            "conditions[1].sequence",
        ),
        (
            (AvailableAtLeast("EUR", -1),),
            RejectionReason.MALFORMED_FIELD,
            "conditions[0].amount",
        ),
        ((AvailableAtLeast("XXX", 1),), RejectionReason.UNKNOWN_CURRENCY, "XXX"),
    ],
)
def test_a_malformed_condition_is_refused_before_it_is_asked(conditions, reason, detail):
    funded().when(only_if(*conditions)).then(rejected(reason, detail, attempted=False))


WRONG = WalletSequenceIs(99)


@pytest.mark.parametrize(
    ("step", "reason"),
    [
        (only_if(WRONG, body=Transfer("bob", "EUR", 0)), RejectionReason.AMOUNT_NOT_POSITIVE),
        (
            command("alice", PAID, issued_at=1, conditions=(WRONG,)),
            RejectionReason.STALE_COMMAND,
        ),
        (command("carl", PAID, conditions=(WRONG,)), RejectionReason.UNKNOWN_WALLET),
        (
            only_if(WRONG, body=TopUp("EUR", 5, "pix", "r")),
            RejectionReason.UNKNOWN_ACCOUNT,
        ),
        (only_if(WRONG, body=Transfer("bob", "USD", 1)), RejectionReason.CURRENCY_NOT_HELD),
    ],
)
def test_shape_state_and_status_are_said_first(step, reason):
    funded().when(step).then(rejected(reason, attempted=False))


def test_a_frozen_wallet_says_so_first():
    start = funded()
    start.when(set_status("alice", StatusAction.FREEZE_DEBIT)).then(accepted())
    start.when(only_if(WRONG)).then(rejected(RejectionReason.DEBIT_BLOCKED, attempted=False))


def test_limits_and_funds_are_said_later():
    start = funded(Rig(policy_=policy(limits={"per_tx_out": 5})))
    for amount in (6, 1_000):
        step = only_if(WRONG, body=Transfer("bob", "EUR", amount), command_id=f"c{amount}")
        start.when(step).then(rejected(FAILED, attempted=True))


def test_a_full_log_of_attempts_cannot_take_one_more():
    start = funded(Rig(policy_=policy(max_outflow_entries=1)))
    start.when(only_if(WRONG)).then(rejected(FAILED, attempted=True))
    refused = rejected(RejectionReason.BOUND_EXCEEDED, "max_outflow_entries", attempted=False)
    start.when(only_if(WRONG, command_id="two")).then(refused)


@pytest.mark.parametrize("body", [TopUp("EUR", 5, "card", "r"), ChangeTier(Tier.PREMIUM)])
def test_what_is_no_attempt_to_pay_leaves_nothing_behind(body):
    start = funded()
    detail = "conditions[0]: sequence is 2, not 99"
    start.when(only_if(WRONG, body=body)).then(rejected(FAILED, detail), happened())


def test_a_capture_is_no_attempt():
    start = given(opened("alice", "bob"), topped_up("alice", 10), place_hold("alice", "bob", 7))
    body = CaptureHold("hold", 7, keep_open=False)
    start.when(only_if(WRONG, body=body)).then(rejected(FAILED), happened())
    start.when(capture("alice", 7)).then(accepted())


def test_a_refused_attempt_counts_for_velocity():
    rig = Rig(policy_=policy(limits={"count_out_hour": 1}))
    start = funded(rig)
    start.when(only_if(WRONG)).then(rejected(FAILED, attempted=True))
    row = rig.view.outflows.get("alice")
    assert (row.day_24h.attempts, row.day_24h.count) == (1, 0)


def test_a_wallet_that_is_to_be_opened_has_the_sequence_0_and_nothing_available():
    opening = OpenWallet(WalletKind.CUSTOMER, Tier.BASIC, ("EUR",))
    start = given()
    for number, (wanted, detail) in enumerate(
        (
            (WalletSequenceIs(1), "conditions[0]: sequence is 0, not 1"),
            (AvailableAtLeast("EUR", 1), "conditions[0]: available EUR is 0, not 1 or more"),
        )
    ):
        step = command("alice", opening, f"c{number}", conditions=(wanted,))
        start.when(step).then(rejected(FAILED, detail), happened())
    first = (WalletSequenceIs(0), AvailableAtLeast("EUR", 0))
    start.when(command("alice", opening, conditions=first)).then(accepted())


def test_the_same_id_with_other_conditions_is_other_content():
    start = funded()
    holds = WalletSequenceIs(2)
    start.when(only_if(holds)).then(accepted())
    start.when(only_if(holds)).then(duplicate(of=4))
    mismatch = rejected(RejectionReason.IDEMPOTENCY_MISMATCH, "conditions")
    for other in ((WalletSequenceIs(3),), (AvailableAtLeast("EUR", 2),), ()):
        start.when(only_if(*other)).then(mismatch, happened())
    body = rejected(RejectionReason.IDEMPOTENCY_MISMATCH, "amount")
    start.when(only_if(body=Transfer("bob", "EUR", 5))).then(body)


def test_conditions_added_to_a_known_id_are_other_content():
    start = funded()
    start.when(only_if()).then(accepted())
    mismatch = rejected(RejectionReason.IDEMPOTENCY_MISMATCH, "conditions")
    start.when(only_if(WalletSequenceIs(2))).then(mismatch)


def test_a_declined_id_stays_declined():
    start = funded()
    start.when(only_if(AvailableAtLeast("EUR", 11))).then(rejected(FAILED))
    start.when(topped_up("alice", 90)).then(accepted())
    again = start.when(only_if(AvailableAtLeast("EUR", 11))).then(duplicate(of=4))
    assert again.reason is FAILED
