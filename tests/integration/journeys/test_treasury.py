"""What the office does: receipts without an owner, adjustments, interest, exchange, openings."""

import time

import pytest

from ingress.sdk import (
    AccrueInterest,
    AdjustmentDirection,
    AllocateSuspense,
    ApproveAdjustment,
    BookTreasury,
    Convert,
    MigrateBalance,
    Outcome,
    PayInterest,
    ProposeAdjustment,
    RejectionReason,
    TreasuryFlow,
    WalletKind,
)
from schemas.messages.control import SetRates
from schemas.messages.policy import FxRate
from schemas.messages.vocabulary import TransactionState

HOUR_US = 3_600_000_000


@pytest.fixture
def treasury(ledger):
    return ledger.open(partition=3, kind=WalletKind.TREASURY)


@pytest.fixture(params=[3, 6], ids=["same partition", "other partition"])
def customer(request, ledger):
    return ledger.open(partition=request.param, currencies=("EUR", "USD"))


def receive(ledger, treasury, amount=100_00):
    """An unidentified receipt at the bank: its transaction and reference."""
    reference = f"line-{treasury}"
    body = BookTreasury(
        TreasuryFlow.F19_1, "EUR", amount, reference, "safe", None, None, None, None
    )
    return ledger.accepted(treasury, body), reference


def test_a_receipt_without_an_owner_reaches_the_wallet_it_is_for(ledger, treasury, customer):
    receipt, reference = receive(ledger, treasury)
    ledger.accepted(treasury, AllocateSuspense(reference, customer, "EUR", 60_00))
    ledger.holds(customer, W__AVL=60_00)
    reason, _ = ledger.refused(treasury, AllocateSuspense(reference, customer, "EUR", 40_01))
    assert reason is RejectionReason.INSUFFICIENT_FUNDS
    assert ledger.stands(treasury, receipt) is TransactionState.PENDING
    ledger.accepted(treasury, AllocateSuspense(reference, customer, "EUR", 40_00))
    ledger.holds(customer, W__AVL=100_00)
    assert ledger.stands(treasury, receipt) is TransactionState.COMPLETED


@pytest.mark.parametrize("partition", [3, 6], ids=["same partition", "other partition"])
def test_a_receipt_for_nobody_waits_for_its_owner_again(ledger, treasury, partition):
    receipt, reference = receive(ledger, treasury)
    nobody = ledger.wallet_id(partition=partition)
    refused = ledger.refused(treasury, AllocateSuspense(reference, nobody, "EUR", 100_00))
    assert refused == (RejectionReason.RECIPIENT_REFUSED, "UNKNOWN_WALLET")
    assert ledger.stands(treasury, receipt) is TransactionState.PENDING
    owner = ledger.open(partition=partition)
    ledger.accepted(treasury, AllocateSuspense(reference, owner, "EUR", 100_00))
    ledger.holds(owner, W__AVL=100_00)


def test_a_customer_books_nothing_at_a_bank(ledger, customer):
    body = BookTreasury(
        TreasuryFlow.F19_1, "EUR", 1_00, f"x-{customer}", "safe", None, None, None, None
    )
    assert ledger.refused(customer, body) == (RejectionReason.UNKNOWN_ACCOUNT, "CUSTOMER")
    ledger.holds(customer)


def test_an_adjustment_needs_somebody_else(ledger, customer):
    credit = AdjustmentDirection.CREDIT_WALLET
    body = ProposeAdjustment("EXP.GOODWILL", "EUR", 5_00, credit, "sorry", "T-1", "ann", None)
    proposed = ledger.send(customer, body)
    assert ledger.pending(proposed).outcome is Outcome.ACCEPTED
    adjustment = proposed.command_id
    ledger.holds(customer)
    alone = ledger.refused(customer, ApproveAdjustment(adjustment, "ann"))
    assert alone == (RejectionReason.SELF_APPROVAL, "checker")
    ledger.accepted(customer, ApproveAdjustment(adjustment, "bea"))
    assert ledger.final(proposed).outcome is Outcome.ACCEPTED
    ledger.holds(customer, W__AVL=5_00)
    assert ledger.stands(customer, adjustment) is TransactionState.COMPLETED


def test_interest_is_paid_as_far_as_it_was_accrued(ledger, customer):
    ledger.accepted(customer, MigrateBalance("EUR", 100_00, f"opening-{customer}"))
    ledger.accepted(customer, AccrueInterest("EUR", 1_00, "2026-11"))
    ledger.holds(customer, W__AVL=100_00)
    reason, _ = ledger.refused(customer, PayInterest("EUR", 1_01, "2026-11"))
    assert reason is RejectionReason.INSUFFICIENT_FUNDS
    ledger.accepted(customer, PayInterest("EUR", 1_00, "2026-11"))
    ledger.holds(customer, W__AVL=101_00)


def test_a_conversion_follows_its_quote(ledger, customer):
    until = time.time_ns() // 1_000 + HOUR_US
    rates = (FxRate("EUR", 10**9), FxRate("USD", 920_000_000))
    ledger.activate(SetRates(f"rates-{customer}", rates, until))
    ledger.accepted(customer, MigrateBalance("EUR", 100_00, f"opening-{customer}"))
    mid = 1_086_956_522  # dollars to the euro
    greedy = Convert("EUR", "USD", 92_00, 100_01, mid, f"quote-{customer}", until)
    assert ledger.refused(customer, greedy) == (RejectionReason.QUOTE_EXPIRED, "buy_amount")
    ledger.accepted(customer, Convert("EUR", "USD", 92_00, 99_50, mid, f"quote-{customer}", until))
    ledger.catch_up()
    view = ledger.witness.view(ledger.partition_of(customer))
    row = view.wallets.get(customer)
    held = {each.currency: -each.minor for each in row.balances if each.minor}
    assert held == {"EUR": 8_00, "USD": 99_50}
