"""Savings pots: in and out, inside the wallet, without limits."""

import pytest

from schemas.messages.commands import MoveFromPot, MoveToPot
from schemas.messages.vocabulary import RejectionReason, StatusAction, Tier
from tests.support.builders import Rig, policy
from tests.support.given import (
    accepted,
    command,
    duplicate,
    given,
    happened,
    has,
    opened,
    pay,
    rejected,
    set_status,
    set_tier,
    topped_up,
)
from tests.support.looking import balance

NOTHING_OUT = policy(limits={"per_tx_out": 0, "day_out": 0, "count_out_hour": 0})


def put(amount, pot=1, currency="EUR", command_id=None):
    return command("alice", MoveToPot(pot, currency, amount), command_id)


def take(amount, pot=1, currency="EUR"):
    return command("alice", MoveFromPot(pot, currency, amount))


def start(*steps, rig=None):
    return given(opened("alice", "bob"), topped_up("alice", 100), *steps, rig=rig)


def pot_has(amount, pot=1):
    def check(then):
        assert balance(then.rig.view, "alice", f"W.POT.{pot}") == amount

    return check


@pytest.mark.parametrize("pot", [1, 8])
def test_in_and_out_without_any_limit(pot):
    example = start(rig=Rig(policy_=NOTHING_OUT))
    decision = example.when(put(60, pot)).then(
        accepted(), happened("EntryPosted"), has("alice", 40), pot_has(60, pot)
    )
    assert [each.flow for each in decision.entries] == ["F23.1"]
    decision = example.when(take(10, pot)).then(
        accepted(), happened("EntryPosted"), has("alice", 50), pot_has(50, pot)
    )
    assert [each.flow for each in decision.entries] == ["F23.2"]


def test_money_in_a_pot_cannot_be_spent():
    start(put(60)).when(pay("alice", "bob", 41)).then(rejected(RejectionReason.INSUFFICIENT_FUNDS))


@pytest.mark.parametrize("move", [put, take])
@pytest.mark.parametrize(
    ("arguments", "reason", "detail"),
    [
        ((5, 0), RejectionReason.MALFORMED_FIELD, "pot"),
        ((5, 9), RejectionReason.MALFORMED_FIELD, "pot"),
        ((5, 1, "XXX"), RejectionReason.UNKNOWN_CURRENCY, "XXX"),
        ((0, 1), RejectionReason.AMOUNT_NOT_POSITIVE, "amount"),
        ((5, 1, "USD"), RejectionReason.CURRENCY_NOT_HELD, "USD"),
        ((101, 1), RejectionReason.INSUFFICIENT_FUNDS, "EUR"),
    ],
)
def test_refused(move, arguments, reason, detail):
    start().when(move(*arguments)).then(
        rejected(reason, detail, attempted=False), has("alice", 100), pot_has(0)
    )


def test_pots_are_separate():
    start(put(60, 1), put(30, 2)).when(take(31, 2)).then(
        rejected(RejectionReason.INSUFFICIENT_FUNDS, "EUR"), pot_has(60, 1), pot_has(30, 2)
    )


def test_only_a_freeze_of_debits_or_the_end_stops_it():
    blocked = set_status("alice", StatusAction.FREEZE_DEBIT)
    start(put(60), blocked).when(take(5)).then(rejected(RejectionReason.DEBIT_BLOCKED))
    other = set_status("alice", StatusAction.FREEZE_CREDIT)
    start(other, set_tier("alice", Tier.UNVERIFIED)).when(put(5)).then(accepted())
    away = pay("alice", "bob", 100)
    closed = set_status("alice", StatusAction.CLOSE)
    start(away, closed).when(put(5)).then(rejected(RejectionReason.WALLET_NOT_ACTIVE, "CLOSED"))


def test_a_wallet_with_a_pot_is_not_closed():
    start(put(100)).when(set_status("alice", StatusAction.CLOSE)).then(
        rejected(RejectionReason.INVALID_TRANSITION, "balance")
    )


def test_a_repeat_is_answered_as_before():
    start(put(5, command_id="put")).when(put(5, command_id="put")).then(duplicate(of=4))
