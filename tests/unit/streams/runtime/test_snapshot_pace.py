"""When a snapshot is due: after many records, at rest after a tenth of them."""

import pytest

from streams.runtime.fakes_local import FakeClock
from streams.runtime.snapshots import CALM_S, CALM_SHARE, SETTLE_S, Pace

WORTH = 100
LITTLE = WORTH // CALM_SHARE


def test_under_load_only_the_records_count():
    pace = Pace(WORTH, FakeClock())
    pace.taken(WORTH)
    assert not pace.due(2 * WORTH - 1)
    assert pace.due(2 * WORTH)


@pytest.mark.parametrize(("begin", "rest_s"), [(Pace.taken, CALM_S), (Pace.known, SETTLE_S)])
def test_a_tenth_is_enough_in_calm_and_for_a_new_owner_that_has_settled(begin, rest_s):
    """Owners that follow each other quickly would else leave each other ever longer tails."""
    clock = FakeClock()
    pace = Pace(WORTH, clock)
    begin(pace, WORTH)
    assert not pace.due(WORTH + LITTLE)
    clock.sleep(rest_s)
    assert not pace.due(WORTH + LITTLE - 1)
    assert pace.due(WORTH + LITTLE)


def test_after_each_snapshot_calm_begins_anew():
    clock = FakeClock()
    pace = Pace(WORTH, clock)
    clock.sleep(CALM_S)
    pace.taken(WORTH)
    assert not pace.due(WORTH + 2 * LITTLE)
    clock.sleep(CALM_S)
    assert pace.due(WORTH + LITTLE)
