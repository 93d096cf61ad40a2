"""The second model follows what seldom happens with banks and cards, step by step."""

import pytest

from ops.auditor.auditor import Auditor, Given
from schemas.messages.vocabulary import RejectionReason, StatusAction, Tier
from tests.support.bank import (
    brought_back,
    cancelled,
    charged_back,
    cleared,
    handed_over,
    resolved,
    returned,
    settled,
    submitted,
    withdraw,
)
from tests.support.builders import DAY, Rig, fees, partition_of, policy
from tests.support.given import (
    opened,
    pay,
    set_status,
    set_tier,
    topped_up,
    waited,
)

CLOSE = set_status("alice", StatusAction.CLOSE)
START = (opened("alice", "bob"), topped_up("alice", 100_00, ext_ref="card1"))
DEBT = (
    submitted("alice", 50_00),
    cleared("alice", 20_00),
    cleared("alice", 30_00),
    settled("alice", "top"),
    pay("alice", "bob", 120_00, "pay"),
    returned("alice"),
)
OUT = (withdraw("alice", 90_00), handed_over("alice"))
STORIES = {
    "over the cap": (
        submitted("alice", 150_00),
        cleared("alice", 150_00),
        cleared("alice", 100_00),
        topped_up("alice", 1_00),
        pay("alice", "bob", 30_00, "pay"),
        cleared("alice", 60_00),
        set_tier("alice", Tier.ENHANCED),
        cleared("alice", 40_00),
        returned("alice"),
    ),
    "windows given back": (
        submitted("alice", 150_00),
        returned("alice"),
        submitted("alice", 150_00, "next", "next"),
        submitted("alice", 11_00, "more", "more"),
        waited(DAY),
        returned("alice", "next"),
        submitted("alice", 160_00, "last", "last"),
    ),
    "a debt": (
        *DEBT,
        pay("alice", "bob", 28_00, "rest"),
        CLOSE,
        topped_up("alice", 5_00),
        topped_up("alice", 100_00),
    ),
    "a debt of a chargeback": (
        pay("alice", "bob", 60_00, "pay"),
        charged_back("alice", 70_00),
        charged_back("alice", 31_00, "more"),
        charged_back("alice", 30_00, "rest"),
        resolved("alice", won=False),
        resolved("alice", won=True, chargeback_id="rest"),
        resolved("alice", won=True),
        charged_back("alice", 30_00, "again"),
        CLOSE,
    ),
    "closed meanwhile": (
        *OUT,
        withdraw("alice", 8_02, "all"),
        handed_over("alice", "all", "ref2"),
        settled("alice", "all"),
        CLOSE,
        settled("alice"),
        CLOSE,
        brought_back("alice"),
        charged_back("alice", 100_00),
        resolved("alice", won=False),
    ),
    "one reference": (
        *OUT,
        withdraw("alice", 1_00, "next"),
        handed_over("alice", "next"),
        set_status("alice", StatusAction.FREEZE_DEBIT),
        handed_over("alice", "next", "other"),
        cancelled("alice", "next"),
        brought_back("alice"),
    ),
}


def lived(story, **changed):
    rig = Rig(
        partitions=1,
        policy_=policy(fees=fees(100), limits={"balance_cap": 200_00, "day_in": 260_00}, **changed),
    )
    for step in (*START, *STORIES[story]):
        step(rig)
    return rig


@pytest.mark.parametrize("refunds", [True, False])
@pytest.mark.parametrize("story", STORIES)
def test_the_auditor_tells_the_same_story(story, refunds):
    rig = lived(story, withdrawal_return_refunds_fee=refunds)
    auditor = Auditor(partition_of(1), *rig.genesis)
    for (decision, _), record in zip(rig.log, rig.records, strict=True):
        assert auditor.take(decision, Given(decision.source.append_time, *record)) == []


def test_the_stories_are_what_they_are_called():
    reasons = {
        story: {each.reason for each, _ in lived(story).log if each.reason is not None}
        for story in STORIES
    }
    assert RejectionReason.LIMIT_BALANCE_CAP in reasons["over the cap"]
    assert RejectionReason.LIMIT_WINDOW in reasons["windows given back"]
    assert RejectionReason.REFUND_EXCEEDED in reasons["a debt of a chargeback"]
    assert RejectionReason.DUPLICATE_EXTERNAL_REF in reasons["one reference"]
    details = [each.detail for each, _ in lived("a debt").log]
    assert "debt" in details
    flows = [entry.flow for each, _ in lived("closed meanwhile").log for entry in each.entries]
    assert flows[-3:] == ["F3c.5", "F21.1", "F10.5"]
