"""FR19: whether this wallet never paid from this device, and did from others."""

import pytest

from schemas.messages.commands import BulkItem, BulkTransfer, Origin
from schemas.messages.vocabulary import Authentication, RejectionReason, Tier
from tests.support.builders import DAY
from tests.support.given import accepted, command, given, opened, pay, set_tier, topped_up, waited
from tests.unit.ledger.fraud.watched import BLOCKED, pays, saw, watching

FEATURE = "unseen_device"
STRONG = Authentication.STRONG


def after(*devices):
    people = (opened("alice", "bob"), topped_up("alice", 1_000))
    paid = [pays("alice", "bob", 1, device_id=each, authentication=STRONG) for each in devices]
    return given(*people, *paid, rig=watching(FEATURE, 1))


@pytest.mark.parametrize(
    ("devices", "value", "verdict"),
    [
        ((), 0, accepted()),  # the first is the owner's
        (("phone",), 0, accepted()),
        (("tablet",), 1, BLOCKED),
        (("phone", "tablet"), 0, accepted()),
        (("tablet", "watch"), 1, BLOCKED),
    ],
)
def test_value_against_band(devices, value, verdict):
    after(*devices).when(pays("alice", "bob", 1, device_id="phone")).then(verdict, saw(value))


def test_a_caller_who_does_not_say_it_gives_no_value():
    after().when(pay("alice", "bob", 1)).then(accepted(), saw(0))
    after("phone").when(pay("alice", "bob", 1)).then(accepted(), saw(None))
    after("phone").when(pays("alice", "bob", 1, country="NL")).then(saw(None))


@pytest.mark.parametrize("how", [Authentication.UNSAID, Authentication.NONE])
def test_a_strong_authentication_vouches_for_it_and_makes_it_known(how):
    start = after("phone")
    new = {"device_id": "tablet"}
    start.when(pays("alice", "bob", 1, **new, authentication=how)).then(BLOCKED, saw(1))
    start.when(pays("alice", "bob", 1, **new)).then(BLOCKED)  # a refused one is not known
    start.when(pays("alice", "bob", 1, **new, authentication=STRONG)).then(accepted(), saw(0))
    start.when(pays("alice", "bob", 1, **new, authentication=how)).then(accepted(), saw(0))


def test_no_more_than_eight_are_remembered_the_least_lately_used_leaves():
    names = [f"d{number}" for number in range(9)]
    start = after(*names[:8], "d0", names[8])
    known = [each.device_id for each in start.rig.view.profiles.get("alice").devices]
    assert known == [*names[2:8], "d0", "d8"]
    start.when(pays("alice", "bob", 1, device_id="d1")).then(BLOCKED, saw(1))
    start.when(pays("alice", "bob", 1, device_id="d0")).then(accepted(), saw(0))


def test_devices_stay_for_as_long_as_the_wallet_and_whatever_its_tier():
    start = after("phone")
    start.when(set_tier("alice", Tier.ENHANCED)).then(accepted())
    start.when(waited(400 * DAY))
    start.when(pays("alice", "bob", 1, device_id="tablet")).then(BLOCKED, saw(1))


def test_the_items_of_a_bulk_come_from_where_the_bulk_does():
    start = after("phone")
    body = BulkTransfer((BulkItem("bob", "EUR", 1, "one"),))
    refused = start.when(command("alice", body, origin=Origin(device_id="tablet"))).then()
    assert refused.reason is RejectionReason.RISK_BLOCKED
    start.when(command("alice", body, origin=Origin(device_id="phone"))).then(accepted())
