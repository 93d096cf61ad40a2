"""When a snapshot is due: after many records, in calm after a tenth of them."""

from streams.runtime.fakes_local import FakeClock
from streams.runtime.snapshots import CALM_S, CALM_SHARE, SETTLE_S, Pace

WORTH = 100
LITTLE = WORTH // CALM_SHARE


def test_under_load_only_the_records_count():
    pace = Pace(WORTH, FakeClock())
    pace.taken(WORTH)
    assert not pace.due(2 * WORTH - 1)
    assert pace.due(2 * WORTH)


def test_in_calm_a_tenth_is_enough():
    clock = FakeClock()
    pace = Pace(WORTH, clock)
    pace.taken(WORTH)
    assert not pace.due(WORTH + LITTLE)
    clock.sleep(CALM_S)
    assert not pace.due(WORTH + LITTLE - 1)
    assert pace.due(WORTH + LITTLE)
    pace.taken(WORTH + LITTLE)
    assert not pace.due(WORTH + 3 * LITTLE)
    clock.sleep(CALM_S)
    assert pace.due(WORTH + 2 * LITTLE)


def test_a_new_owner_waits_until_it_has_settled_and_not_for_calm():
    """Owners that follow each other quickly would else leave each other ever longer tails."""
    clock = FakeClock()
    pace = Pace(WORTH, clock)
    pace.known(WORTH)
    assert not pace.due(WORTH + LITTLE)
    clock.sleep(SETTLE_S)
    assert not pace.due(WORTH + LITTLE - 1)
    assert pace.due(WORTH + LITTLE)
