"""The life of an exception, every pair of state and verb; ages; four eyes."""

from dataclasses import replace
from datetime import date, timedelta
from itertools import product

import pytest

from streams.reconciliation.external.checks import Finding
from streams.reconciliation.external.exceptions.ageing import aged, bucket_of, rolled
from streams.reconciliation.external.exceptions.kinds import (
    OPENED_BY_FINDING,
    OPENED_BY_STATUS,
    Kind,
)
from streams.reconciliation.external.exceptions.workflow import (
    SYSTEM,
    TIMING_KINDS,
    TRANSITIONS,
    Act,
    ActRefused,
    Case,
    End,
    State,
    Verb,
    advanced,
)
from streams.reconciliation.external.exceptions.write_off import Approval, Authority, refused
from streams.reconciliation.external.matching.expectations import Status

DAY = date(2026, 3, 2)
MATRIX = (
    Authority("EUR", 10_00, 1, "analyst"),
    Authority("EUR", 1_000_00, 1, "lead"),
    Authority("EUR", 50_000_00, 2, "finance"),
)
CASE = Case(
    case_id="c1",
    kind=Kind.MISSING_EXTERNAL,
    account="DE1",
    amount=5_00,
    currency="EUR",
    opened_on=DAY,
    owner_group="treasury",
)
YES = (Approval("bea", "analyst"),)


def act(verb, **said):
    complete = {
        Verb.ASSIGN: {"assignee": "ann"},
        Verb.RESOLVE: {"end": End.MATCHED},
        Verb.WRITE_OFF: {"entry_id": "p0/7", "approvals": YES},
        Verb.REOPEN: {"note": "it was not"},
    }
    return Act(**({"verb": verb, "actor": "ann", "on": DAY} | complete.get(verb, {}) | said))


@pytest.mark.parametrize(("state", "verb"), list(product(State, Verb)))
def test_a_complete_act_does_what_the_table_says_and_nothing_else(state, verb):
    case = replace(CASE, state=state, assignee="ann")
    if (state, verb) not in TRANSITIONS:
        with pytest.raises(ActRefused, match=f"{verb} does not fit {state}"):
            advanced(case, act(verb), MATRIX)
        return
    after = advanced(case, act(verb), MATRIX)
    assert after.state is TRANSITIONS[state, verb]
    assert after.steps == (act(verb),)
    assert (after.end is None) == (after.state is not State.RESOLVED)
    assert after.assignee == ("" if after.state is State.OPEN else "ann")


def test_every_state_is_reached_and_every_end_can_be_opened_again():
    reached, waiting = {State.OPEN}, [State.OPEN]
    while waiting:
        state = waiting.pop()
        fresh = {to for (was, _), to in TRANSITIONS.items() if was is state} - reached
        reached |= fresh
        waiting += fresh
    assert reached == set(State)
    assert {state for state, verb in TRANSITIONS if verb is Verb.REOPEN} == {
        State.RESOLVED,
        State.WRITTEN_OFF,
    }


@pytest.mark.parametrize(
    ("verb", "said", "reason"),
    [
        (Verb.ASSIGN, {"assignee": ""}, "nobody is named"),
        (Verb.RELEASE, {"actor": ""}, "nobody does it"),
        (Verb.RESOLVE, {"end": None}, "does not say how"),
        (Verb.RESOLVE, {"end": End.ADJUSTED}, "names its journal entry"),
        (Verb.WRITE_OFF, {"entry_id": ""}, "names its journal entry"),
        (Verb.ASK_OUTSIDE, {"on": DAY - timedelta(days=1)}, "before the last step"),
        (Verb.WRITE_OFF, {"actor": "bea"}, "may not approve"),
        (Verb.WRITE_OFF, {"approvals": ()}, "approvals are needed"),
    ],
)
def test_an_act_that_lacks_something_is_refused(verb, said, reason):
    case = replace(CASE, state=State.INVESTIGATING, steps=(act(Verb.INVESTIGATE),))
    with pytest.raises(ActRefused, match=reason):
        advanced(case, act(verb, **said), MATRIX)


def test_an_end_is_opened_again_only_with_a_reason():
    ended = replace(CASE, state=State.RESOLVED, end=End.MATCHED)
    with pytest.raises(ActRefused, match="reason"):
        advanced(ended, act(Verb.REOPEN, note=""), MATRIX)
    assert advanced(ended, act(Verb.REOPEN), MATRIX).end is None


@pytest.mark.parametrize("kind", list(Kind))
def test_only_what_is_a_matter_of_time_ends_by_itself(kind):
    case = replace(CASE, kind=kind, state=State.INVESTIGATING)
    arrived = act(Verb.ARRIVE, actor=SYSTEM)
    timing = act(Verb.RESOLVE, end=End.TIMING)
    if kind in TIMING_KINDS:
        assert advanced(case, arrived, MATRIX).end is End.TIMING
        assert advanced(case, timing, MATRIX).end is End.TIMING
    else:
        for each in (arrived, timing):
            with pytest.raises(ActRefused, match="not ended by waiting"):
                advanced(case, each, MATRIX)


def test_the_matrix_by_amount():
    lead, finance = Approval("lea", "lead"), Approval("fay", "finance")
    cases = [
        (10_00, YES, ""),
        (10_01, YES, "an approval of a lead is needed"),
        (10_01, (lead,), ""),
        (1_000_00, (lead,), ""),
        (1_000_01, (finance,), "2 approvals are needed, there are 1"),
        (1_000_01, (lead, Approval("lea", "finance")), "2 approvals are needed, there are 1"),
        (1_000_01, (lead, finance), ""),
        (50_000_01, (lead, finance), "nobody may write off"),
    ]
    for amount, approvals, reason in cases:
        found = refused(amount, "EUR", ("ann", approvals), MATRIX)
        assert found.startswith(reason), amount
        assert bool(found) == bool(reason), found
    assert refused(1, "USD", ("ann", (finance,)), MATRIX).startswith("nobody may")
    # A matrix that asks for no approval is still asked for one: never one person alone.
    assert refused(1, "EUR", ("ann", ()), (Authority("EUR", 1, 0, "lead"),))


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
    found = {each.name: each for each in aged([CASE, ended, yen], DAY + timedelta(days=5))}
    assert (found["4-7"].count, found["4-7"].amounts) == (2, (("EUR", 500), ("JPY", 7)))
    assert sum(each.count for each in found.values()) == 2


def test_a_roll_forward_adds_up():
    gone = replace(CASE, case_id="c2")
    fresh = replace(CASE, case_id="c3")
    back = replace(CASE, case_id="c4", state=State.RESOLVED)
    after = [CASE, replace(gone, state=State.RESOLVED), fresh, replace(back, state=State.OPEN)]
    found = rolled([CASE, gone, back], after)
    assert (found.opening, found.new, found.ended, found.closing) == (2, 2, 1, 3)
    assert found.opening + found.new - found.ended == found.closing


def test_every_bad_status_and_every_finding_opens_an_exception():
    quiet = {Status.EXPECTED, Status.MATCHED, Status.VOIDED, Status.ARCHIVED}
    assert set(OPENED_BY_STATUS) == set(Status) - quiet
    assert set(OPENED_BY_FINDING) == {each.__name__ for each in Finding.__args__}
