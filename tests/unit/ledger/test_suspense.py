"""Receipts without an owner: allocated here and elsewhere, refused, and back again."""

import pytest

from schemas.messages.commands import AllocateSuspense
from schemas.messages.legs import Leg
from schemas.messages.vocabulary import (
    LegKind,
    Outcome,
    Purpose,
    RejectionReason,
    Stage,
    StatusAction,
    TransactionState,
    TreasuryFlow,
)
from tests.support.builders import DAY, INT64_MAX, Rig, policy
from tests.support.given import (
    accepted,
    command,
    duplicate,
    given,
    happened,
    opened,
    rejected,
    set_status,
)
from tests.support.looking import balance, system_balance
from tests.unit.ledger.rigs import carried
from tests.unit.ledger.test_treasury import book, treasury


def receipt(amount=100, ext_ref="x1", command_id="r", currency="EUR", wallet_id="bank"):
    return book(
        TreasuryFlow.F19_1,
        amount,
        ext_ref,
        rail=None,
        command_id=command_id,
        currency=currency,
        wallet_id=wallet_id,
    )


def allocate(to, amount, ext_ref="x1", command_id="a", currency="EUR", wallet_id="bank"):
    return command(wallet_id, AllocateSuspense(ext_ref, to, currency, amount), command_id)


def state(rig, transaction_id):
    row = rig.view.transactions.get(("bank", transaction_id))
    return row.state, row.done


PENDING, COMPLETED = TransactionState.PENDING, TransactionState.COMPLETED
PROCESSING, FAILED = TransactionState.PROCESSING, TransactionState.FAILED


def test_to_a_wallet_of_this_partition_at_once():
    start = given(treasury(), receipt(), opened("alice"))
    then = start.when(allocate("alice", 40))
    names = ["TransactionMoved", "TransactionMoved", "EntryPosted", "InflowConsumed", "EntryPosted"]
    decision = then.then(accepted(), happened(*names))
    assert [each.flow for each in decision.entries] == ["F19.2", "F19.3"]
    assert balance(start.rig.view, "alice") == 40
    assert state(start.rig, "a") == (COMPLETED, 0)
    assert state(start.rig, "r") == (PENDING, 40)
    start.when(allocate("alice", 60, command_id="b")).then(accepted())
    assert state(start.rig, "r") == (COMPLETED, 100)
    assert system_balance(start.rig.view, "SUSP", "in") == 0


def test_to_another_partition_and_delivered():
    here, there = Rig(0), Rig(1)
    there.open("bob-1")
    given(treasury(), receipt(), rig=here).when(allocate("bob-1", 100)).then(
        accepted(Stage.PENDING)
    )
    assert state(here, "a") == (PROCESSING, 0)
    assert state(here, "r") == (COMPLETED, 100)
    arrived = carried(here, there)
    names = ["InflowConsumed", "EntryPosted", "LegReceived", "LegSent"]
    assert [type(event).__name__ for event in arrived.events] == names
    assert arrived.events[3].leg.purpose is Purpose.SUSPENSE
    assert balance(there.view, "bob-1") == 100
    settled = carried(there, here)
    names = ["LegReceived", "TransferSettled", "TransactionMoved"]
    assert [type(event).__name__ for event in settled.events] == names
    assert settled.entries == ()
    assert state(here, "a") == (COMPLETED, 0)
    assert here.view.sagas.rows == {}
    again = allocate("bob-1", 100)(here)
    assert (again.outcome, again.stage) == (Outcome.DUPLICATE, Stage.FINAL)


def test_refused_by_its_recipient_it_waits_for_its_owner_again():
    here, there = Rig(0), Rig(1)
    given(treasury(), receipt(), rig=here).when(allocate("nobody-1", 100)).then(
        accepted(Stage.PENDING)
    )
    refused = carried(here, there)
    assert (refused.outcome, refused.reason) == (
        Outcome.REJECTED,
        RejectionReason.UNKNOWN_WALLET,
    )
    back = carried(there, here)
    names = ["LegReceived", "TransferCompensated", *["TransactionMoved"] * 2, "EntryPosted"]
    assert [type(event).__name__ for event in back.events] == names
    assert [each.flow for each in back.entries] == ["F19b.1"]
    assert state(here, "a") == (FAILED, 0)
    assert state(here, "r") == (PENDING, 0)
    assert system_balance(here.view, "SUSP", "in") == -100
    assert system_balance(here.view, "IB", "1") == 0
    again = allocate("nobody-1", 100)(here)
    assert (again.outcome, again.reason) == (
        Outcome.DUPLICATE,
        RejectionReason.RECIPIENT_REFUSED,
    )
    given(rig=here).when(allocate("nobody-1", 100, command_id="b")).then(accepted(Stage.PENDING))


def test_a_part_that_comes_back_is_only_that_part():
    here, there = Rig(0), Rig(1)
    start = given(treasury(), receipt(), opened("alice"), allocate("alice", 30), rig=here)
    start.when(allocate("nobody-1", 50, command_id="b")).then(accepted(Stage.PENDING))
    carried(here, there)
    carried(there, here)
    assert state(here, "r") == (PENDING, 30)


def test_never_more_than_the_receipt_has_without_an_owner():
    start = given(treasury(), receipt(), receipt(500, "x2", "r2"), opened("alice"))
    refused = rejected(RejectionReason.INSUFFICIENT_FUNDS, "SUSP")
    start.when(allocate("alice", 101)).then(refused)
    start.when(allocate("alice", 5, currency="USD", command_id="b")).then(refused)
    start.when(allocate("alice", 60, command_id="c")).then(accepted())
    start.when(allocate("alice", 41, command_id="d")).then(refused)


@pytest.mark.parametrize(
    ("changed", "reason", "detail"),
    [
        ({"to": "b b"}, RejectionReason.MALFORMED_FIELD, "to_wallet_id"),
        ({"ext_ref": ""}, RejectionReason.MALFORMED_FIELD, "ext_ref"),
        ({"amount": 0}, RejectionReason.AMOUNT_NOT_POSITIVE, "amount"),
        ({"to": "bank"}, RejectionReason.SELF_TRANSFER, "to_wallet_id"),
        ({"ext_ref": "x9"}, RejectionReason.INVALID_TRANSITION, "ext_ref"),
        ({"wallet_id": "other"}, RejectionReason.INVALID_TRANSITION, "ext_ref"),
        ({"currency": "JPY"}, RejectionReason.CURRENCY_NOT_HELD, "JPY"),
        ({"to": "nobody"}, RejectionReason.RECIPIENT_REFUSED, "UNKNOWN_WALLET"),
        ({"to": "other"}, RejectionReason.RECIPIENT_REFUSED, "UNKNOWN_ACCOUNT"),
    ],
)
def test_an_allocation_may_be_refused(changed, reason, detail):
    start = given(treasury(), treasury("other"), receipt(), opened("alice"))
    values = {"to": "alice", "amount": 10, **changed}
    start.when(allocate(**values)).then(rejected(reason, detail, attempted=False))


def test_its_recipients_limits_count():
    strict = policy(limits={"per_tx_in": 9})
    start = given(treasury(), receipt(), opened("alice"), rig=Rig(policy_=strict))
    refused = rejected(RejectionReason.RECIPIENT_REFUSED, "LIMIT_PER_TX")
    start.when(allocate("alice", 10)).then(refused)


def test_a_frozen_or_closed_treasury_allocates_nothing():
    frozen = set_status("bank", StatusAction.FREEZE_DEBIT)
    given(treasury(), receipt(), opened("alice"), frozen).when(allocate("alice", 1)).then(
        rejected(RejectionReason.DEBIT_BLOCKED)
    )
    whole, closed = allocate("alice", 100), set_status("bank", StatusAction.CLOSE)
    given(treasury(), receipt(), opened("alice"), whole, closed).when(
        allocate("alice", 1, command_id="b")
    ).then(rejected(RejectionReason.WALLET_NOT_ACTIVE))


def test_repeated_it_is_told_the_same_and_later_its_id_stays_taken():
    start = given(treasury(), receipt(), opened("alice"), allocate("alice", 1))
    start.when(allocate("alice", 1)).then(duplicate(4))
    start.rig.wait(36 * DAY)
    start.when(allocate("alice", 2)).then(
        rejected(RejectionReason.INVALID_TRANSITION, "command_id")
    )


def credit(amount, wallet_id="alice", purpose=Purpose.SUSPENSE, currency="EUR"):
    return Leg(LegKind.CREDIT, 1, 0, 1, 1, 1, "t", purpose, "bank-1", wallet_id, currency, amount)


def test_a_leg_of_nothing_is_refused():
    decision = given(opened("alice")).rig.leg(credit(0))
    assert decision.reason is RejectionReason.AMOUNT_NOT_POSITIVE


def test_what_does_not_fit_between_partitions_is_refused():
    rig = given(opened("alice"), opened("bob")).rig
    assert rig.leg(credit(INT64_MAX - 5)).reason is not None  # no tier takes so much
    rich = Rig(policy_=policy(limits=dict.fromkeys(UNLIMITED, INT64_MAX)))
    given(opened("alice"), opened("bob"), rig=rich)
    assert rich.leg(credit(INT64_MAX - 5)).reason is None
    other = Leg(LegKind.CREDIT, 1, 0, 2, 1, 2, "u", Purpose.SUSPENSE, "bank-1", "bob", "EUR", 9)
    decision = rich.leg(other)
    assert (decision.reason, decision.detail) == (RejectionReason.AMOUNT_OVERFLOW, "IB")


UNLIMITED = ("per_tx_in", "day_in", "month_in", "balance_cap")


def test_the_account_that_leads_there_may_be_full():
    start = given(treasury(), receipt(INT64_MAX), allocate("bob-1", INT64_MAX))
    given(
        book(TreasuryFlow.F19_1, 2, "x2", rail=None, account="b2", command_id="r2"),
        rig=start.rig,
    )
    start.when(allocate("bob-1", 2, "x2", "b")).then(
        rejected(RejectionReason.AMOUNT_OVERFLOW, "IB")
    )
