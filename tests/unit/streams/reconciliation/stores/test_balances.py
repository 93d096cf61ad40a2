"""RI11: what Redis holds of balances: behind is lag, stale is not, ahead and altered are forged."""

from itertools import product

import pytest

from ledger.facts import fold_balances
from ledger.units import SYSTEM, UNIT_BUCKETS, place_of, unit_bucket, unit_of, wallet_of
from schemas.messages.recon import BalanceHeld, BalancesHeld
from schemas.messages.vocabulary import ReconAction, ReconCheck, Store
from tests.unit.sinks.sample_log import SampleLog
from tests.unit.streams.reconciliation.stores.depot import Depot


@pytest.fixture(scope="module")
def log():
    return SampleLog(seed=8, wallets=12).day(400, group=12, void_every=6)


@pytest.fixture
def hashes(log):
    return Hashes(log)


class Hashes:
    """A Redis that stands at the end of the log; what was set may be changed."""

    def __init__(self, log):
        self.log = log
        self.depot = Depot(log)
        self.seals = self.depot.seals
        self.end = self.seals[-1]
        self.fields = self.at(self.end)

    def at(self, sequence):
        """What it holds when it is past a sequence: (wallet, field) -> value."""
        passed = [each for each in self.log.decisions if each.sequence <= sequence]
        newest = fold_balances(passed).items()
        return {place_of(*key): f"{minor} {own}" for key, (minor, own) in newest}

    def attest(self, fields=None, watermark=None, covered=None, buckets=range(UNIT_BUCKETS)):
        """Every bucket is read."""
        held = self.fields if fields is None else fields
        for bucket in buckets:
            some = [
                BalanceHeld(*place, value)
                for place, value in held.items()
                if unit_bucket(unit_of(*place)) == bucket
            ]
            body = BalancesHeld(bucket, watermark or self.end, covered or self.end, tuple(some))
            self.depot.tell(body, Store.REDIS)
        return self.depot

    def busy(self):
        """A balance that changed in the last transactions, and often."""
        touched = [
            place_of(each.account, each.owner, each.currency)
            for each in self.log.decisions[-1].balances + self.log.decisions[-2].balances
        ]
        return max(self.fields, key=lambda place: (place in touched, place))

    def one(self):
        """A balance of a wallet."""
        return min(place for place in self.fields if place[0] != SYSTEM)

    def heal(self):
        """Do what was ordered; how many fields that were."""
        repairs = [(order.bucket, each) for order in self.depot.orders for each in order.balances]
        for unit, each in repairs:
            place = wallet_of(unit), each.field
            assert self.fields.get(place, "") == each.held
            if each.wanted:
                self.fields[place] = each.wanted
            else:
                del self.fields[place]
        return len(repairs)

    def assert_healed(self, count):
        assert self.heal() == count
        assert self.fields == self.at(self.end)
        depot = self.attest()
        assert len(depot.closed) == len(depot.opened) > 0


def test_whatever_an_honest_store_was_past_it_is_no_break(hashes):
    """Read anywhere between its position before and the one that covers it, judged later still."""
    depot, seals = hashes.depot, hashes.seals[-30:]
    for judged in (*seals[::7], hashes.end):
        depot.follow(judged)
        below = [each for each in seals if each <= judged]
        for before, read, after in product(below[-3:], repeat=3):
            if before <= read <= after:
                hashes.attest(hashes.at(read), before, after)
    assert depot.said == []


def test_a_store_far_behind_is_lag(hashes):
    hashes.depot.follow()
    for early in hashes.seals[::9]:
        hashes.attest(hashes.at(early), early, hashes.end)
    assert hashes.depot.said == []


def test_a_value_older_than_the_store_said_it_was_past_is_stale(hashes):
    hashes.depot.follow()
    place = hashes.busy()
    for early in reversed(hashes.seals):
        old = hashes.at(early).get(place)
        if old is not None and old != hashes.fields[place]:
            break
    hashes.fields[place] = old
    depot = hashes.attest()
    (found,) = depot.opened
    assert (found.check, found.action) == (ReconCheck.RI11, ReconAction.REPAIR)
    assert "stale" in found.detail
    hashes.assert_healed(1)


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        (lambda minor, own: f"{minor + 1} {own}", "is expected"),
        (lambda minor, own: f"{minor} {own + 1}", "ahead of"),
        (lambda minor, own: f"{minor} {10**15 + own}", "ahead of"),
        (lambda minor, own: f"{minor}", "nobody can read"),
        (lambda minor, own: f"0x1 {own}", "nobody can read"),
        (lambda minor, own: f"{minor} 0", "stale"),
    ],
)
def test_a_changed_value_is_found_and_the_order_says_what_it_was(hashes, changed, said):
    hashes.depot.follow()
    place = hashes.one()
    minor, own = map(int, hashes.fields[place].split())
    hashes.fields[place] = changed(minor, own)
    (found,) = hashes.attest().opened
    assert found.subject == f"REDIS wallet:{place[0]}"
    assert said in found.detail
    assert found.break_id == f"RI11-0-wallet:{place[0]}-1"
    hashes.assert_healed(1)


def test_a_missing_field_and_a_missing_wallet(hashes):
    hashes.depot.follow()
    wallet, field = hashes.one()
    lost = [place for place in hashes.fields if place[0] == wallet]
    for place in lost:
        del hashes.fields[place]
    (found,) = hashes.attest().opened
    assert f"{field} is missing" in found.detail
    hashes.assert_healed(len(lost))


def test_what_is_no_balance_is_to_be_removed(hashes):
    hashes.depot.follow()
    wallet, _ = hashes.one()
    hashes.fields["ghost", "W.AVL:EUR"] = "5 5"
    hashes.fields[wallet, "W.AVL:XXX"] = "5 5"
    hashes.fields[SYSTEM, "nonsense"] = "5 5"
    depot = hashes.attest()
    assert len(depot.opened) == 3
    assert {each.wanted for order in depot.orders for each in order.balances} == {""}
    hashes.assert_healed(3)


def test_an_account_of_the_system_is_a_unit_of_its_own(hashes):
    hashes.depot.follow()
    places = sorted(place for place in hashes.fields if place[0] == SYSTEM)[:2]
    for place in places:
        hashes.fields[place] = "1" + hashes.fields[place]
    depot = hashes.attest()
    assert {each.subject for each in depot.opened} == {
        f"REDIS system:{place[1]}" for place in places
    }
    hashes.assert_healed(2)


def test_ahead_is_judged_when_the_log_was_followed_past_all_that_can_be_held(hashes):
    early, late = hashes.seals[-20], hashes.end
    hashes.depot.follow(early)
    hashes.attest(hashes.fields, early, late)  # ahead of the job, and honest
    assert hashes.depot.said == []
    hashes.fields[hashes.one()] = "7 99999"
    hashes.attest(hashes.fields, early, late)
    assert hashes.depot.said == []
    hashes.depot.follow()
    assert [each.subject for each in hashes.depot.opened] == [f"REDIS wallet:{hashes.one()[0]}"]


def test_many_corrupted_wallets_are_a_break_and_an_order_each(hashes):
    hashes.depot.follow()
    for place, value in hashes.fields.items():
        hashes.fields[place] = "9" + value
    depot = hashes.attest()
    units = {unit_of(*place) for place in hashes.fields}
    assert {each.bucket for each in depot.orders} == units
    assert len(depot.opened) == len(units)
    hashes.assert_healed(len(hashes.fields))


def test_while_nothing_can_be_said_a_break_stays_open(hashes):
    hashes.depot.follow()
    place = hashes.busy()
    _, own = map(int, hashes.fields[place].split())
    hashes.fields[place] = f"1 {own}"
    assert len(hashes.attest().opened) == 1
    hashes.fields[place] = "1 0"  # older than anything that is kept, and perhaps only behind
    assert hashes.attest(watermark=1).closed == []


def test_stale_is_said_of_a_value_between_older_ones_too(hashes):
    """The newest value may be on its way; the one before it cannot be."""
    hashes.depot.follow()
    place = hashes.busy()
    values, before = [], None
    for seal in hashes.seals:
        now = hashes.at(seal).get(place)
        if now not in {None, before}:
            values.append((seal, now))
            before = now
    (_, oldest), (passed, _), (newest, _) = values[-3:]
    assert passed < newest
    hashes.fields[place] = oldest
    assert "stale" in hashes.attest(watermark=passed).opened[0].detail
