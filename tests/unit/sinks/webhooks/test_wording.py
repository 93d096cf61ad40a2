"""What a person reads."""

import json

import pytest

from sinks.webhooks.events import body_of, of_attempt, of_notice
from sinks.webhooks.wording import KINDS, TITLES, URGENT, wording
from tests.unit.sinks.webhooks.told import attempt, event, notice


def read(found):
    return wording(found.type, json.loads(body_of(found))["data"])


def test_a_low_balance_is_told_with_its_amount():
    title, text = read(of_notice(notice()))
    assert (title, text) == ("Notice: LOW-BALANCE", "W.AVL of w-1 is 9.50 EUR.")


def test_what_is_missing_to_the_level_is_told():
    _, text = read(of_notice(notice(amount=100_00)))
    assert text.endswith(" 100.00 EUR bring it to its level.")


@pytest.mark.parametrize("action", ["BLOCK", "REVIEW", "STEP_UP"])
def test_an_attempt_is_told_without_its_reasons(action):
    found = of_attempt(
        attempt(action=action, amount_minor=5_00, currency="EUR", fired_rules="FR7", score=90)
    )
    title, text = read(found)
    assert title == TITLES[found.type]
    assert text.startswith("Transfer of 5.00 EUR from wallet w-1.")
    assert "FR7" not in text
    assert "90" not in text


def test_an_attempt_about_no_amount_is_told_too():
    _, text = read(of_attempt(attempt(action="BLOCK")))
    assert text.startswith("Transfer from wallet w-1.")


def test_whatever_is_subscribed_to_can_be_told():
    assert wording("hold.voided", event().data)[1] == "hold.voided of wallet w-1"


def test_every_urgent_kind_has_a_title_and_is_of_a_choice():
    assert set(TITLES) == URGENT <= {each for kinds in KINDS.values() for each in kinds}
