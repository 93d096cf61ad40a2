"""A sink is killed without warning, at its worst moments; its heir leaves the rows of the log."""

import signal
import time

import pytest

from sinks.crash import AFTER_OFFSET, BEFORE_OFFSET, MID_BATCH
from tests.integration.sinks.feeding import PARTITIONS
from tests.integration.sinks.places import STORES
from tests.support.stack import wait_until

# The first batch meets an empty store, a later one a position to compare with.
FIRST, LATER = 1, PARTITIONS + 1
MOMENTS = [(MID_BATCH, FIRST), (MID_BATCH, LATER), (BEFORE_OFFSET, LATER), (AFTER_OFFSET, LATER)]
KILLS = 3


@pytest.mark.parametrize("store", STORES)
@pytest.mark.parametrize(("point", "occurrence"), MOMENTS)
def test_killed_at_a_crash_point(fed, places, store, point, occurrence):
    dying = places.start(store, crash_point=f"{point}:{occurrence}")
    with places.level(store, fed) as level:

        def dead():
            if occurrence == LATER and level():  # more than it asks for would slow all that follow
                fed.grow(20)
            return dying.poll() is not None

        wait_until(dead, 60)
    fed.grow(20)
    assert dying.returncode == -signal.SIGKILL
    places.start(store)
    places.wait_for(store, fed)
    places.assert_holds_exactly(store, fed)


@pytest.mark.parametrize("store", STORES)
def test_killed_from_outside_again_and_again_under_load(fed, places, store):
    for number in range(KILLS):
        process = places.start(store)
        places.wait_for(store, fed)
        fed.grow(200)
        time.sleep(0.05 * number)
        process.kill()
        process.wait()
    places.start(store)
    places.wait_for(store, fed)
    places.assert_holds_exactly(store, fed)
