"""Tiers whose wallets may not transfer to others."""

from schemas.messages.vocabulary import RejectionReason
from tests.support.builders import Rig, policy
from tests.support.given import accepted, given, opened, pay, place_hold, rejected, topped_up

REFUSED = rejected(RejectionReason.KYC_REQUIRED, "p2p_out", until="", attempted=True)


def start(p2p_out):
    rig = Rig(policy_=policy(limits={"p2p_out": p2p_out}))
    return given(opened("alice", "bob"), topped_up("alice", 100), rig=rig)


def test_a_transfer_needs_it():
    start(p2p_out=True).when(pay("alice", "bob", 1)).then(accepted())
    start(p2p_out=False).when(pay("alice", "bob", 1)).then(REFUSED)


def test_a_hold_for_a_merchant_does_not():
    start(p2p_out=False).when(place_hold("alice", "bob", 1)).then(accepted())


def test_what_it_refuses_still_counts_as_an_attempt():
    refused = start(p2p_out=False)
    refused.when(pay("alice", "bob", 1)).then(REFUSED)
    assert refused.rig.view.outflows.get("alice").day_24h.attempts == 1
