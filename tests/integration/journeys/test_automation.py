"""Rules on balances on the real broker: a funding instruction, a sweep, and a killed worker."""

import signal

import pytest

from ingress.sdk import BookTreasury, Outcome, TopUp, TreasuryFlow, WalletKind
from ops.automation.document import read_rules
from ops.automation.sending import sending_of
from ops.reading import read_topic
from ops.rig import running_partitions, start_worker
from ops.settings import Settings
from schemas.codec import decode
from schemas.messages.automation import AutomationNotice, NoticeKind
from schemas.messages.vocabulary import FeeFlow
from tests.support.customers import fee_of
from topics.catalog import AUTOMATION_NOTICES

NAME = "automation-1"
RAISED_S = 60.0


@pytest.fixture(scope="module")
def automation(ledger):
    """A worker of the automation job beside the ledger's own."""
    env = {"LEDGER_SESSION_TIMEOUT_S": "3", "LEDGER_SNAPSHOT_RECORDS": "300"}
    process = start_worker(ledger.stack, NAME, env, job="automation")

    def runs():
        return running_partitions(ledger.stack, NAME) == ledger.witness.partitions

    ledger.wait_for("the automation job to run", runs)
    yield process
    process.stop()
    assert set(process.report().exits) <= {0, -signal.SIGKILL}


@pytest.fixture
def activate(ledger, tmp_path):
    def send(*rules):
        settings = Settings(kafka=ledger.kafka, state_dir=tmp_path)
        sending = sending_of(
            settings, read_rules({"version": "journey", "rules": list(rules)}), None
        )
        sending.send("a journey")

        def taken():
            found = [each for each in notices(ledger) if each.notice_id == sending.control_id]
            assert {each.kind for each in found} <= {NoticeKind.RULES_TAKEN}
            return len(found) == ledger.witness.partitions

        ledger.wait_for("every partition to take the rules", taken, RAISED_S)

    return send


def notices(ledger):
    records = read_topic(ledger.kafka, AUTOMATION_NOTICES.name)
    return [decode(AutomationNotice, record.value) for record in records]


def raised(ledger, rule_id):
    return [each for each in notices(ledger) if each.rule_id == rule_id]


def bank(ledger, treasury, account, flow, amount, **more):
    reference = f"{account}-{flow.name}-{amount}"
    body = BookTreasury(flow, "EUR", amount, reference, account, **more)
    ledger.accepted(treasury, body)


def test_a_prefunded_account_below_its_threshold_is_funded_by_one_instruction_a_crossing(
    ledger, automation, activate
):
    treasury = ledger.open(partition=2, kind=WalletKind.TREASURY)
    account, rule_id = f"bank-{treasury}", f"fund-{treasury}"
    activate(
        {
            "rule_id": rule_id,
            "watch": {"account": "BANK.SAFE", "owner": account, "currency": "EUR"},
            "when": [{"feature": "balance", "high": "500.00"}],
            "then": {"notice": "FUND", "level": "2000.00"},
        }
    )
    bank(ledger, treasury, account, TreasuryFlow.F0_2, 1_000_00)
    bank(ledger, treasury, account, TreasuryFlow.F3_3, 600_00, rail="sct")
    ledger.wait_for("the instruction", lambda: raised(ledger, rule_id), RAISED_S)
    restarts = automation.report().restarts
    automation.kill(signal.SIGKILL)
    ledger.wait_for("its end", lambda: automation.report().restarts > restarts)
    bank(ledger, treasury, account, TreasuryFlow.F3_3, 100_00, rail="sct")  # lower still
    bank(ledger, treasury, account, TreasuryFlow.F0_2, 1_700_00)
    bank(ledger, treasury, account, TreasuryFlow.F3_3, 1_900_00, rail="sct")

    def second():
        return {each.crossing for each in raised(ledger, rule_id)} == {1, 2}

    ledger.wait_for("the second instruction", second, RAISED_S)
    told = {each.notice_id: each for each in raised(ledger, rule_id)}.values()
    assert [(each.crossing, each.code, each.balance, each.amount) for each in told] == [
        (1, "FUND", 400_00, 1_600_00),
        (2, "FUND", 100_00, 1_900_00),
    ]
    assert {each.owner for each in told} == {account}


def test_a_till_above_its_ceiling_is_swept_across_partitions(ledger, automation, activate):
    del automation
    till, office = ledger.open(partition=1), ledger.open(partition=5)
    activate(
        {
            "rule_id": f"sweep-{till}",
            "watch": {"account": "W.AVL", "owner": till, "currency": "EUR"},
            "when": [{"feature": "balance", "low": "300.00"}],
            "then": {
                # Swept to nothing at once, it would be held for review as money passed through.
                "level": "290.00",
                "command": {"type": "Transfer", "to_wallet_id": office, "currency": "EUR"},
            },
        }
    )
    topped = ledger.ask(till, TopUp("EUR", 500_00, "card", f"till-{till}"))
    assert topped.outcome is Outcome.ACCEPTED

    def swept():
        return "W.AVL" in ledger.balances(office)

    ledger.wait_for("the sweep", swept, RAISED_S)
    left, arrived = ledger.balances(till)["W.AVL"], ledger.balances(office)["W.AVL"]
    assert arrived > 100_00
    assert left == 290_00 - fee_of(FeeFlow.TRANSFER, arrived)
    assert [each for each in notices(ledger) if each.owner == till] == []
