"""A tier that may not pay others is asked for verification."""

import pytest

from schemas.messages.vocabulary import RejectionReason
from tests.support.builders import Rig, policy
from tests.support.given import accepted, given, opened, pay, place_hold, rejected, topped_up

REFUSED = rejected(RejectionReason.KYC_REQUIRED, "transfer_out", attempted=True)


@pytest.mark.parametrize(("allowed", "verdict"), [(True, accepted()), (False, REFUSED)])
@pytest.mark.parametrize("step", [pay("alice", "bob", 1), place_hold("alice", "bob", 1)])
def test_tier_decides(allowed, verdict, step):
    rig = Rig(policy_=policy(limits={"transfer_out": allowed}))
    given(opened("alice", "bob"), topped_up("alice", 10), rig=rig).when(step).then(verdict)


def test_limits_of_amount_come_first():
    rig = Rig(policy_=policy(limits={"transfer_out": False, "per_tx_out": 5}))
    start = given(opened("alice", "bob"), topped_up("alice", 10), rig=rig)
    start.when(pay("alice", "bob", 6)).then(rejected(RejectionReason.LIMIT_PER_TX))
