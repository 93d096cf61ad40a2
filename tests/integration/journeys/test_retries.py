"""Retries: the same id and content is answered as before; other content is refused by its field."""

import pytest

from ingress.sdk import Outcome, RejectionReason, Stage, TopUp, Transfer, VoidHold


def test_a_repeat_of_an_accepted_command_moves_no_money(ledger):
    payer, friend = ledger.open(partition=1, fund=100_00), ledger.open(partition=1)
    pay = Transfer(friend, "EUR", 10_00)
    first = ledger.ask(payer, pay, command_id="pay-1")
    before = ledger.balances(payer)
    for _ in range(3):
        again = ledger.ask(payer, pay, command_id="pay-1", issued_at_us=None)
        assert (again.outcome, again.duplicate_of) == (Outcome.DUPLICATE, first.sequence)
        assert (again.reason, again.stage) == (None, Stage.FINAL)
    assert ledger.balances(payer) == before
    assert ledger.balances(friend) == {"W.AVL": 10_00}


def test_a_repeat_of_a_transfer_across_partitions_is_told_its_final_outcome(ledger):
    payer, nobody = ledger.open(partition=1, fund=100_00), ledger.wallet_id(partition=2)
    pay = Transfer(nobody, "EUR", 10_00)
    first = ledger.ask(payer, pay, command_id="pay-2")
    assert first.reason is RejectionReason.RECIPIENT_REFUSED
    again = ledger.ask(payer, pay, command_id="pay-2")
    assert (again.outcome, again.reason) == (Outcome.DUPLICATE, first.reason)
    assert ledger.balances(payer) == {"W.AVL": 100_00}


def test_a_declined_id_stays_declined_even_when_it_would_succeed_now(ledger):
    payer, friend = ledger.open(partition=1), ledger.open(partition=1)
    pay = Transfer(friend, "EUR", 10_00)
    first = ledger.ask(payer, pay, command_id="pay-3")
    assert first.reason is RejectionReason.INSUFFICIENT_FUNDS
    ledger.ask(payer, TopUp("EUR", 50_00, "card", f"later-{payer}"))
    again = ledger.ask(payer, pay, command_id="pay-3")
    assert (again.outcome, again.reason) == (Outcome.DUPLICATE, first.reason)
    assert ledger.balances(friend) == {}


def test_one_id_in_two_wallets_is_two_commands(ledger):
    one, other = ledger.open(), ledger.open()
    for wallet_id in (one, other):
        top_up = TopUp("EUR", 5_00, "card", f"own-{wallet_id}")
        assert ledger.ask(wallet_id, top_up, command_id="same").outcome is Outcome.ACCEPTED


@pytest.mark.parametrize(
    ("field", "other"),
    [
        ("to_wallet_id", Transfer("w-0", "EUR", 10_00)),
        ("currency", Transfer("w-9", "USD", 10_00)),
        ("amount", Transfer("w-9", "EUR", 10_01)),
        ("body", VoidHold("w-9")),
    ],
)
def test_the_same_id_with_other_content_names_the_field(ledger, field, other):
    payer = ledger.open(partition=1, fund=100_00)
    first = ledger.ask(payer, Transfer("w-9", "EUR", 10_00), command_id="pay-4")
    refused = ledger.ask(payer, other, command_id="pay-4")
    assert (refused.outcome, refused.reason, refused.detail) == (
        Outcome.REJECTED,
        RejectionReason.IDEMPOTENCY_MISMATCH,
        field,
    )
    again = ledger.ask(payer, Transfer("w-9", "EUR", 10_00), command_id="pay-4")
    assert (again.outcome, again.reason) == (Outcome.DUPLICATE, first.reason)
