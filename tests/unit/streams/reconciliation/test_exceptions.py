"""The life of an exception, every pair of state, verb and actor; four eyes."""

from dataclasses import replace
from datetime import UTC, datetime
from itertools import product

import pytest

from schemas.messages.vocabulary import AdjustmentDirection, ReconCheck
from streams.reconciliation.external.checks import Finding
from streams.reconciliation.external.exceptions.kinds import (
    INTERNAL,
    OPENED_BY_FINDING,
    OPENED_BY_STATUS,
    TIMING_KINDS,
    Kind,
    case_id_of,
    group_of,
)
from streams.reconciliation.external.exceptions.workflow import (
    ENDED,
    SYSTEM,
    TRANSITIONS,
    WHO,
    Act,
    ActRefused,
    Case,
    End,
    State,
    Verb,
    Who,
    advanced,
)
from streams.reconciliation.external.exceptions.write_off import (
    Approval,
    Authority,
    Terms,
    authority_for,
    short_of,
)
from streams.reconciliation.external.matching.expectations import Status
from streams.reconciliation.rounds import ROUNDS

NOON = int(datetime(2026, 3, 2, 12, tzinfo=UTC).timestamp()) * 1_000_000
MATRIX = (
    Authority("EUR", 10_00, 1, "analyst"),
    Authority("EUR", 1_000_00, 1, "lead"),
    Authority("EUR", 50_000_00, 2, "finance"),
)
TERMS = Terms("w-1", "EXP.GOODWILL", AdjustmentDirection.CREDIT_WALLET, 1, "analyst")
YES = (Approval("bea", "analyst"),)
CASE = Case(
    case_id="c1",
    kind=Kind.MISSING_EXTERNAL,
    account="DE1",
    amount=5_00,
    currency="EUR",
    opened_at=NOON,
    group="treasury",
)
# Who does it where anybody of that kind may.
DOES = {Who.ANYBODY: "zoe", Who.ASSIGNEE: "ann", Who.ANOTHER: "cid", Who.SYSTEM: SYSTEM}


def act(verb, **said):
    complete = {
        Verb.ASSIGN: {"assignee": "ann"},
        Verb.RESOLVE: {"end": End.MATCHED},
        Verb.PROPOSE: {"terms": TERMS},
        Verb.APPROVE: {"role": "analyst"},
        Verb.DECLINE: {"note": "it came"},
        Verb.BOOK: {"entry_id": "0/7/0"},
        Verb.REOPEN: {"note": "it was not"},
    }
    defaults = {"verb": verb, "actor": DOES[WHO[verb]], "at": NOON}
    return Act(**(defaults | complete.get(verb, {}) | said))


def standing(state, **said):
    """An exception that somebody has, in a state; a proposal with what is needed to book it."""
    case = replace(CASE, state=state, assignee="ann")
    if state is State.WRITE_OFF_PROPOSED:
        case = replace(case, terms=TERMS, maker="ann", approvals=YES)
    return replace(case, **said)


@pytest.mark.parametrize(("state", "verb"), list(product(State, Verb)))
def test_a_complete_act_does_what_the_table_says_and_nothing_else(state, verb):
    case = standing(state)
    if (state, verb) not in TRANSITIONS:
        with pytest.raises(ActRefused, match=f"{verb} does not fit {state}"):
            advanced(case, act(verb))
        return
    after = advanced(case, act(verb))
    assert after.state is TRANSITIONS[state, verb]
    assert after.steps == (act(verb),)
    assert (after.end is None) == (after.state is not State.RESOLVED)
    assert after.assignee == ("" if after.state is State.OPEN else "ann")
    assert (after.terms is None) == (after.state is not State.WRITE_OFF_PROPOSED)
    assert bool(after.entry_id) == (after.state is State.WRITTEN_OFF)


@pytest.mark.parametrize(
    ("place", "actor"),
    list(product(sorted(TRANSITIONS), ("zoe", "ann", "bea", "cid", SYSTEM))),
)
def test_only_who_may_do_it_does_it(place, actor):
    state, verb = place
    may = {
        Who.ANYBODY: {"zoe", "ann", "bea", "cid"},
        Who.ASSIGNEE: {"ann"},
        Who.ANOTHER: {"zoe", "cid"},  # ann proposed it, bea approved it before
        Who.SYSTEM: {SYSTEM},
    }[WHO[verb]]
    if actor in may:
        assert advanced(standing(state), act(verb, actor=actor)).steps[-1].actor == actor
    else:
        with pytest.raises(ActRefused, match=r"has it|not done by|may not approve|already"):
            advanced(standing(state), act(verb, actor=actor))


def test_every_state_is_reached_and_every_end_can_be_opened_again():
    reached, waiting = {State.OPEN}, [State.OPEN]
    while waiting:
        state = waiting.pop()
        fresh = {to for (was, _), to in TRANSITIONS.items() if was is state} - reached
        reached |= fresh
        waiting += fresh
    assert reached == set(State)
    assert {state for state, verb in TRANSITIONS if verb is Verb.REOPEN} == ENDED
    assert {verb for _, verb in TRANSITIONS} == set(Verb) == set(WHO)
    assert {to for (was, _), to in TRANSITIONS.items() if was in ENDED} == {State.OPEN}


@pytest.mark.parametrize(
    ("verb", "said", "reason"),
    [
        (Verb.ASSIGN, {"assignee": ""}, "nobody is named"),
        (Verb.RELEASE, {"actor": ""}, "nobody does it"),
        (Verb.RESOLVE, {"end": None}, "does not say how"),
        (Verb.RESOLVE, {"end": End.ADJUSTED}, "names its journal entry"),
        (Verb.PROPOSE, {"terms": None}, "does not say what to book"),
        (Verb.ASK_OUTSIDE, {"at": NOON - 1}, "before the last step"),
    ],
)
def test_an_act_that_lacks_something_is_refused(verb, said, reason):
    case = standing(State.INVESTIGATING, steps=(act(Verb.INVESTIGATE),))
    with pytest.raises(ActRefused, match=reason):
        advanced(case, act(verb, **said))


def test_a_write_off_is_proposed_agreed_on_and_booked():
    case = standing(State.INVESTIGATING)
    proposed = advanced(case, act(Verb.PROPOSE))
    assert (proposed.maker, proposed.terms, proposed.approvals) == ("ann", TERMS, ())
    with pytest.raises(ActRefused, match="1 approvals are needed, there are 0"):
        advanced(proposed, act(Verb.BOOK))
    agreed = advanced(proposed, act(Verb.APPROVE))
    assert agreed.approvals == (Approval("cid", "analyst"),)
    with pytest.raises(ActRefused, match="names its journal entry"):
        advanced(agreed, act(Verb.BOOK, entry_id=""))
    ended = advanced(agreed, act(Verb.BOOK))
    assert (ended.state, ended.entry_id, ended.end) == (State.WRITTEN_OFF, "0/7/0", None)


def test_what_was_declined_takes_its_approvals_with_it():
    again = advanced(standing(State.WRITE_OFF_PROPOSED), act(Verb.DECLINE))
    proposed = advanced(again, act(Verb.PROPOSE))
    assert (proposed.approvals, proposed.maker) == ((), "ann")
    with pytest.raises(ActRefused, match="a reason is needed"):
        advanced(standing(State.WRITE_OFF_PROPOSED), act(Verb.DECLINE, note=""))


def test_where_no_amount_is_at_stake_nothing_is_written_off():
    case = standing(State.INVESTIGATING, kind=Kind.RI05, amount=0, currency="")
    with pytest.raises(ActRefused, match="no amount is at stake"):
        advanced(case, act(Verb.PROPOSE))


def test_a_shortfall_is_funded_and_never_written_off():
    case = standing(State.INVESTIGATING, kind=Kind.RI13, amount=5_00, currency="EUR")
    with pytest.raises(ActRefused, match="RI13 is mended, not written off"):
        advanced(case, act(Verb.PROPOSE))


def test_an_end_is_opened_again_only_with_a_reason():
    ended = standing(State.RESOLVED, end=End.MATCHED)
    with pytest.raises(ActRefused, match="reason"):
        advanced(ended, act(Verb.REOPEN, note=""))
    assert advanced(ended, act(Verb.REOPEN)).end is None


@pytest.mark.parametrize("kind", list(Kind))
def test_only_what_is_a_matter_of_time_ends_by_itself(kind):
    case = standing(State.INVESTIGATING, kind=kind)
    arrived = act(Verb.ARRIVE)
    timing = act(Verb.RESOLVE, end=End.TIMING)
    if kind in TIMING_KINDS:
        assert advanced(case, arrived).end is End.TIMING
        assert advanced(case, timing).end is End.TIMING
    else:
        for each in (arrived, timing):
            with pytest.raises(ActRefused, match="not ended by waiting"):
                advanced(case, each)


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
        (10_00, (*YES, Approval("ann", "lead")), "ann may not approve what ann asked for"),
    ]
    for amount, approvals, reason in cases:
        line = authority_for(amount, "EUR", MATRIX)
        found = short_of(replace(TERMS, approvals=line.approvals, role=line.role), "ann", approvals)
        assert found.startswith(reason), amount
        assert bool(found) == bool(reason), found
    assert authority_for(50_000_01, "EUR", MATRIX) is None
    assert authority_for(1, "USD", MATRIX) is None
    # A matrix that asks for no approval is still asked for one: never one person alone.
    assert short_of(replace(TERMS, approvals=0), "ann", ()).startswith("1 approvals are needed")


def test_every_bad_status_and_every_finding_opens_an_exception():
    quiet = {Status.EXPECTED, Status.MATCHED, Status.VOIDED, Status.ARCHIVED}
    assert set(OPENED_BY_STATUS) == set(Status) - quiet
    assert set(OPENED_BY_FINDING) == {each.__name__ for each in Finding.__args__}


def test_every_internal_check_is_a_kind_of_the_ledgers_own():
    said = {each.name for each in ReconCheck} - {"NONE"}
    assert {each.value for each in INTERNAL} == said | {each.value for each in ROUNDS}
    assert {group_of(each) for each in INTERNAL - {Kind.RI13}} == {"ledger"}
    assert group_of(Kind.RI13) == "treasury", "who funds a shortfall"
    assert {group_of(each) for each in set(Kind) - INTERNAL} == {"treasury"}


def test_the_name_of_a_case_is_what_it_is_about():
    assert case_id_of(Kind.OVER, ("a", "bc")) == case_id_of(Kind.OVER, ("a", "bc"))
    names = {
        case_id_of(Kind.OVER, ("a", "bc")),
        case_id_of(Kind.OVER, ("ab", "c")),
        case_id_of(Kind.UNDER, ("a", "bc")),
    }
    assert len(names) == 3
