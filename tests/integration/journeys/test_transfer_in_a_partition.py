"""A transfer inside one partition is one journal entry, final at once."""

from ingress.sdk import Outcome, RejectionReason, Stage, Transfer
from schemas.messages.vocabulary import FeeFlow
from tests.support.customers import fee_of

FEE = fee_of(FeeFlow.TRANSFER, 50_00)


def test_the_recipient_gets_the_amount_and_the_payer_pays_the_fee_on_top(ledger):
    payer = ledger.open(partition=2, fund=200_00)
    recipient = ledger.open(partition=2)
    result = ledger.ask(payer, Transfer(recipient, "EUR", 50_00))
    assert (result.outcome, result.stage, result.partition) == (Outcome.ACCEPTED, Stage.FINAL, 2)
    assert ledger.balances(payer) == {"W.AVL": 150_00 - FEE}
    assert ledger.balances(recipient) == {"W.AVL": 50_00}


def test_more_than_there_is_is_refused_and_moves_nothing(ledger):
    payer = ledger.open(partition=2, fund=50_00)
    recipient = ledger.open(partition=2)
    result = ledger.ask(payer, Transfer(recipient, "EUR", 50_00))
    assert (result.outcome, result.reason) == (
        Outcome.REJECTED,
        RejectionReason.INSUFFICIENT_FUNDS,
    )
    assert ledger.balances(payer) == {"W.AVL": 50_00}
    assert ledger.balances(recipient) == {}


def test_a_recipient_nobody_opened_is_named(ledger):
    payer = ledger.open(partition=2, fund=50_00)
    nobody = ledger.wallet_id(partition=2)
    result = ledger.ask(payer, Transfer(nobody, "EUR", 10_00))
    assert result.outcome is Outcome.REJECTED
    assert result.reason is RejectionReason.RECIPIENT_REFUSED
    assert result.detail == "UNKNOWN_WALLET"
    assert ledger.balances(payer) == {"W.AVL": 50_00}
