"""A wallet's life: opened once, frozen and unfrozen, moved between tiers, closed for good."""

from ingress.sdk import (
    Authority,
    ChangeTier,
    ChangeWalletStatus,
    OpenWallet,
    Outcome,
    RejectionReason,
    StatusAction,
    Tier,
    TopUp,
    Transfer,
    WalletKind,
)
from schemas.messages.vocabulary import FeeFlow
from tests.support.customers import fee_of, net_of

BASIC = OpenWallet(WalletKind.CUSTOMER, Tier.BASIC, ("EUR", "USD"))


def change(ledger, wallet_id, action, authority=Authority.OPERATOR):
    return ledger.ask(wallet_id, ChangeWalletStatus(action, authority))


def refusal(result):
    assert result.outcome is Outcome.REJECTED, result
    return result.reason, result.detail


def test_a_wallet_is_opened_once(ledger):
    wallet_id = ledger.wallet_id()
    assert ledger.ask(wallet_id, BASIC).outcome is Outcome.ACCEPTED
    assert refusal(ledger.ask(wallet_id, BASIC)) == (RejectionReason.WALLET_EXISTS, wallet_id)


def test_a_card_top_up_arrives_without_its_fee_and_its_reference_counts_once(ledger):
    wallet_id = ledger.open(currencies=("EUR", "USD"))
    reference = f"once-{wallet_id}"
    assert ledger.ask(wallet_id, TopUp("USD", 100_00, "card", reference)).outcome == "ACCEPTED"
    assert ledger.balances(wallet_id) == {"W.AVL": net_of(100_00)}
    again = ledger.ask(wallet_id, TopUp("USD", 5_00, "card", reference))
    assert refusal(again) == (RejectionReason.DUPLICATE_EXTERNAL_REF, "ext_ref")
    assert ledger.balances(wallet_id) == {"W.AVL": net_of(100_00)}


def test_a_frozen_wallet_neither_pays_nor_is_paid_until_unfrozen(ledger):
    wallet_id = ledger.open(fund=50_00, partition=1)
    friend = ledger.open(partition=1)
    assert change(ledger, wallet_id, StatusAction.FREEZE_DEBIT).outcome is Outcome.ACCEPTED
    pay = Transfer(friend, "EUR", 1_00)
    assert refusal(ledger.ask(wallet_id, pay))[0] is RejectionReason.DEBIT_BLOCKED
    assert change(ledger, wallet_id, StatusAction.FREEZE_BOTH).outcome is Outcome.ACCEPTED
    top_up = TopUp("EUR", 1_00, "card", f"frozen-{wallet_id}")
    assert refusal(ledger.ask(wallet_id, top_up))[0] is RejectionReason.CREDIT_BLOCKED
    assert change(ledger, wallet_id, StatusAction.UNFREEZE).outcome is Outcome.ACCEPTED
    assert ledger.ask(wallet_id, pay).outcome is Outcome.ACCEPTED
    fee = fee_of(FeeFlow.TRANSFER, 1_00)
    assert ledger.balances(wallet_id) == {"W.AVL": 49_00 - fee}


def test_a_tier_moves_the_ceilings(ledger):
    wallet_id = ledger.open(tier=Tier.UNVERIFIED, partition=4)
    friend = ledger.open(partition=4)
    large = TopUp("EUR", 400_00, "card", f"large-{wallet_id}")
    assert refusal(ledger.ask(wallet_id, large))[0] is RejectionReason.LIMIT_PER_TX
    assert ledger.ask(wallet_id, ChangeTier(Tier.BASIC)).outcome is Outcome.ACCEPTED
    assert ledger.ask(wallet_id, large).outcome is Outcome.ACCEPTED
    assert ledger.ask(wallet_id, Transfer(friend, "EUR", 1_00)).outcome is Outcome.ACCEPTED


def test_an_unverified_wallet_pays_nobody(ledger):
    wallet_id = ledger.open(tier=Tier.UNVERIFIED, partition=4, fund=20_00)
    friend = ledger.open(partition=4)
    refused = ledger.ask(wallet_id, Transfer(friend, "EUR", 1_00))
    assert refusal(refused) == (RejectionReason.WALLET_NOT_ACTIVE, "PENDING_KYC")


def test_a_wallet_with_money_stays_open_and_a_closed_one_stays_closed(ledger):
    full = ledger.open(fund=1_00)
    assert refusal(change(ledger, full, StatusAction.CLOSE)) == (
        RejectionReason.INVALID_TRANSITION,
        "balance",
    )
    empty = ledger.open()
    assert change(ledger, empty, StatusAction.CLOSE).outcome is Outcome.ACCEPTED
    top_up = TopUp("EUR", 1_00, "card", f"closed-{empty}")
    assert refusal(ledger.ask(empty, top_up)) == (RejectionReason.WALLET_NOT_ACTIVE, "CLOSED")
    unfreeze = change(ledger, empty, StatusAction.UNFREEZE)
    assert refusal(unfreeze)[0] is RejectionReason.INVALID_TRANSITION
