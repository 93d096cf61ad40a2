"""A rule against a plain reading of the log: runs of Decisions in which its condition held."""

from itertools import groupby

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.messages.automation import Bound
from schemas.messages.commands import Transfer
from tests.unit.streams.automation.watched import SECOND, Watched, rule

WALLETS = ("ann", "bob")
MOVES = st.lists(
    st.tuples(
        st.booleans(),  # who pays whom
        st.integers(1, 60_00),  # refused when there is not so much
        st.sampled_from((0, 0, 1, 9, 10, 25)),  # seconds until then
    ),
    max_size=30,
)
COOLDOWNS = st.sampled_from((0, 0, 1, 10, 30))
LOWS = st.one_of(st.none(), st.integers(0, 30_00))
HIGHS = st.one_of(st.none(), st.integers(30_01, 60_00))


@pytest.mark.parametrize("feature", ["balance", "amount"])
@given(moves=MOVES, cooldown_s=COOLDOWNS, low=LOWS, high=HIGHS)
def test_every_crossing_raises_once_and_never_within_the_cool_down(
    feature, moves, cooldown_s, low, high
):
    if low is None and high is None:
        low = 0
    town = Watched(rule(when=(Bound(feature, low, high),), cooldown_s=cooldown_s))
    for backwards, minor, seconds in moves:
        town.wait(seconds * SECOND)
        payer, payee = WALLETS[::-1] if backwards else WALLETS
        town.command(payer, Transfer(payee, "EUR", minor))
    looks = {name: looks_at(town, name, feature, low, high) for name in WALLETS}
    for name in WALLETS:
        told = [(each.crossing, each.at) for each in raised(town, name)]
        wanted = expected(looks[name], cooldown_s * SECOND, town.writer.at)
        assert told == list(enumerate(wanted, 1)), name


def raised(town, name):
    return [each for each in town.notices if each.rule_id == "low" and each.owner == name]


def looks_at(town, name, feature, low, high):
    """When each Decision since the rules touched the wallet, and whether the condition held."""
    found, balance = [], 0
    for decision in town.writer.decisions:
        for after in decision.balances:
            if (after.account, after.owner) == ("W.AVL", name):
                moved, balance = -after.minor - balance, -after.minor
                value = balance if feature == "balance" else moved
                holds = (low is None or value >= low) and (high is None or value < high)
                found.append((decision.decided_at, holds))
    since = town.notices[0].at
    return [each for each in found if each[0] >= since]


def expected(looks, cooldown, now):
    """When each run of holding looks raises: at its beginning, or when the cool-down ends in it."""
    runs = [(holds, list(each)) for holds, each in groupby(looks, lambda look: look[1])]
    times = []
    for number, (holds, run) in enumerate(runs):
        if not holds:
            continue
        over = runs[number + 1][1][0][0] if number + 1 < len(runs) else now
        at = max(run[0][0], times[-1] + cooldown) if times else run[0][0]
        if at <= max(over, run[0][0]):
            times.append(at)
    return times
