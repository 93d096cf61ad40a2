"""A device that goes from hand to hand, on the real broker: its sixth wallet must prove itself."""

import signal

import pytest

from ingress.sdk import Authentication, Origin, Outcome, TopUp, Transfer
from ops.rig import running_partitions, start_worker

NAME = "risk-1"
TOLD_S = 60.0
DEVICE = "telephone-of-six"


@pytest.fixture
def risk(ledger):
    """A worker of the risk job beside the ledger's own."""
    env = {"LEDGER_SESSION_TIMEOUT_S": "3", "LEDGER_SNAPSHOT_RECORDS": "300"}
    process = start_worker(ledger.stack, NAME, env, job="risk")

    def runs():
        return running_partitions(ledger.stack, NAME) == ledger.witness.partitions

    ledger.wait_for("the risk job to run", runs, TOLD_S)
    yield process
    process.stop()
    assert set(process.report().exits) <= {0, -signal.SIGKILL}


def told(ledger, wallet_id):
    """The values of the flags that a wallet has."""
    ledger.catch_up()
    row = ledger.witness.view(ledger.partition_of(wallet_id)).profiles.get(wallet_id)
    return [each.value for each in (() if row is None else row.flags)]


def use(ledger, wallet_id):
    """The wallet is topped up from the device."""
    top_up = TopUp("EUR", 10_00, "card", f"shared-{wallet_id}")
    ledger.accepted(wallet_id, top_up, origin=Origin(device_id=DEVICE))


def test_the_sixth_wallet_of_a_device_is_asked_to_step_up_and_then_pays(ledger, risk):
    wallets = [ledger.open(partition=number, fund=50_00) for number in range(6)]
    for each in wallets[:3]:
        use(ledger, each)
    ledger.wait_for("three to be told", lambda: told(ledger, wallets[0]) == [3], TOLD_S)
    restarts = risk.report().restarts
    risk.kill(signal.SIGKILL)
    ledger.wait_for("its end", lambda: risk.report().restarts > restarts)
    for each in wallets[3:]:
        use(ledger, each)

    sixth = wallets[-1]

    def all_told():
        return [told(ledger, each) for each in wallets] == [[6]] * 6

    ledger.wait_for("all six to be told", all_told, TOLD_S)
    payment = Transfer(wallets[0], "EUR", 5_00)
    asked = ledger.ask(sixth, payment, origin=Origin(device_id=DEVICE))
    assert (asked.outcome, asked.reason) == (Outcome.REJECTED, "STEP_UP_REQUIRED")
    assert ledger.ask(sixth, payment).outcome is Outcome.ACCEPTED  # from elsewhere
    proven = Origin(device_id=DEVICE, authentication=Authentication.STRONG)
    assert ledger.ask(wallets[4], payment, origin=proven).outcome is Outcome.ACCEPTED
