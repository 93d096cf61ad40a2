"""Ages of exceptions, what is overdue, and a roll-forward that adds up."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from itertools import product

import pytest

from streams.reconciliation.external.exceptions.ageing import (
    aged,
    bucket_of,
    due_on,
    is_overdue,
    rolled,
)
from streams.reconciliation.external.exceptions.kinds import Kind, sla_days
from streams.reconciliation.external.exceptions.workflow import Act, Case, State, Verb

DAY = date(2026, 3, 2)
DAY_US = 86_400_000_000
NOON = int(datetime(2026, 3, 2, 12, tzinfo=UTC).timestamp()) * 1_000_000
CASE = Case(
    case_id="c1",
    kind=Kind.MISSING_EXTERNAL,
    account="DE1",
    amount=5_00,
    currency="EUR",
    opened_at=NOON,
    group="treasury",
)


@pytest.mark.parametrize(
    ("days", "name"),
    [
        *((0, "0-1"), (1, "0-1"), (2, "2-3"), (3, "2-3"), (4, "4-7"), (7, "4-7"), (8, "8-30")),
        *((30, "8-30"), (31, "31-60"), (60, "31-60"), (61, "61-90"), (90, "61-90"), (91, ">90")),
    ],
)
def test_buckets_of_age(days, name):
    assert bucket_of(DAY, DAY + timedelta(days=days)) == name


def test_nothing_is_opened_tomorrow():
    with pytest.raises(ValueError, match="after"):
        bucket_of(DAY, DAY - timedelta(days=1))


def test_ages_count_what_is_not_ended():
    ended = replace(CASE, case_id="c2", state=State.WRITTEN_OFF)
    yen = replace(CASE, case_id="c3", currency="JPY", amount=7)
    nothing = replace(CASE, case_id="c4", currency="", amount=0)
    days = DAY + timedelta(days=5)
    found = {each.name: each for each in aged([CASE, ended, yen, nothing], days)}
    assert (found["4-7"].count, found["4-7"].amounts) == (3, (("EUR", 500), ("JPY", 7)))
    assert sum(each.count for each in found.values()) == 3


@pytest.mark.parametrize("kind", list(Kind))
def test_overdue_is_the_day_after_the_last_one(kind):
    case = replace(CASE, kind=kind)
    last = DAY + timedelta(days=sla_days(kind))
    assert due_on(case) == last
    assert not is_overdue(case, last)
    assert is_overdue(case, last + timedelta(days=1))
    assert not is_overdue(replace(case, state=State.RESOLVED), last + timedelta(days=1))


def test_a_roll_forward_adds_up():
    def at(day, verb):
        return Act(verb=verb, actor="ann", at=NOON + day * DAY_US)

    before = replace(CASE, opened_at=NOON - DAY_US)
    gone = replace(before, case_id="c2", steps=(at(0, Verb.ASSIGN), at(1, Verb.RESOLVE)))
    fresh = replace(CASE, case_id="c3", opened_at=NOON + 2 * DAY_US)
    back = replace(before, case_id="c4", steps=(at(-1, Verb.RESOLVE), at(2, Verb.REOPEN)))
    brief = replace(CASE, case_id="c5", steps=(at(0, Verb.ARRIVE),))
    later = replace(CASE, case_id="c6", opened_at=NOON + 9 * DAY_US)
    cases = [before, gone, fresh, back, brief, later]
    found = rolled(cases, DAY, DAY + timedelta(days=2))
    assert (found.opening, found.new, found.ended, found.closing) == (2, 3, 2, 3)
    for first, days in product(range(-2, 12), range(12)):
        one = DAY + timedelta(days=first)
        found = rolled(cases, one, one + timedelta(days=days))
        assert found.opening + found.new - found.ended == found.closing
