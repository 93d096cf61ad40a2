"""Who uses one device, and who is told: bands, days, lateness and bounds."""

import random

import pytest

from schemas.messages.policy import Band, Rule
from schemas.messages.risk import Party
from schemas.messages.vocabulary import FlagKind, RiskAction
from streams.risk.bands import Bands
from streams.risk.counted import (
    DAY_US,
    NOBODY,
    PARTIES_KEPT,
    WINDOW_DAYS,
    day_begins,
    leaves_at,
    seen,
)
from streams.wallet.genesis import genesis_ruleset
from tests.support.builders import ruleset

START = 20_000  # a day


def band_of(count):
    return max((each for each in (0, 3, 6) if each <= count), default=0)


def day(number, micros=0):
    return (START + number) * DAY_US + micros


class Subject:
    """One device; `told` are the wallets of every flag, with the count."""

    def __init__(self):
        self.row = NOBODY
        self.told = []

    def sees(self, wallet_id, at):
        counted = seen(self.row, wallet_id, at, band_of)
        return self._keep(counted)

    def wakes(self, at):
        return self._keep(day_begins(self.row, at, band_of))

    def _keep(self, counted):
        if counted is None:
            return []
        self.row = counted.row
        whom = [each.wallet_id for each in counted.told]
        self.told += [(each, len(self.row.parties), self.row.as_of) for each in whom]
        return whom

    @property
    def count(self):
        return len(self.row.parties)


def shared(*names, at=0):
    subject = Subject()
    for each in names:
        subject.sees(each, day(at))
    return subject


def test_below_every_band_nobody_is_told():
    assert shared("a", "b").told == []


def test_a_band_that_is_entered_is_told_to_all():
    subject = shared("a", "b")
    assert subject.sees("c", day(0, 5)) == ["a", "b", "c"]
    assert subject.told == [(each, 3, day(0, 5)) for each in "abc"]


def test_inside_a_band_only_whoever_comes_in_is_told():
    subject = shared(*"abc")
    assert subject.sees("d", day(0)) == ["d"]
    assert subject.sees("d", day(0, 1)) == []
    assert subject.sees("a", day(0, 2)) == []


def test_the_next_band_is_told_to_all():
    subject = shared(*"abcde")
    assert subject.sees("f", day(0)) == list("abcdef")


def test_whoever_comes_again_on_another_day_is_told_anew_since_the_flag_would_end():
    subject = shared(*"abc")
    assert subject.sees("b", day(1)) == ["b"]
    assert subject.sees("b", day(1, 7)) == []


def test_below_all_bands_nobody_is_told_on_another_day():
    assert shared("a", "b").sees("a", day(1)) == []


def test_a_band_that_is_left_is_told_to_those_who_stay():
    subject = shared("a")
    subject.sees("b", day(1))
    subject.sees("c", day(2))
    assert subject.wakes(day(WINDOW_DAYS) - 1) == []
    assert subject.count == 3
    assert subject.wakes(day(WINDOW_DAYS)) == ["b", "c"]
    assert subject.told[-1] == ("c", 2, day(WINDOW_DAYS))


def test_at_last_nobody_is_left():
    subject = shared(*"abc")
    assert subject.wakes(leaves_at(START)) == []
    assert subject.row.parties == ()


@pytest.mark.parametrize(("ago", "count"), [(WINDOW_DAYS - 1, 2), (WINDOW_DAYS, 1)])
def test_a_late_sighting_counts_while_its_day_is_inside(ago, count):
    subject = shared("a")
    subject.sees("b", day(-ago))
    assert subject.count == count


def test_times_of_what_is_told_only_grow_and_none_is_of_a_day_before():
    subject = shared(*"abc")
    subject.sees("d", day(0))
    subject.sees("e", day(-5))
    assert subject.told[-1][2] >= day(0)
    times = [at for _, _, at in subject.told]
    assert times == sorted(times)
    assert len(set(times)) == 3


def test_an_instant_does_not_come_twice():
    subject = shared(*"abc")
    assert [at for _, _, at in subject.told] == [day(0)] * 3
    subject.sees("d", day(0))
    assert subject.told[-1] == ("d", 4, day(0) + 1)


def test_no_more_than_32_are_kept_those_who_were_here_last():
    names = [f"w{number:02}" for number in range(PARTIES_KEPT)]
    subject = shared(*names, at=1)
    assert subject.sees("late", day(0)) == []
    assert subject.sees("zoe", day(1)) == ["zoe"]
    assert [each.wallet_id for each in subject.row.parties] == [*names[1:], "zoe"]


@pytest.mark.parametrize("seed", range(60))
def test_any_order_and_any_repeats_count_what_a_look_at_everything_counts(seed):
    dice = random.Random(seed)
    wallets = [f"w{number}" for number in range(dice.choice((4, 8, 50)))]
    uses = [
        (dice.choice(wallets), day(dice.randrange(75), dice.randrange(DAY_US)))
        for _ in range(dice.choice((20, 200)))
    ]
    last = max(at for _, at in uses) // DAY_US
    latest = {}
    for wallet_id, at in uses:
        latest[wallet_id] = max(latest.get(wallet_id, 0), at // DAY_US)
    inside = sorted((d, name) for name, d in latest.items() if d > last - WINDOW_DAYS)
    wanted = tuple(Party(name, d) for d, name in inside[-PARTIES_KEPT:])
    for _ in range(3):
        dice.shuffle(uses)
        subject = Subject()
        for wallet_id, at in uses + dice.sample(uses, len(uses) // 2):
            subject.sees(wallet_id, at)
        subject.wakes(last * DAY_US)
        assert subject.row.parties == wanted
        assert subject.row.band == band_of(len(wanted))
        times = [at for _, _, at in subject.told]
        assert times == sorted(times)


@pytest.mark.parametrize("seed", range(20))
def test_whoever_is_inside_was_told_of_the_band_last(seed):
    """In order of time: what a wallet was told last is of the band that its device is in."""
    dice = random.Random(seed)
    uses = sorted(
        (day(dice.randrange(60), dice.randrange(DAY_US)), f"w{dice.randrange(9)}")
        for _ in range(60)
    )
    subject = Subject()
    for at, wallet_id in uses:
        while subject.row.parties and leaves_at(subject.row.parties[0].day) <= at:
            subject.wakes(leaves_at(subject.row.parties[0].day))
        subject.sees(wallet_id, at)
        told = {name: count for name, count, _ in subject.told}
        for each in subject.row.parties:
            assert band_of(told.get(each.wallet_id, 0)) == subject.row.band


def test_bands_are_those_of_the_ruleset():
    bands = Bands(genesis_ruleset())
    device = [bands.band_of(FlagKind.DEVICE_PARTIES, each) for each in (0, 2, 3, 5, 6, 32)]
    assert device == [0, 0, 3, 3, 6, 6]
    assert [bands.band_of(FlagKind.INSTRUMENT_PARTIES, each) for each in (2, 3, 9)] == [0, 3, 3]


def test_where_a_band_ends_another_begins_and_without_a_rule_there_is_none():
    rule = Rule("FR20", "device_parties", (Band(2, 4, 9, RiskAction.ALLOW),), 0)
    bands = Bands(ruleset(rule))
    assert [bands.band_of(FlagKind.DEVICE_PARTIES, each) for each in (1, 2, 3, 4)] == [0, 2, 2, 4]
    assert bands.band_of(FlagKind.INSTRUMENT_PARTIES, 32) == 0
