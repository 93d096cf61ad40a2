"""Whatever a day brings, a round over it finds nothing: tables are the fold, counters add up."""

from hypothesis import given, settings
from hypothesis import strategies as st

from streams.wallet.genesis import genesis_policy, genesis_ruleset
from tests.support.demo_day import demo_day
from tests.support.rounds import counters_of, held_by, state_of
from tests.support.traffic import PARTITIONS, Traffic

COMMANDS = 1_000
seeds = st.integers(0, 2**32)


@settings(max_examples=15)
@given(seeds, st.integers(1, 150))
def test_a_round_over_any_traffic_finds_nothing(seed, length):
    for writer in Traffic().run(seed, length).writers:
        found = state_of(writer)
        assert (found.rows, found.differences) == ([], ())
        again = counters_of(writer, PARTITIONS)
        assert (again.stopped, again.otherwise, again.differing) == ("", 0, [])


def test_a_round_over_a_demo_day_finds_nothing():
    writers = demo_day(seed=7, commands=COMMANDS)
    genesis = genesis_policy(), genesis_ruleset()
    wallets = 0
    for writer in writers:
        assert state_of(writer).rows == []
        found = counters_of(writer, len(writers), held_by(writer), genesis)
        assert (found.stopped, found.otherwise, found.differing) == ("", 0, [])
        wallets += found.wallets
    assert wallets > 10
