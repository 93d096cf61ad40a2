"""A transfer across partitions: PENDING at once, FINAL when the other partition has answered."""

from ingress.sdk import (
    Authority,
    ChangeWalletStatus,
    Outcome,
    RejectionReason,
    Stage,
    StatusAction,
    Tier,
    Transfer,
)
from schemas.messages.vocabulary import FeeFlow
from tests.support.customers import fee_of

FEE = fee_of(FeeFlow.TRANSFER, 50_00)


def test_an_accepted_one_credits_the_recipient_and_keeps_the_fee(ledger):
    payer = ledger.open(partition=0, fund=200_00)
    recipient = ledger.open(partition=5)
    sent = ledger.send(payer, Transfer(recipient, "EUR", 50_00))
    assert ledger.pending(sent).outcome is Outcome.ACCEPTED
    final = ledger.final(sent)
    assert (final.outcome, final.stage, final.partition) == (Outcome.ACCEPTED, Stage.FINAL, 0)
    assert ledger.balances(payer) == {"W.AVL": 150_00 - FEE}
    assert ledger.balances(recipient) == {"W.AVL": 50_00}


def refused_with(ledger, payer, recipient, detail):
    before = ledger.balances(payer)
    sent = ledger.send(payer, Transfer(recipient, "EUR", 50_00))
    assert ledger.pending(sent).outcome is Outcome.ACCEPTED
    final = ledger.final(sent)
    assert (final.outcome, final.reason) == (Outcome.REJECTED, RejectionReason.RECIPIENT_REFUSED)
    assert final.detail == detail
    assert ledger.balances(payer) == before


def test_a_recipient_that_may_not_be_paid_gives_back_money_and_fee(ledger):
    payer = ledger.open(partition=0, fund=200_00)
    recipient = ledger.open(partition=5)
    freeze = ChangeWalletStatus(StatusAction.FREEZE_CREDIT, Authority.COMPLIANCE)
    assert ledger.ask(recipient, freeze).outcome is Outcome.ACCEPTED
    refused_with(ledger, payer, recipient, "CREDIT_BLOCKED")
    assert ledger.balances(recipient) == {}


def test_a_recipient_nobody_opened_gives_back_money_and_fee(ledger):
    payer = ledger.open(partition=1, fund=200_00)
    refused_with(ledger, payer, ledger.wallet_id(partition=6), "UNKNOWN_WALLET")


def test_a_recipient_over_its_ceiling_gives_back_money_and_fee(ledger):
    payer = ledger.open(partition=1, fund=300_00)
    recipient = ledger.open(partition=6, tier=Tier.UNVERIFIED)
    for amount in (50_00, 50_00, 49_00):
        final = ledger.ask(payer, Transfer(recipient, "EUR", amount))
        assert final.outcome is Outcome.ACCEPTED
    refused_with(ledger, payer, recipient, "LIMIT_WINDOW")
    assert ledger.balances(recipient) == {"W.AVL": 149_00}


def test_both_ways_between_every_pair_of_partitions(ledger):
    ring = [ledger.open(partition=number, fund=100_00) for number in range(8)]
    sent = [
        ledger.send(payer, Transfer(ring[(index + step) % 8], "EUR", 1_00))
        for index, payer in enumerate(ring)
        for step in (1, 4, 7)
    ]
    assert {ledger.final(each).outcome for each in sent} == {Outcome.ACCEPTED}
    fee = fee_of(FeeFlow.TRANSFER, 1_00)
    for wallet_id in ring:
        assert ledger.balances(wallet_id) == {"W.AVL": 100_00 - 3 * fee}
