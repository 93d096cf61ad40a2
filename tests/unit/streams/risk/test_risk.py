"""What the ledger decides becomes sightings, these become counts, and counts are told in-band."""

import pytest

from schemas.codec import decode
from schemas.messages.commands import ChangeWalletStatus, Origin, TopUp, Transfer
from schemas.messages.control import ActivateRuleset, Control
from schemas.messages.policy import Band, Rule
from schemas.messages.vocabulary import (
    ActivationMode,
    Authentication,
    Authority,
    Outcome,
    RejectionReason,
    RiskAction,
    StatusAction,
)
from tests.support.builders import ruleset
from tests.unit.streams.risk.town import DAY_US, Town
from topics.partitioning import partition_of

DEVICE, CARD = "DEVICE_PARTIES", "INSTRUMENT_PARTIES"
PEOPLE = ("ann", "bob", "cat", "dan", "eve", "fay", "gus")


def town_of(count, device_id="phone", **more):
    town = Town()
    for each in PEOPLE[:count]:
        town.opens(each, device_id, **more)
    return town


def test_a_device_of_six_wallets_has_to_be_proven_and_then_pays():
    town = town_of(6)
    town.wait(DAY_US)
    decision = town.pays("fay", "ann", 5, "pay", device_id="phone")
    assert decision.reason is RejectionReason.STEP_UP_REQUIRED
    town.wait(DAY_US)
    proven = {"device_id": "phone", "authentication": Authentication.STRONG}
    assert town.pays("fay", "ann", 5, "again", **proven).outcome is Outcome.ACCEPTED


def test_of_five_wallets_it_weighs_and_asks_nothing():
    town = town_of(5)
    town.wait(DAY_US)
    decision = town.pays("eve", "ann", 5, "pay", device_id="phone")
    assert decision.outcome is Outcome.ACCEPTED
    fired = {each.feature: each.value for each in decision.risk.fired}
    assert fired["device_parties"] == 5
    # What a wallet was told when it came in is not told anew inside the band.
    assert [town.known(each) for each in ("ann", "dan")] == [[3], [4]]


def test_everybody_is_told_of_a_band_and_the_ledger_takes_it():
    town = town_of(3)
    assert town.told() == [("ann", 3), ("bob", 3), ("cat", 3)]
    assert {each.outcome for each in town.answers} == {Outcome.ACCEPTED}
    assert [town.known(each) for each in PEOPLE[:4]] == [[3], [3], [3], []]
    town.opens("dan", "phone")
    assert town.told()[3:] == [("dan", 4)]


def test_no_wallet_is_told_twice_of_the_same_band_on_one_day():
    town = town_of(7)
    for number in range(4):
        town.pays("ann", "bob", 1, f"p{number}", device_id="phone")
    ids = [decode(Control, each.value).control_id for each in town.flags]
    assert len(set(ids)) == len(ids) == 3 + 2 + 6 + 1


def test_another_device_is_another_subject():
    town = town_of(2)
    town.opens("cat", "tablet")
    assert town.told() == []


def test_a_card_that_fills_three_wallets():
    town = town_of(3, "", card="visa")
    assert town.told() == [("ann", 3), ("bob", 3), ("cat", 3)]
    town.wait(DAY_US)
    decision = town.pays("cat", "ann", 5, "pay")
    fired = {each.feature: each.weight for each in decision.risk.fired}
    assert fired["instrument_parties"] == 200


def test_what_counts_as_a_use():
    town = Town()
    town.opens("ann", "phone", funds=0)
    town.opens("bob", funds=0)
    assert town.seen() == [("ann", DEVICE)]
    town.command("ann", TopUp("EUR", 50, "card", "r"), "fill", Origin("visa", "phone"))
    assert town.seen()[1:] == [("ann", DEVICE), ("ann", CARD)]
    refused = town.pays("ann", "bob", 60, "much", device_id="phone")  # an attempt all the same
    assert refused.reason is RejectionReason.INSUFFICIENT_FUNDS
    assert town.seen()[3:] == [("ann", DEVICE)]


def test_what_is_none():
    town = Town()
    town.opens("ann", "phone", funds=50)
    town.opens("bob", funds=0)
    before = town.seen()
    town.pays("ann", "ann", 5, "self", device_id="other")
    town.pays("zoe", "ann", 5, "nobody", device_id="other")
    dry = Transfer("bob", "EUR", 5)
    town.command("ann", dry, "dry", Origin(device_id="other"), dry_run=True)
    again = ChangeWalletStatus(StatusAction.FREEZE_DEBIT, Authority.OPERATOR)
    town.command("ann", again, "freeze")
    town.command("ann", again, "freeze", Origin(device_id="other"))
    assert town.seen() == before


def test_a_month_later_those_who_stay_are_told_that_the_band_is_left():
    town = town_of(2)
    town.wait(5 * DAY_US)
    town.opens("cat", "phone")
    assert town.told() == [("ann", 3), ("bob", 3), ("cat", 3)]
    town.wait(24 * DAY_US)
    town.pays("ann", "bob", 1, "pay", device_id="phone")
    assert town.told()[3:] == [("ann", 3)]
    town.wait(2 * DAY_US)
    assert town.told()[4:] == [("cat", 2), ("ann", 2)]
    assert town.known("ann") == [2]
    town.wait(40 * DAY_US)
    assert town.told()[6:] == []
    assert town.overlay.table(town.kind.tables[0]).first(1) == []
    assert town.overlay.table(town.kind.tables[1]).first(1) == []


@pytest.mark.parametrize(
    ("mode", "percent", "told"),
    [(ActivationMode.LIVE, 0, 2), (ActivationMode.SHADOW, 0, 0), (ActivationMode.CANARY, 9, 0)],
)
def test_bands_are_those_in_force(mode, percent, told):
    town = town_of(1)
    rules = ruleset(Rule("FR20", "device_parties", (Band(2, None, 1, RiskAction.ALLOW),), 0))
    town.control(ActivateRuleset(rules, mode, percent), "rules")
    town.opens("bob", "phone")
    assert len(town.told()) == told


def test_a_flag_goes_where_its_wallet_lives_and_a_sighting_where_its_device_is_counted():
    town = Town()
    town.job = type(town.kind)(8).open(town.overlay, 0)
    for each in PEOPLE[:3]:
        town.opens(each, "phone", funds=0)
    assert len({each.partition for each in town.sightings}) == 1
    assert [(each.partition, each.key) for each in town.flags] == [
        (partition_of(each, 8), str(partition_of(each, 8)).encode()) for each in PEOPLE[:3]
    ]
