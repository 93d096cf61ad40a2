"""FR20: how many wallets used the device of this payment."""

import pytest

from ledger.flags import subject_of
from schemas.messages.vocabulary import Authentication, FlagKind
from tests.support.builders import DAY
from tests.support.given import accepted, pay, waited
from tests.unit.ledger.fraud.told import CARD, after, told
from tests.unit.ledger.fraud.watched import BLOCKED, pays, saw

FEATURE = "device_parties"


@pytest.mark.parametrize(("value", "verdict"), [(2, accepted()), (3, BLOCKED), (32, BLOCKED)])
def test_value_against_band(value, verdict):
    start = after(FEATURE, 3, told(value))
    start.when(pays("alice", "bob", 1, device_id="phone")).then(verdict, saw(value))


@pytest.mark.parametrize("how", list(Authentication))
def test_however_it_is_authenticated(how):
    start = after(FEATURE, 3, told(4))
    start.when(pays("alice", "bob", 1, device_id="phone", authentication=how)).then(saw(4))


@pytest.mark.parametrize("known", [(), (told(3, "tablet"),), (told(3, "phone", CARD),)])
def test_missing_where_nobody_told_anything_of_the_device(known):
    after(FEATURE, 3, *known).when(pays("alice", "bob", 1, device_id="phone")).then(saw(None))


def test_nothing_without_a_device():
    after(FEATURE, 3, told(4)).when(pay("alice", "bob", 1)).then(accepted(), saw(0))


@pytest.mark.parametrize(("later", "value"), [(DAY - 1, 4), (DAY, None)])
def test_what_is_over_is_missing(later, value):
    start = after(FEATURE, 9, told(4, lasts=DAY), waited(later))
    start.when(pays("alice", "bob", 1, device_id="phone")).then(saw(value))


def test_the_latest_word_holds():
    start = after(FEATURE, 3, told(4), waited(1), told(1))
    start.when(pays("alice", "bob", 1, device_id="phone")).then(accepted(), saw(1))


def test_what_a_device_is_called_is_for_ever():
    assert subject_of(FlagKind.DEVICE_PARTIES, "phone") == "8ee43ab6cc11e0a0c03d2328dc311ad3"
    assert subject_of(CARD, "phone") != subject_of(FlagKind.DEVICE_PARTIES, "phone")
