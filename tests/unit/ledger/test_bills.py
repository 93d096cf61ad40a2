"""Bills: paid with a fee, rejected with everything back."""

import pytest

from schemas.messages.commands import PayBill, RejectBill
from schemas.messages.policy import FeeRule
from schemas.messages.rows import AccountRow
from schemas.messages.vocabulary import FeeFlow, RejectionReason, StatusAction, TransactionState
from tests.support.builders import INT64_MAX, Rig, policy
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
    topped_up,
)
from tests.support.looking import system_balance
from tests.unit.ledger.rigs import REVIEW_NEW

LIMITS = {"day_out": 100, "count_out_hour": 1}
POLICY = policy(fees=(FeeRule(FeeFlow.BILL, 0, 2),), limits=LIMITS)


def bill(amount=80, biller="water", currency="EUR", bill_ref="7/26"):
    return command("alice", PayBill(biller, currency, amount, bill_ref), "bill")


def reject(transaction_id="bill", reason_code="AC04"):
    return command("alice", RejectBill(transaction_id, reason_code), "no")


def start(*steps, rig=None):
    begin = (opened("alice", "bob"), topped_up("alice", 200))
    return given(*begin, *steps, rig=rig or Rig(policy_=POLICY))


def bill_is(state, collected=0, earned=0):
    def check(then):
        row = then.rig.view.transactions.get(("alice", "bill"))
        assert (row.state, row.counterparty, row.reference) == (state, "water", "7/26")
        held = (
            system_balance(then.rig.view, "BILLER", "water"),
            system_balance(then.rig.view, "REV.BILL"),
        )
        assert held == (-collected, -earned)

    return check


def test_a_bill_is_paid_at_once():
    start().when(bill()).then(
        accepted(),
        happened("OutflowConsumed", "EntryPosted", "TransactionMoved", "TransactionMoved"),
        has("alice", 118),
        bill_is(TransactionState.COMPLETED, 80, 2),
    )


@pytest.mark.parametrize(
    ("step", "reason", "detail"),
    [
        (bill(biller="?"), RejectionReason.MALFORMED_FIELD, "biller"),
        (bill(bill_ref=""), RejectionReason.MALFORMED_FIELD, "bill_ref"),
        (bill(currency="XXX"), RejectionReason.UNKNOWN_CURRENCY, "XXX"),
        (bill(0), RejectionReason.AMOUNT_NOT_POSITIVE, "amount"),
        (bill(INT64_MAX), RejectionReason.AMOUNT_OVERFLOW, "amount"),
        (bill(currency="USD"), RejectionReason.CURRENCY_NOT_HELD, "USD"),
        (reject("?"), RejectionReason.MALFORMED_FIELD, "transaction_id"),
        (reject(reason_code="\n"), RejectionReason.MALFORMED_FIELD, "reason_code"),
        (reject(), RejectionReason.INVALID_TRANSITION, "transaction_id"),
    ],
)
def test_refused_before_the_attempt(step, reason, detail):
    start().when(step).then(rejected(reason, detail, attempted=False), has("alice", 200))


def test_paying_is_an_attempt():
    start().when(bill(101)).then(rejected(RejectionReason.LIMIT_WINDOW, attempted=True))
    start(pay("alice", "bob", 1)).when(bill()).then(
        rejected(RejectionReason.LIMIT_COUNT, attempted=True)
    )
    strict = Rig(ruleset_=REVIEW_NEW)
    start(rig=strict).when(bill()).then(rejected(RejectionReason.RISK_REVIEW, attempted=True))


def test_the_fee_must_be_there_too():
    rig = Rig(policy_=policy(fees=(FeeRule(FeeFlow.BILL, 0, 2),)))
    start(rig=rig).when(bill(199)).then(
        rejected(RejectionReason.INSUFFICIENT_FUNDS, "EUR", attempted=True)
    )


@pytest.mark.parametrize(("account", "owner"), [("BILLER", "water"), ("REV.BILL", "")])
def test_an_account_without_room_refuses(account, owner):
    example = start()
    example.rig.view.accounts.put((account, owner, "EUR"), AccountRow(-INT64_MAX - 1))
    decision = bill()(example.rig)
    assert (decision.reason, decision.detail) == (RejectionReason.AMOUNT_OVERFLOW, account)
    assert [type(each).__name__ for each in decision.events] == ["AttemptCounted"]


def test_a_frozen_wallet_pays_no_bill_but_takes_its_money_back():
    frozen = set_status("alice", StatusAction.FREEZE_BOTH)
    start(frozen).when(bill()).then(rejected(RejectionReason.DEBIT_BLOCKED))
    start(bill(), frozen).when(reject()).then(accepted(), has("alice", 200))


def test_a_rejected_bill_gives_back_money_fee_and_limits():
    example = start(bill())
    decision = example.when(reject()).then(
        accepted(),
        happened("EntryPosted", "TransactionMoved", "OutflowGivenBack"),
        has("alice", 200),
        bill_is(TransactionState.REVERSED),
    )
    row = decision.events[1].row
    assert (row.refunded, row.fee_refunded, decision.events[1].reason) == (80, 2, "AC04")
    example.when(pay("alice", "bob", 100)).then(accepted())
    example.when(command("alice", RejectBill("bill", "AC04"), "twice")).then(
        rejected(RejectionReason.INVALID_TRANSITION, "REVERSED")
    )


def test_the_money_of_a_wallet_closed_meanwhile_is_unclaimed():
    empty = pay("alice", "bob", 118)
    rig = Rig(policy_=policy(fees=(FeeRule(FeeFlow.BILL, 0, 2),)))
    example = start(bill(), empty, set_status("alice", StatusAction.CLOSE), rig=rig)
    example.when(reject()).then(accepted(), has("alice", 0), bill_is(TransactionState.REVERSED))
    assert system_balance(rig.view, "UNCLAIMED") == -82


def test_a_repeat_is_answered_as_before():
    start(bill()).when(bill()).then(duplicate(of=4))


def test_an_id_names_one_bill_for_ever():
    rig = start(bill()).rig
    rig.view.identities.rows.clear()  # as after 35 days
    decision = bill()(rig)
    assert (decision.reason, decision.detail) == (RejectionReason.INVALID_TRANSITION, "command_id")
