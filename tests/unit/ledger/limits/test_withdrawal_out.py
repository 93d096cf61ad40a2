"""Tiers whose wallets may not withdraw."""

from schemas.messages.vocabulary import RejectionReason
from tests.support.bank import withdraw
from tests.support.builders import Rig, policy
from tests.support.given import accepted, given, opened, pay, place_hold, rejected, topped_up

REFUSED = rejected(RejectionReason.KYC_REQUIRED, "withdrawal_out", until="", attempted=True)


def start(withdrawal_out):
    rig = Rig(policy_=policy(limits={"withdrawal_out": withdrawal_out}))
    return given(opened("alice", "bob"), topped_up("alice", 100), rig=rig)


def test_a_withdrawal_needs_it():
    start(withdrawal_out=True).when(withdraw("alice", 1)).then(accepted())
    start(withdrawal_out=False).when(withdraw("alice", 1)).then(REFUSED)


def test_transfers_and_holds_do_not():
    closed = start(withdrawal_out=False)
    closed.when(pay("alice", "bob", 1)).then(accepted())
    closed.when(place_hold("alice", "bob", 1)).then(accepted())


def test_what_it_refuses_still_counts_as_an_attempt():
    refused = start(withdrawal_out=False)
    refused.when(withdraw("alice", 1)).then(REFUSED)
    assert refused.rig.view.outflows.get("alice").day_24h.attempts == 1
