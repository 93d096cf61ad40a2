"""FR10: how many different wallets paid this one in the last 24 hours."""

import pytest

from schemas.messages.vocabulary import Purpose, WalletKind
from tests.support.builders import DAY
from tests.support.given import (
    accepted,
    capture,
    given,
    opened,
    pay,
    place_hold,
    topped_up,
    waited,
)
from tests.unit.ledger.fraud.watched import BLOCKED, from_elsewhere, saw, watching

FEATURE = "senders_24h"
MANY = tuple(f"from{number}" for number in range(30))


def after(*steps):
    people = (opened("alice", "bob", *MANY), *[topped_up(each, 100) for each in ("alice", *MANY)])
    return given(*people, *steps, rig=watching(FEATURE, 5))


@pytest.mark.parametrize(("senders", "verdict"), [(4, accepted()), (5, BLOCKED), (6, BLOCKED)])
def test_value_against_band(senders, verdict):
    start = after(*[pay(each, "alice", 1) for each in MANY[:senders]])
    start.when(pay("alice", "bob", 1)).then(verdict, saw(senders))


def test_who_pays_twice_is_one():
    start = after(pay("from1", "alice", 1), pay("from2", "alice", 1), pay("from1", "alice", 2))
    start.when(pay("alice", "bob", 1)).then(accepted(), saw(2))


def test_a_top_up_has_no_sender():
    after(topped_up("alice", 1)).when(pay("alice", "bob", 1)).then(saw(0))


@pytest.mark.parametrize(("later", "value"), [(DAY - 1, 1), (DAY, 0)])
def test_a_day_later_it_is_forgotten(later, value):
    after(pay("from1", "alice", 1), waited(later)).when(pay("alice", "bob", 1)).then(saw(value))


def test_the_latest_payment_of_a_sender_is_the_one_that_leaves():
    start = after(pay("from1", "alice", 1), waited(DAY - 1), pay("from1", "alice", 1), waited(1))
    start.when(pay("alice", "bob", 1)).then(saw(1))


def test_no_more_than_24_are_remembered_and_one_that_comes_often_drives_none_out():
    start = after(*[pay(each, "alice", 1) for each in MANY[:24]])
    for _ in range(30):
        start.when(pay("from0", "alice", 1)).then(accepted())
    start.when(pay("alice", "bob", 1)).then(BLOCKED, saw(24))
    for each in MANY[24:]:
        start.when(pay(each, "alice", 1)).then(accepted())
    start.when(pay("alice", "bob", 1)).then(BLOCKED, saw(24))
    senders = [each.wallet_id for each in start.rig.view.inflows.get("alice").senders]
    assert senders == [*MANY[7:24], "from0", *MANY[24:]]


@pytest.mark.parametrize("purpose", [Purpose.TRANSFER, Purpose.CAPTURE, Purpose.CLAIM])
def test_a_wallet_elsewhere_counts_as_well(purpose):
    start = after(pay("from1", "alice", 1))
    start.when(from_elsewhere("zoe-1", "alice", 5, purpose)).then(accepted())
    start.when(pay("alice", "bob", 1)).then(saw(2))


def test_what_was_captured_counts_when_it_comes():
    start = after(place_hold("from1", "alice", 5))
    start.when(pay("alice", "bob", 1)).then(saw(0))
    start.when(capture("from1", 5)).then(accepted())
    start.when(pay("alice", "bob", 1)).then(saw(1))


def test_merchants_are_paid_by_many():
    start = after(opened("shop", kind=WalletKind.MERCHANT))
    arrived = start.when(from_elsewhere("zoe-1", "shop", 5, Purpose.CAPTURE)).then(accepted())
    assert arrived.events[0].from_wallet_id == ""
    assert start.rig.view.inflows.get("shop").senders == ()


def test_what_is_too_old_is_not_kept():
    start = after(pay("from1", "alice", 1), waited(DAY), pay("from2", "alice", 1))
    senders = start.rig.view.inflows.get("alice").senders
    assert [each.wallet_id for each in senders] == ["from2"]
