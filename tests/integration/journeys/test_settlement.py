"""A merchant is paid out at its cut-off by the settlement job, on the real broker."""

import time

import pytest

from ingress.sdk import (
    FeeBack,
    OpenWallet,
    Outcome,
    Pay,
    PayoutPlan,
    SetMerchantTerms,
    Tier,
    WalletKind,
)
from ops.reading import read_topic
from ops.rig import start_worker, status_of
from schemas.codec import decode
from schemas.documents import message_from_json, message_to_json
from schemas.messages.control import ActivatePolicy
from schemas.messages.policy import Policy
from schemas.messages.settlement import PayoutInstruction, PayoutStatement
from schemas.messages.vocabulary import FeeFlow, TransactionState
from streams.wallet.genesis import genesis_policy
from tests.support.customers import fee_of
from topics.catalog import INSTRUCTIONS, STATEMENTS

NAME = "settlement-1"
NOON_S = 12 * 3_600
AHEAD_S = 12
DAY_S = 86_400
PAID_S = 90.0


def cut_off_soon():
    """A policy in whose zone it is noon now, with the cut-off a few seconds later."""
    now = time.time_ns() // 1_000_000_000
    document = message_to_json(genesis_policy())
    document["version"] = f"noon-at-{now}"
    document["zone"]["transitions"] = [{"at": 0, "offset_s": NOON_S - now % DAY_S}]
    document["settlement_cutoff_s"] = NOON_S + AHEAD_S
    return message_from_json(Policy, document)


@pytest.fixture
def settling(ledger):
    """A worker of the settlement job beside the ledger's own; the genesis policy comes back."""
    env = {"LEDGER_SESSION_TIMEOUT_S": "3", "LEDGER_SNAPSHOT_RECORDS": "300"}
    process = start_worker(ledger.stack, NAME, env, job="settlement")

    def runs():
        partitions = status_of(ledger.stack, NAME).get("partitions", {})
        states = [each.get("state") for each in partitions.values()]
        return len(states) == ledger.witness.partitions and set(states) == {"running"}

    ledger.wait_for("the settlement job to run", runs)
    yield process
    ledger.activate(ActivatePolicy(genesis_policy()))
    process.stop()
    assert [each for each in process.report().exits if each] == []


def papers(ledger, topic, kind, partition, wallet_id):
    records = read_topic(ledger.kafka, topic, [partition])
    found = [decode(kind, record.value) for record in records]
    return [paper for paper in found if paper.wallet_id == wallet_id]


def test_a_merchant_is_paid_at_its_cut_off(ledger, settling):
    del settling
    merchant, buyer = ledger.wallet_id(4), ledger.open(partition=6, fund=100_00)
    opened = ledger.ask(merchant, OpenWallet(WalletKind.MERCHANT, Tier.PREMIUM, ("EUR",)))
    assert opened.outcome is Outcome.ACCEPTED
    by_hand = SetMerchantTerms(0, 0, 0, 1, FeeBack.NONE)
    assert ledger.ask(merchant, by_hand).outcome is Outcome.ACCEPTED
    assert ledger.ask(buyer, Pay(merchant, "EUR", 60_00, "order")).outcome is Outcome.ACCEPTED
    payable = {"M.PAY": 60_00}
    ledger.wait_for("the sale to mature", lambda: ledger.balances(merchant) == payable)
    ledger.activate(ActivatePolicy(cut_off_soon()))
    by_itself = SetMerchantTerms(0, 0, 0, 1, FeeBack.NONE, PayoutPlan.DAILY, "sct")
    assert ledger.ask(merchant, by_itself).outcome is Outcome.ACCEPTED

    def instructions():
        return papers(ledger, INSTRUCTIONS.name, PayoutInstruction, 4, merchant)

    ledger.wait_for("the payout to be handed over", instructions, PAID_S)
    (instruction,) = instructions()
    (statement,) = papers(ledger, STATEMENTS.name, PayoutStatement, 4, merchant)
    assert (statement.payout_id, statement.amount) == (instruction.payout_id, 60_00)
    assert sum(line.minor for line in statement.lines if line.account == "M.PAY") == 60_00
    assert instruction.amount == 60_00 - fee_of(FeeFlow.PAYOUT, 60_00)
    assert ledger.balances(merchant) == {}
    row = ledger.witness.view(4).transactions.get((merchant, instruction.payout_id))
    assert (row.state, row.reference) == (TransactionState.PROCESSING, instruction.ext_ref)
