"""Invariants: checks of a world, each a test of random days, and all of them of long ones.

Owns: how a check becomes a test, and the list that `test_long_days.py` runs.
Never: says what must hold; the files of `tests/property` do, where they decorate it.
"""

from hypothesis import given

from tests.support.strategies import World, days

ON_ANY_DAY = []
AT_EVERY_STEP = []
AT_REST = []


def on_any_day(check):
    """Make a test of a check that holds whenever a day ends, whatever is still under way."""
    ON_ANY_DAY.append(check)
    return _test_of(check, lambda day: check(World().run(day)))


def at_every_step(check):
    """Make a test of a check that holds after every single operation."""
    AT_EVERY_STEP.append(check)

    def lived(day):
        world = World()
        for operation in day:
            world.do(operation)
            check(world)

    return _test_of(check, lived)


def at_rest(check):
    """Make a test of a check that holds once everything that was under way has arrived."""
    AT_REST.append(check)
    return _test_of(check, lambda day: check(World().run(day).settle()))


def _test_of(check, lived):
    # Not functools.wraps: hypothesis would look for the arguments of the check.
    def test(day):
        lived(day)

    test.__name__, test.__qualname__ = check.__name__, check.__qualname__
    test.__module__, test.__doc__ = check.__module__, check.__doc__
    return given(days)(test)
