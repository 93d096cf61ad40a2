"""Stores are counted in a process of their own, which does not outlive the checks."""

from contextlib import closing
from functools import partial
from multiprocessing import active_children

import pytest

from ops.checker.counting import Counting, counted
from sinks.digests import HISTORY, OUTCOMES


def rows(*sequences):
    return iter([(OUTCOMES, 0, each, ("w", each)) for each in sequences])


def lines():
    """Two rows of a history about one account; the newer one states its balance."""
    yield HISTORY, 3, 8, ("w", "a", 8, [("W.AVL", "EUR", -5)])
    yield HISTORY, 3, 7, ("w", "a", 7, [("W.AVL", "EUR", -9)])


def broken():
    raise ValueError("the store went away")
    yield


def test_another_process_counts_what_this_one_would():
    with closing(Counting()) as counting:
        counting.begin("one", partial(rows, 1, 2, 1_001))
        counting.begin("two", lines)
        found = counting.of("one").sums
        assert (found.count, found.sums) == (3, counted(partial(rows, 1, 2, 1_001)).sums.sums)
        assert list(counting.of("two").newest.balances()) == [
            ((3, "W.AVL", "w", "EUR"), (-5, None))
        ]


def test_a_store_that_goes_away_is_told_where_its_count_is_asked_for():
    with closing(Counting()) as counting:
        counting.begin("one", broken)
        with pytest.raises(ValueError, match="went away"):
            counting.of("one")


def test_the_process_is_there_when_needed_and_gone_afterwards():
    with closing(Counting()) as counting:
        assert active_children() == []
        counting.begin("one", partial(rows, 1))
        counting.of("one")
        assert len(active_children()) == 1
    assert active_children() == []
