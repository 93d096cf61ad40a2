"""Sales, refunds, disputes and payouts, across the broker and back."""

import pytest

from ingress.sdk import (
    FeeBack,
    FreezePayout,
    OpenDispute,
    Pay,
    RefundPayment,
    RejectionReason,
    ResolveDispute,
    ReturnPayout,
    SetMerchantTerms,
    SubmitPayout,
    WalletKind,
    WithdrawDispute,
)
from schemas.messages.vocabulary import TransactionState

FEE = 1_10  # of a sale of 50.00: two in a hundred and ten cents
SLOWLY = SetMerchantTerms(200, 10, 0, 3_600, FeeBack.PRO_RATA)


@pytest.fixture(params=[3, 6], ids=["same partition", "other partition"])
def merchant(request, ledger):
    merchant = ledger.open(partition=request.param, kind=WalletKind.MERCHANT)
    ledger.accepted(merchant, SLOWLY)
    return merchant


@pytest.fixture
def payer(ledger):
    return ledger.open(partition=3, fund=100_00)


@pytest.fixture
def payment(ledger, payer, merchant):
    """A sale of 50.00 that has not matured, as its merchant names it."""
    sale = ledger.accepted(payer, Pay(merchant, "EUR", 50_00, "order-1"))
    ledger.holds(merchant, M__PEND=50_00 - FEE)
    return f"{payer}/{sale}"


def test_a_sale_matures_and_is_paid_out_and_may_come_back(ledger, payer, merchant):
    ledger.accepted(merchant, SetMerchantTerms(200, 10, 0, 1, FeeBack.PRO_RATA))
    sale = ledger.accepted(payer, Pay(merchant, "EUR", 50_00, "order-1"))
    ledger.holds(payer, W__AVL=50_00)
    ledger.holds(merchant, M__PAY=50_00 - FEE)
    payout = ledger.accepted(merchant, FreezePayout("EUR"))
    ledger.holds(merchant, M__OUT=50_00 - FEE)
    by_card = ledger.refused(merchant, SubmitPayout(payout, "card", "P-1"))
    assert by_card == (RejectionReason.UNKNOWN_ACCOUNT, "card")
    ledger.accepted(merchant, SubmitPayout(payout, "sct", f"P-{merchant}"))
    ledger.holds(merchant)
    ledger.accepted(merchant, ReturnPayout(payout, "AC04"))
    ledger.holds(merchant, M__PAY=50_00 - FEE)
    assert ledger.stands(merchant, payout) is TransactionState.FAILED
    assert ledger.stands(merchant, f"{payer}/{sale}") is TransactionState.COMPLETED


def test_who_cannot_pay_buys_nothing(ledger, payer, merchant):
    reason, _ = ledger.refused(payer, Pay(merchant, "EUR", 100_01, "order-1"))
    assert reason is RejectionReason.INSUFFICIENT_FUNDS
    ledger.holds(payer, W__AVL=100_00)
    ledger.holds(merchant)


def test_a_refund_gives_back_its_share_of_the_fee(ledger, payer, merchant, payment):
    ledger.accepted(merchant, RefundPayment(payment, 20_00))
    ledger.holds(payer, W__AVL=70_00)
    share = 44  # two fifths of the fee
    ledger.holds(merchant, M__PEND=30_00 - FEE + share)
    beyond = ledger.refused(merchant, RefundPayment(payment, 30_01))
    assert beyond == (RejectionReason.REFUND_EXCEEDED, "amount")
    ledger.accepted(merchant, RefundPayment(payment, 30_00))
    ledger.holds(payer, W__AVL=100_00)
    ledger.holds(merchant)
    assert ledger.stands(merchant, payment) is TransactionState.REVERSED


def test_a_dispute_is_decided_for_its_buyer(ledger, payer, merchant, payment):
    dispute = ledger.accepted(merchant, OpenDispute(payment, 30_00, "file-1"))
    ledger.holds(merchant, M__PEND=20_00 - FEE)
    kept = ledger.refused(merchant, RefundPayment(payment, 20_01))
    assert kept == (RejectionReason.REFUND_EXCEEDED, "amount")
    ledger.accepted(merchant, ResolveDispute(dispute, 30_00))
    ledger.holds(payer, W__AVL=80_00)
    ledger.holds(merchant, M__PEND=20_00 - FEE)
    reason, _ = ledger.refused(merchant, ResolveDispute(dispute, None))
    assert reason is RejectionReason.INVALID_TRANSITION


def test_a_dispute_that_is_withdrawn_gives_its_merchant_the_money_back(
    ledger, payer, merchant, payment
):
    dispute = ledger.accepted(merchant, OpenDispute(payment, 30_00, "file-1"))
    ledger.accepted(merchant, WithdrawDispute(dispute))
    ledger.holds(merchant, M__PEND=20_00 - FEE, M__PAY=30_00)
    ledger.holds(payer, W__AVL=50_00)
