"""Long random days: every invariant of this folder, on at least 200,000 commands of any kind.

The short days of the other files end before rows of old things pile up; these go on for 2,000
operations each. Retries of clients and legs sent again by a recovery are in the mix. How many
commands: `LEDGER_PROPERTY_COMMANDS`; `make property-long` asks for ten millions.
"""

import os
from collections import Counter
from random import Random, getrandbits
from typing import get_args

import pytest

import tests.property.test_ledger_day
import tests.property.test_merchant_day
import tests.property.test_safeguarding
import tests.property.test_schedule_day
import tests.property.test_thirdparty_day
import tests.property.test_treasury_day  # noqa: F401 - each registers its invariants
from schemas.messages.commands import Command
from tests.property.test_auditor import differences_of
from tests.support.aloud import say_aloud
from tests.support.invariants import AT_EVERY_STEP, AT_REST, ON_ANY_DAY
from tests.support.strategies import World, day_of

COMMANDS = int(os.environ.get("LEDGER_PROPERTY_COMMANDS", "200000"))
PARTS = 8
OPERATIONS = 2_000
LOOK_EVERY = 50  # operations; every single one is looked at on short days


def live(seed):
    """Live through one long day, holding everything against it; return the commands of it."""
    world = World()
    for number, operation in enumerate(day_of(seed, OPERATIONS)):
        world.do(operation)
        if number % LOOK_EVERY == 0:
            for check in AT_EVERY_STEP:
                check(world)
    for check in ON_ANY_DAY:
        check(world)
    world.settle()
    for check in (*AT_REST, *ON_ANY_DAY):
        check(world)
    assert differences_of(world) == []
    return world


@pytest.mark.parametrize("part", range(PARTS))
def test_everything_holds_on_long_days(part, request):
    # pytest-randomly seeds every test alike; the parts are to live through days of their own.
    random = Random(f"{getrandbits(32)}/{part}")
    kinds, commands = Counter(), 0
    while commands * PARTS < COMMANDS:
        seed = random.getrandbits(32)
        request.node.add_report_section("call", "seed", f"the long day of seed {seed}")
        world = live(seed)
        commands += len(world.ordered)
        kinds.update(type(body).__name__ for _, body, _, _ in world.ordered)
    assert {each.__name__ for each in get_args(Command)} - set(kinds) == set()
    say_aloud(request, f"{commands} commands of {len(kinds)} kinds on long days")
