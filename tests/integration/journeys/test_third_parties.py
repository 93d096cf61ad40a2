"""Escrows, claims, bills, requests for money and pots, across the broker and back."""

import pytest

from ingress.sdk import (
    CURRENCIES,
    AcceptClaim,
    FundEscrow,
    Money,
    MoveFromPot,
    MoveToPot,
    Outcome,
    PayBill,
    PayRequest,
    RefundEscrow,
    RejectBill,
    RejectionReason,
    ReleaseEscrow,
    SendToAlias,
    split_equally,
)
from schemas.messages.vocabulary import FeeFlow
from tests.support.customers import fee_of


@pytest.fixture(params=[3, 6], ids=["same partition", "other partition"])
def other(request, ledger):
    return ledger.open(partition=request.param)


@pytest.fixture
def payer(ledger):
    return ledger.open(partition=3, fund=100_00)


def accepted(ledger, wallet_id, body, **options):
    sent = ledger.send(wallet_id, body, **options)
    assert ledger.final(sent).outcome is Outcome.ACCEPTED
    return sent.command_id


def test_an_escrow_is_released_in_part_and_the_rest_goes_back(ledger, payer, other):
    escrow = accepted(ledger, payer, FundEscrow(other, "EUR", 80_00, None))
    assert ledger.balances(payer) == {"W.AVL": 20_00}
    accepted(ledger, payer, ReleaseEscrow(escrow, 50_00))
    more = ledger.ask(payer, ReleaseEscrow(escrow, 30_01))
    assert (more.outcome, more.reason) == (Outcome.REJECTED, RejectionReason.HOLD_EXCEEDED)
    accepted(ledger, payer, RefundEscrow(escrow))
    assert ledger.balances(payer) == {"W.AVL": 50_00}
    assert ledger.balances(other) == {"W.AVL": 50_00 - fee_of(FeeFlow.ESCROW, 50_00)}


def test_a_claim_finds_its_recipient(ledger, payer, other):
    claim = accepted(ledger, payer, SendToAlias("9f" * 32, "EUR", 40_00))
    refused = ledger.ask(payer, AcceptClaim(claim, "nobody-at-all"))
    assert (refused.outcome, refused.reason, refused.detail) == (
        Outcome.REJECTED,
        RejectionReason.RECIPIENT_REFUSED,
        "UNKNOWN_WALLET",
    )
    accepted(ledger, payer, AcceptClaim(claim, other))
    assert ledger.balances(payer) == {"W.AVL": 60_00}
    assert ledger.balances(other) == {"W.AVL": 40_00}


def test_a_bill_that_its_biller_rejects_costs_nothing(ledger, payer):
    bill = accepted(ledger, payer, PayBill("water", "EUR", 30_00, "7/26"))
    assert ledger.balances(payer) == {"W.AVL": 70_00 - fee_of(FeeFlow.BILL, 30_00)}
    accepted(ledger, payer, RejectBill(bill, "AC04"))
    assert ledger.balances(payer) == {"W.AVL": 100_00}


def test_a_shared_bill_is_asked_for_and_paid_once(ledger, payer, other):
    total = Money(60_00, CURRENCIES["EUR"])
    (share,) = split_equally(f"dinner-{other}", other, total, [other, payer])
    request = accepted(ledger, other, share.body, command_id=share.command_id)
    accepted(ledger, payer, PayRequest(other, request, "EUR", 30_00))
    twice = ledger.ask(payer, PayRequest(other, request, "EUR", 30_00))
    assert (twice.reason, twice.detail) == (
        RejectionReason.RECIPIENT_REFUSED,
        "INVALID_TRANSITION",
    )
    assert ledger.balances(payer) == {"W.AVL": 70_00 - fee_of(FeeFlow.TRANSFER, 30_00)}
    assert ledger.balances(other) == {"W.AVL": 30_00}


def test_a_pot_keeps_what_is_put_into_it(ledger, payer):
    accepted(ledger, payer, MoveToPot(2, "EUR", 60_00))
    assert ledger.balances(payer) == {"W.AVL": 40_00, "W.POT.2": 60_00}
    accepted(ledger, payer, MoveFromPot(2, "EUR", 60_00))
    assert ledger.balances(payer) == {"W.AVL": 100_00}
