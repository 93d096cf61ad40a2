"""A merchant answers a dispute by references, in time; then it is under review."""

import pytest

from schemas.messages.commands import (
    ChangeWalletStatus,
    OpenDispute,
    ResolveDispute,
    SubmitEvidence,
    WithdrawDispute,
)
from schemas.messages.events import EvidenceSubmitted
from schemas.messages.rows import Evidence
from schemas.messages.vocabulary import (
    Authority,
    Outcome,
    RejectionReason,
    StatusAction,
    TransactionState,
)
from tests.support.builders import DAY, NOON
from tests.unit.ledger.merchants import DAY_S, Market

DIGEST = "ab" * 32
EVIDENCE_S = 30 * DAY_S


def submit(ref="file-1", digest=DIGEST, dispute="d"):
    return SubmitEvidence(dispute, ref, digest)


def disputed(home=1):
    market = Market(home, dispute_evidence_s=EVIDENCE_S)
    market.pay()
    market.mature()
    market.order(OpenDispute("sam/p", 6_000, "file"), "d")
    return market


def answered(home=1):
    market = disputed(home)
    decision = market.order(submit())
    assert decision.outcome is Outcome.ACCEPTED, (decision.reason, decision.detail)
    return market


def evidence(market):
    return market.rig.view.evidence.get((market.merchant, "d"))


def refused(market, body, reason, detail):
    before = evidence(market)
    decision = market.order(body)
    assert (decision.reason, decision.detail) == (reason, detail)
    assert evidence(market) == before
    market.check()


def test_evidence_is_a_reference_and_a_digest():
    market = disputed()
    decision = market.order(submit())
    row = evidence(market)
    assert row.deadline == NOON + 32 * DAY
    assert row.evidence == (Evidence("file-1", DIGEST, NOON + 2 * DAY),)
    assert decision.events[0] == EvidenceSubmitted(market.merchant, "d", row)
    assert decision.events[1].reason == "file-1"
    assert decision.entries == ()
    market.check()


def test_more_of_it_is_listed_in_order():
    market = answered()
    market.rig.wait(DAY)
    market.order(submit("file-2", "cd" * 32))
    assert [(each.evidence_ref, each.at) for each in evidence(market).evidence] == [
        ("file-1", NOON + 2 * DAY),
        ("file-2", NOON + 3 * DAY),
    ]
    assert evidence(market).deadline == NOON + 32 * DAY


def test_who_has_answered_does_not_lose_by_waiting():
    market = answered()
    assert market.thing("d").due == 0
    market.later(365 * DAY_S)
    assert market.thing("d").state is TransactionState.PENDING
    assert market.payer_has("W.AVL") == (40_000,)


@pytest.mark.parametrize("home", [0, 1])
@pytest.mark.parametrize(
    ("to_buyer", "state"),
    [
        (0, TransactionState.FAILED),
        (2_000, TransactionState.COMPLETED),
        (6_000, TransactionState.COMPLETED),
    ],
)
def test_a_dispute_under_review_is_decided(home, to_buyer, state):
    market = answered(home)
    assert market.order(ResolveDispute("d", to_buyer)).outcome is Outcome.ACCEPTED
    assert market.thing("d").state is state
    assert market.payer_has("W.AVL") == (40_000 + to_buyer,)
    assert len(evidence(market).evidence) == 1
    market.check()


def test_a_frozen_merchant_answers_too():
    market = disputed()
    market.order(ChangeWalletStatus(StatusAction.FREEZE_BOTH, Authority.COURT))
    assert market.order(submit()).outcome is Outcome.ACCEPTED


def test_what_is_under_review_is_not_withdrawn():
    market = answered()
    refused(market, WithdrawDispute("d"), RejectionReason.INVALID_TRANSITION, "under review")


@pytest.mark.parametrize(
    ("body", "reason", "detail"),
    [
        (submit(dispute="-"), RejectionReason.MALFORMED_FIELD, "dispute_id"),
        (submit(""), RejectionReason.MALFORMED_FIELD, "evidence_ref"),
        (submit("free text"), RejectionReason.MALFORMED_FIELD, "evidence_ref"),
        (submit(digest=DIGEST[1:]), RejectionReason.MALFORMED_FIELD, "digest"),
        (submit(digest=DIGEST.upper()), RejectionReason.MALFORMED_FIELD, "digest"),
        (submit(dispute="other"), RejectionReason.INVALID_TRANSITION, "dispute_id"),
    ],
)
def test_what_is_refused(body, reason, detail):
    refused(disputed(), body, reason, detail)


def test_more_evidence_is_late_at_the_deadline():
    market = answered()
    market.rig.wait(30 * DAY - 1)
    assert market.order(submit("file-2")).outcome is Outcome.ACCEPTED
    market.rig.wait(1)
    refused(market, submit("file-3"), RejectionReason.INVALID_TRANSITION, "deadline")


def test_a_first_answer_after_the_deadline_finds_the_dispute_lost():
    market = disputed()
    market.later(30 * DAY_S)
    refused(market, submit(), RejectionReason.INVALID_TRANSITION, "COMPLETED")


@pytest.mark.parametrize("end", [WithdrawDispute("d"), ResolveDispute("d", 0)])
def test_nothing_is_submitted_after_the_end(end):
    market = disputed()
    market.order(end)
    state = market.thing("d").state.name
    refused(market, submit(), RejectionReason.INVALID_TRANSITION, state)


def test_there_is_room_for_sixteen():
    market = disputed()
    for number in range(16):
        assert market.order(submit(f"file-{number}")).outcome is Outcome.ACCEPTED
    refused(market, submit("one-more"), RejectionReason.BOUND_EXCEEDED, "evidence")
