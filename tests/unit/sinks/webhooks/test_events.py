"""What is told of a fact: its type, its own id, and no more than may leave the house."""

import json

import pytest

from schemas.messages.automation import NoticeKind
from schemas.messages.facts import AttemptFact, TransactionFact
from sinks.webhooks.events import ATTEMPT_FIELDS, body_of, of_attempt, of_change, of_notice
from tests.unit.sinks.webhooks.told import AT, attempt, change, notice


@pytest.mark.parametrize(
    ("said", "kind"),
    [
        ({}, "transaction.settled"),
        ({"thing": "TRANSFER", "state": "COMPLETED"}, "transfer.completed"),
        ({"thing": "HOLD", "state": "PARTIALLY_CAPTURED"}, "hold.partially_captured"),
        ({"thing": "HOLD", "state": None}, "hold.changed"),
        ({"thing": "TOP_UP", "state": "COMPLETED"}, "top_up.completed"),
    ],
)
def test_the_type_of_a_change_is_the_thing_and_its_state(said, kind):
    found = of_change(change(**said))
    assert (found.type, found.event_id) == (kind, "transaction:3-7-0")


@pytest.mark.parametrize(
    ("said", "kind"),
    [
        ({"action": "BLOCK"}, "attempt.blocked"),
        ({"action": "REVIEW", "outcome": "ACCEPTED"}, "attempt.review"),
        ({"action": "STEP_UP"}, "attempt.step_up"),
        ({"action": "ALLOW", "outcome": "ACCEPTED"}, "attempt.accepted"),
        ({"action": "ALLOW"}, "attempt.refused"),
        ({"action": None}, "attempt.refused"),  # a limit refused before the rules were asked
    ],
)
def test_the_type_of_an_attempt_is_what_a_customer_notices(said, kind):
    assert of_attempt(attempt(**said)).type == kind


def test_an_attempt_does_not_tell_why():
    given = attempt(
        action="BLOCK", score=90, fired_rules="FR07", fired_json="[7]", missing="m", detail="d"
    )
    found = of_attempt(given)
    assert set(found.data) == set(ATTEMPT_FIELDS) < set(AttemptFact.__match_args__)
    assert "FR07" not in body_of(found)


@pytest.mark.parametrize(
    ("said", "kind"),
    [
        ({}, "notice.low-balance"),
        ({"code": "FUND"}, "notice.fund"),
        ({"kind": NoticeKind.COMMAND_REFUSED, "code": "LIMIT"}, "automation.refused"),
    ],
)
def test_a_notice_is_called_by_its_code(said, kind):
    found = of_notice(notice(**said))
    assert (found.type, found.wallet_id) == (kind, "w-1")


@pytest.mark.parametrize("kind", [NoticeKind.RULES_TAKEN, NoticeKind.RULES_REFUSED])
def test_a_notice_about_rules_is_for_nobody(kind):
    assert of_notice(notice(kind=kind)) is None


def test_no_two_facts_of_different_topics_have_one_id():
    same = "3-7"
    ids = {
        of_change(change(change_id=same)).event_id,
        of_attempt(attempt(attempt_id=same)).event_id,
        of_notice(notice(notice_id=same)).event_id,
    }
    assert len(ids) == 3


def test_the_body_is_the_envelope_of_the_standard_and_every_column():
    document = json.loads(body_of(of_change(change(amount_minor=5, currency="EUR"))))
    assert list(document) == ["id", "type", "timestamp", "data"]
    assert document["timestamp"] == "2023-11-14T22:13:20+00:00"
    assert list(document["data"]) == list(TransactionFact.__match_args__)
    assert (document["data"]["amount_minor"], document["data"]["decided_at"]) == (5, AT)
