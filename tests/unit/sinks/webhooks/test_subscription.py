"""Filters, secrets, the id a receiver drops a repeat by, and what cannot be kept."""

import pytest

from sinks.webhooks.subscription import (
    FILTERS_MAX,
    Refused,
    Secrets,
    Standing,
    check,
)
from tests.unit.sinks.webhooks.told import AT, FORMER, HOUR_US, SECRET, event, subscription


@pytest.mark.parametrize(
    ("said", "wanted"),
    [
        ({}, True),
        ({"types": ("transfer.completed",)}, True),
        ({"types": ("transfer.*",)}, True),
        ({"types": ("*",)}, True),
        ({"types": ("transfer.failed", "hold.*")}, False),
        ({"types": ("transfer.complete",)}, False),
        ({"wallets": ("w-1", "w-2")}, True),
        ({"wallets": ("w-2",)}, False),
        ({"reasons": ("LIMIT",)}, False),
        ({"since": AT + 1}, False),  # decided before it was there
        ({"standing": Standing.DISABLED}, False),
    ],
)
def test_a_filter_lets_pass_what_it_names(said, wanted):
    assert subscription(**said).wants(event()) is wanted


def test_a_reason_is_matched_whole():
    told = subscription(reasons=("LIMIT_DAILY",))
    assert told.wants(event(reason="LIMIT_DAILY"))
    assert not told.wants(event(reason="LIMIT"))


def test_the_message_id_is_the_same_for_ever_and_of_one_subscription():
    one, other = subscription("wh-1"), subscription("wh-2")
    assert one.message_id("notice:a.b c") == one.message_id("notice:a.b c")
    ids = {each.message_id(of) for each in (one, other) for of in ("e-1", "e-2")}
    assert len(ids) == 4
    assert all(each.startswith("msg_") and "." not in each for each in ids)


def test_two_secrets_are_valid_while_one_replaces_the_other():
    after = Secrets(FORMER).rotated(SECRET, AT, HOUR_US)
    assert after.valid(AT) == after.valid(AT + HOUR_US - 1) == (SECRET, FORMER)
    assert after.valid(AT + HOUR_US) == (SECRET,)


def test_never_more_than_two_secrets_are_valid():
    again = Secrets(FORMER).rotated(SECRET, AT, HOUR_US).rotated("whsec_new", AT, HOUR_US)
    assert again.valid(AT) == ("whsec_new", SECRET)


@pytest.mark.parametrize(
    ("said", "field"),
    [
        ({"name": "two words"}, "id"),
        ({"name": "x" * 65}, "id"),
        ({"owner": "o" * 129}, "owner"),
        ({"types": ("Transfer",)}, "type"),
        ({"types": ("transfer.com*",)}, "type"),
        ({"wallets": ("",)}, "wallet"),
        ({"wallets": ("w-1", "w-1")}, "wallet"),
        ({"reasons": tuple(f"R{number}" for number in range(FILTERS_MAX + 1))}, "reason"),
    ],
)
def test_what_cannot_be_kept_is_refused_by_its_field(said, field):
    with pytest.raises(Refused, match=f"^{field}: "):
        check(subscription(**said))


def test_an_ordinary_one_is_kept():
    check(subscription(types=("transfer.*", "notice.low-balance", "*"), wallets=("w-1",)))
