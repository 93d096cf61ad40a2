"""Bank top-ups, withdrawals and chargebacks, across the broker and back."""

import pytest

from ingress.sdk import (
    AdviseChargeback,
    CancelWithdrawal,
    ClearTopUp,
    RejectionReason,
    ResolveChargeback,
    ReturnTopUp,
    ReturnWithdrawal,
    SettleTransaction,
    SubmitBankTopUp,
    SubmitWithdrawal,
    TopUp,
    Transfer,
    Withdraw,
)
from schemas.messages.vocabulary import FeeFlow, TransactionState
from tests.support.customers import fee_of, net_of


@pytest.fixture
def customer(ledger):
    return ledger.open(partition=3)


def test_a_bank_top_up_waits_is_cleared_in_parts_and_settled(ledger, customer):
    reference = f"sct-{customer}"
    top_up = ledger.accepted(customer, SubmitBankTopUp("EUR", 80_00, "sct", reference))
    ledger.holds(customer, W__PIN=80_00)
    again = ledger.refused(customer, SubmitBankTopUp("EUR", 80_00, "sct", reference))
    assert again == (RejectionReason.DUPLICATE_EXTERNAL_REF, "ext_ref")
    ledger.accepted(customer, ClearTopUp(top_up, 30_00))
    ledger.holds(customer, W__PIN=50_00, W__AVL=30_00)
    beyond = ledger.refused(customer, ClearTopUp(top_up, 50_01))
    assert beyond == (RejectionReason.INVALID_TRANSITION, "amount")
    ledger.accepted(customer, ClearTopUp(top_up, 50_00))
    ledger.accepted(customer, SettleTransaction(top_up, reference))
    ledger.holds(customer, W__AVL=80_00)
    assert ledger.stands(customer, top_up) is TransactionState.SETTLED


def test_a_top_up_that_comes_back_after_it_was_spent_is_a_debt_the_next_one_pays(ledger, customer):
    friend = ledger.open(partition=6)
    top_up = ledger.accepted(customer, SubmitBankTopUp("EUR", 50_00, "sdd", f"sdd-{customer}"))
    ledger.accepted(customer, ClearTopUp(top_up, 50_00))
    ledger.accepted(customer, Transfer(friend, "EUR", 20_00))
    left = 30_00 - fee_of(FeeFlow.TRANSFER, 20_00)
    ledger.holds(customer, W__AVL=left)
    ledger.accepted(customer, ReturnTopUp(top_up, "MD06"))
    ledger.holds(customer)
    assert ledger.stands(customer, top_up) is TransactionState.REVERSED
    ledger.accepted(customer, TopUp("EUR", 100_00, "card", f"card-{customer}"))
    ledger.holds(customer, W__AVL=net_of(100_00) - (50_00 - left))
    late = ledger.refused(customer, ReturnTopUp(top_up, "MD06"))
    assert late == (RejectionReason.INVALID_TRANSITION, "REVERSED")


def test_a_withdrawal_that_its_bank_brings_back_costs_nothing(ledger):
    customer = ledger.open(partition=5, fund=100_00)
    fee = fee_of(FeeFlow.WITHDRAWAL, 50_00)
    out = ledger.accepted(customer, Withdraw("EUR", 50_00, "sct", "NL01"))
    ledger.holds(customer, W__AVL=50_00 - fee, W__POUT=50_00 + fee)
    ledger.accepted(customer, SubmitWithdrawal(out, f"payout-{customer}"))
    ledger.holds(customer, W__AVL=50_00 - fee)
    late = ledger.refused(customer, CancelWithdrawal(out))
    assert late == (RejectionReason.INVALID_TRANSITION, "PROCESSING")
    ledger.accepted(customer, ReturnWithdrawal(out, "AC04"))
    ledger.holds(customer, W__AVL=100_00)
    assert ledger.stands(customer, out) is TransactionState.FAILED


def test_a_withdrawal_is_cancelled_before_and_settled_after_it_was_handed_over(ledger):
    customer = ledger.open(partition=5, fund=100_00)
    first = ledger.accepted(customer, Withdraw("EUR", 10_00, "sct", "NL01"))
    ledger.accepted(customer, CancelWithdrawal(first))
    ledger.holds(customer, W__AVL=100_00)
    by_debit = ledger.refused(customer, Withdraw("EUR", 10_00, "sdd", "NL01"))
    assert by_debit == (RejectionReason.UNKNOWN_ACCOUNT, "sdd")
    second = ledger.accepted(customer, Withdraw("EUR", 20_00, "sct", "NL01"))
    ledger.accepted(customer, SubmitWithdrawal(second, f"paid-{customer}"))
    ledger.accepted(customer, SettleTransaction(second, f"line-{customer}"))
    ledger.holds(customer, W__AVL=80_00 - fee_of(FeeFlow.WITHDRAWAL, 20_00))
    assert ledger.stands(customer, second) is TransactionState.SETTLED


@pytest.mark.parametrize("won", [True, False], ids=["won", "lost"])
def test_a_charged_back_top_up_is_kept_until_its_outcome(ledger, won):
    customer = ledger.open(partition=1, fund=100_00)
    reference = f"ref-{customer}"
    chargeback = ledger.accepted(customer, AdviseChargeback("card", reference, 60_00))
    ledger.holds(customer, W__AVL=40_00, W__LIEN=60_00)
    twice = ledger.refused(customer, AdviseChargeback("card", reference, 60_00))
    assert twice == (RejectionReason.REFUND_EXCEEDED, "amount")
    ledger.accepted(customer, ResolveChargeback(chargeback, won))
    ledger.holds(customer, W__AVL=100_00 if won else 40_00)
    reason, _ = ledger.refused(customer, ResolveChargeback(chargeback, won))
    assert reason is RejectionReason.INVALID_TRANSITION
