"""A run over what is expected: each disturbance is found, typed and localised; nothing else is."""

from dataclasses import replace
from itertools import product

import pytest

from schemas.messages.recon import ExceptionMoved, ExceptionOpened
from streams.reconciliation.external.exceptions.followed import Cases
from streams.reconciliation.external.exceptions.workflow import End, State
from streams.reconciliation.external.judged import fee_of
from tests.support.outside_days import RAIL, World
from tests.support.reconciling import ACCOUNT, line

NOON = 1_772_452_800_000_000


class Desk:
    """Exceptions as the log has them, run after run."""

    def __init__(self, world):
        self.world = world
        self.cases = Cases()
        world.cases = self.cases.by_id
        self.at = NOON

    def run(self):
        """Run once; what was opened and what ended, as kinds."""
        found = self.world.judged()
        self.at += 1
        for each in found.opened:
            self.cases.opened(self.at, each)
        for each in found.arrived:
            self.cases.moved(f"{each.case_id}-{each.number}", self.at, each)
        assert self.cases.misfits == []
        return [each.kind for each in found.opened], len(found.arrived)

    def act(self, case_id, number, verb, **said):
        """A step of a person."""
        rest = {"assignee": "ann", "end": "", "entry_id": "", "role": "", "note": "", "terms": None}
        body = ExceptionMoved(case_id, number, verb, "ann", **(rest | said))
        self.cases.moved(f"{case_id}-{number}-ann", self.at, body)


@pytest.fixture
def world():
    return World()


@pytest.fixture
def desk(world):
    return Desk(world)


def altered(world):
    world.lines[3] = replace(world.lines[3], amount=world.lines[3].amount - 50)
    return ("UNDER", ACCOUNT, 50, "w-3/t")


def too_much(world):
    world.lines[3] = replace(world.lines[3], amount=world.lines[3].amount + 7)
    return ("OVER", ACCOUNT, 7, "w-3/t")


def foreign(world):
    world.lines[3] = replace(world.lines[3], currency="USD")
    return ("CURRENCY", ACCOUNT, world.expected[3].amount, "w-3/t")


def twice(world):
    again = replace(world.lines[3], seq=900)
    world.lines.append(again)
    # Which of the two is the payment nobody can say: a person is asked.
    return ("AMBIGUOUS", ACCOUNT, world.expected[3].amount, "w-3/t")


def unexpected(world):
    stray = line(901, 77_77, rail_ref="STRAY-1", counterparty="nobody")
    world.lines.append(stray)
    return ("MISSING_INTERNAL", ACCOUNT, 77_77, stray.line_id)


def returned(world):
    stray = line(902, -12_34, rail_ref="STRAY-2", return_reason="AC04")
    world.lines.append(stray)
    return ("RETURN_WITHOUT_ORIGINAL", ACCOUNT, 12_34, stray.line_id)


def silent_bank(world):
    world.later(3, statement=False)
    return ("STATEMENT_GAP", ACCOUNT, 0, f"{ACCOUNT}, after {world.last_day}")


def dearer(world):
    world.reported = [replace(each, fee=each.fee + 2) for each in world.reported]
    return ("FEE", "payouts", 2 * len(world.reported), "payouts/S/EUR")


def missing(world):
    del world.lines[3]
    world.later(7)
    return ("MISSING_EXTERNAL", ACCOUNT, world.expected[3].amount, "w-3/t")


DISTURBANCES = (
    *(altered, too_much, foreign, twice, unexpected, returned, silent_bank, dearer, missing),
)


def test_where_everything_agrees_nothing_is_opened(desk, world):
    assert desk.run() == ([], 0)
    world.later(30)
    assert desk.run() == ([], 0)


@pytest.mark.parametrize("disturb", DISTURBANCES, ids=lambda each: each.__name__)
def test_each_disturbance_is_found_typed_and_localised_and_nothing_else_is(world, disturb):
    kind, account, minor, subject = disturb(world)
    (one,) = world.judged().opened
    assert (one.kind, one.account, one.minor, one.subject) == (kind, account, minor, subject)
    assert one.currency == ("EUR" if minor else "")
    assert one.actor == "system"


@pytest.mark.parametrize("disturb", DISTURBANCES, ids=lambda each: each.__name__)
def test_a_run_again_says_nothing_new(desk, world, disturb):
    disturb(world)
    assert len(desk.run()[0]) == 1
    assert desk.run() == ([], 0)
    world.lines.reverse()
    world.expected.reverse()
    assert desk.run() == ([], 0)


def test_it_is_expected_until_the_sla_of_its_rail_and_missing_after(desk, world):
    del world.lines[3]  # expected on a Monday, three business days are the rail's
    opened = []
    for _ in range(6):
        opened.append(desk.run()[0])
        world.later(1)
    assert opened == [[], [], [], ["MISSING_EXTERNAL"], [], []]


def test_what_came_late_ends_by_itself(desk, world):
    late = world.lines.pop(3)
    world.later(7)
    assert desk.run() == (["MISSING_EXTERNAL"], 0)
    world.lines.append(late)
    assert desk.run() == ([], 1)
    (case,) = desk.cases.by_id.values()
    assert (case.state, case.end) == (State.RESOLVED, End.TIMING)
    assert desk.run() == ([], 0)


def test_the_missing_statement_came(desk, world):
    silent_bank(world)
    assert desk.run() == (["STATEMENT_GAP"], 0)
    world.later(0)
    assert desk.run() == ([], 1)


def test_what_differs_again_after_it_came_is_new_again(desk, world):
    late = world.lines.pop(3)
    world.later(7)
    desk.run()
    world.lines.append(late)
    desk.run()
    world.lines.remove(late)
    assert desk.run() == (["MISSING_EXTERNAL"], 0)
    assert len(desk.cases.by_id) == 2
    world.lines.append(late)
    assert desk.run() == ([], 1)


def test_what_a_person_ended_stays_ended(desk, world):
    del world.lines[3]
    world.later(7)
    desk.run()
    (case_id,) = desk.cases.by_id
    desk.act(case_id, 1, "ASSIGN")
    desk.act(case_id, 2, "INVESTIGATE")
    desk.act(case_id, 3, "RESOLVE", end="REVERSED")
    assert desk.cases.by_id[case_id].state is State.RESOLVED
    assert desk.run() == ([], 0)


def test_what_is_no_matter_of_time_waits_for_a_person(desk, world):
    was = world.lines[3]
    altered(world)
    assert desk.run() == (["UNDER"], 0)
    world.lines[3] = was
    assert desk.run() == ([], 0)
    (case,) = desk.cases.by_id.values()
    assert case.state is State.OPEN


def test_a_run_ends_nothing_that_a_person_opened(desk, world):
    body = ExceptionOpened("hand-1", "MISSING_EXTERNAL", ACCOUNT, "EUR", 5, "w-3/t", "", "ann")
    desk.cases.opened(desk.at, body)
    assert desk.run() == ([], 0)
    assert desk.cases.by_id["hand-1"].state is State.OPEN


def test_two_disturbances_are_two(world):
    pairs = [(one, other) for one, other in product(DISTURBANCES, DISTURBANCES) if one is not other]
    silent = (silent_bank, missing)  # these move the days
    for one, other in pairs:
        if {one, other} & set(silent) or {one, other} <= {altered, too_much, foreign, twice}:
            continue
        world = World()
        expected = {one(world)[0], other(world)[0]}
        assert {each.kind for each in world.judged().opened} == expected, (one, other)


@pytest.mark.parametrize(
    ("gross", "fee"), [(0, 0), (-50_00, 0), (50_00, 95), (1, 25), (35, 25), (36, 26)]
)
def test_a_fee_is_rounded_half_up_and_a_refund_costs_nothing(gross, fee):
    assert fee_of(RAIL, gross) == fee


def test_rounding_of_each_item_is_no_drift(desk, world):
    world.reported = [replace(each, fee=each.fee + 1) for each in world.reported]
    assert desk.run() == ([], 0)
