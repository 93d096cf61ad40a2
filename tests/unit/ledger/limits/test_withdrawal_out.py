"""Tiers whose wallets may not withdraw."""

from schemas.messages.vocabulary import RejectionReason
from tests.support.builders import Rig, policy
from tests.support.given import accepted, given, opened, pay, topped_up
from tests.unit.ledger.limits.withdrawals import withdraw


def start(withdrawal_out):
    rig = Rig(policy_=policy(limits={"withdrawal_out": withdrawal_out}))
    return given(opened("alice", "bob"), topped_up("alice", 100), rig=rig)


def test_a_withdrawal_needs_it():
    assert withdraw(start(withdrawal_out=True).rig, "alice", 1).reason is None
    refused = withdraw(start(withdrawal_out=False).rig, "alice", 1)
    assert (refused.reason, refused.detail) == (RejectionReason.KYC_REQUIRED, "withdrawal_out")


def test_a_transfer_does_not():
    start(withdrawal_out=False).when(pay("alice", "bob", 1)).then(accepted())
