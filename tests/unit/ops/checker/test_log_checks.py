"""Checks of the log: green over a sound day, and red for each difference planted in it."""

import pytest

from ops.checker.again import Again
from ops.checker.bounds import Bounds
from ops.checker.chain import Seals
from ops.checker.coverage import Coverage
from ops.checker.outcomes import Outcomes, Results
from ops.checker.report import Result
from ops.checker.steps import joined
from schemas.codec import decode, encode
from schemas.messages.decisions import TimerSource
from schemas.messages.events import HoldPlaced
from schemas.messages.results import Result as Answer
from schemas.messages.vocabulary import Outcome, TimerKind
from streams.runtime.fakes_local import FakeDisk
from streams.wallet.job import WalletJob
from tests.support.builders import policy, ruleset
from tests.support.checked import (
    altered,
    copied,
    first,
    has,
    inputs_of,
    is_command,
    logged_of,
    steps_of,
    with_event,
)
from tests.unit.ops.ledger_day import day
from topics.catalog import RESULTS


@pytest.fixture
def writer():
    return day()[0]


@pytest.fixture
def steps(writer):
    return steps_of(writer)


def taken(check, steps, *results):
    """What a check says after some steps."""
    for step in steps:
        check.take(step)
    return [str(each) for result in results for each in result.findings]


def test_a_sound_day_is_green_in_every_check(writer, steps):
    results = {number: Result(number) for number in (1, 2, 4, 5, 7, 14)}
    inputs = inputs_of(writer)
    steps = steps_of(writer, inputs)
    again = again_of(results[7], writer)
    for check in (
        Outcomes(results[1]),
        Coverage(results[2], results[5]),
        Bounds(results[4], policy()),
        Seals(results[14]),
        again,
    ):
        assert taken(check, steps, *results.values()) == []
        if hasattr(check, "_coverage") or isinstance(check, Outcomes):
            check.end(inputs, 0)
    assert [str(each) for result in results.values() for each in result.findings] == []
    assert all(result.looked_at for result in results.values())
    assert again.next_offset == writer.log[-1].offset + 1


# --- 1


def test_1_an_input_without_a_decision(writer):
    result, inputs = Result(1), inputs_of(writer)
    logged = list(logged_of(writer))
    gone = next(each for each in logged if each.decision.command_id == "hold")
    list(joined(iter([each for each in logged if each is not gone]), inputs))
    Outcomes(result).end(inputs, 0)
    offset = gone.decision.source.offset
    assert [each.what for each in result.findings] == [f"no Decision answers offset {offset}"]


def test_1_a_decision_without_an_input(writer):
    result, inputs = Result(1), inputs_of(writer)
    last = steps_of(writer)[-1]
    source = copied(last.decision.source, offset=999)
    list(joined(iter([altered(last, source=source).logged]), inputs))
    Outcomes(result).end(inputs, 0)
    assert "a Decision answers offset 999, which is no record" in {
        each.what for each in result.findings
    }


def test_1_a_decision_about_other_bytes_or_another_key(steps):
    result = Result(1)
    at = first(steps, is_command)
    steps[at] = altered(
        steps[at], input=b"other", source=copied(steps[at].decision.source, key=b"x")
    )
    what = taken(Outcomes(result), steps, result)
    assert "answers other bytes" in what[0]
    assert "another record key" in what[1]


def test_1_a_second_answer_to_a_command(steps):
    result = Result(1)
    at = first(steps, lambda decision: decision.outcome is Outcome.DUPLICATE)
    steps[at] = altered(steps[at], outcome=Outcome.ACCEPTED, duplicate_of=None)
    (what,) = taken(Outcomes(result), steps, result)
    assert "answers command near after #" in what


def test_1_a_duplicate_of_something_else(steps):
    result = Result(1)
    at = first(steps, lambda decision: decision.outcome is Outcome.DUPLICATE)
    steps[at] = altered(steps[at], duplicate_of=1)
    (what,) = taken(Outcomes(result), steps, result)
    assert "calls itself a duplicate of #1" in what


def results_on_topic(writer):
    """The values on the results topic."""
    return [
        each.value
        for group in writer.groups
        for each in group.outputs
        if each.topic == RESULTS.name
    ]


def seen(values, steps):
    result, order = Result(1), Result(5)
    answers = Results(result, order)
    for step in steps:
        answers.take(step)
    for value in values:
        answers.see(value, decode(Answer, value))
    answers.end(whole=True)
    return [str(each) for each in (*result.findings, *order.findings)], answers


def test_1_results_are_those_of_the_log_and_may_come_again(writer, steps):
    values = results_on_topic(writer)
    found, answers = seen([*values, *values[-2:]], steps)
    assert found == []
    assert answers.knows(decode(Answer, values[0]))
    assert not answers.knows(copied(decode(Answer, values[0]), sequence=999))


def test_1_a_missing_and_an_invented_result(writer, steps):
    values = results_on_topic(writer)
    invented = encode(copied(decode(Answer, values[-1]), detail="invented"))
    found, _ = seen([*values[:-1], invented], steps)
    assert len(found) == 2
    assert "a result that is not in the log" in found[0]
    assert "its result is not on the topic" in found[1]


# --- 2 and 5


def test_2_a_dropped_decision_leaves_a_gap(steps):
    coverage, order = Result(2), Result(5)
    del steps[2]
    (what,) = taken(Coverage(coverage, order), steps, coverage)
    assert "#4" in what
    assert "follows #2" in what


def test_2_an_offset_that_is_answered_twice(steps):
    coverage, order = Result(2), Result(5)
    source = steps[1].decision.source
    steps[2] = altered(steps[2], source=source)
    what = taken(Coverage(coverage, order), steps, coverage)
    assert f"offset {source.offset} again" in what[0]


def test_2_an_offset_that_nobody_answers(writer):
    coverage, inputs = Result(2), inputs_of(writer)
    check = Coverage(coverage, Result(5))
    for step in joined(iter(list(logged_of(writer))[:-1]), inputs):
        check.take(step)
    check.end(inputs, 0)
    assert any("offsets not covered" in each.what for each in coverage.findings)


def test_2_time_that_goes_back(steps):
    coverage = Result(2)
    steps[3] = altered(steps[3], decided_at=1)
    assert any("before the one before it" in each for each in taken(
        Coverage(coverage, Result(5)), steps, coverage
    ))  # fmt: skip


def test_5_a_wallets_commands_in_another_order(steps):
    order = Result(5)
    mine = [
        index
        for index, step in enumerate(steps)
        if is_command(step.decision) and step.decision.wallet_id == steps[0].decision.wallet_id
    ]
    one, other = mine[-2:]
    steps[one], steps[other] = steps[other], steps[one]
    what = taken(Coverage(Result(2), order), steps, order)
    assert len(what) == 1
    assert "is decided after" in what[0]


def test_5_results_of_a_wallet_in_another_order(writer, steps):
    values = results_on_topic(writer)
    found, _ = seen([values[0], *reversed(values[1:])], steps)
    assert any(each.startswith("5 ") and "comes after #" in each for each in found)


# --- 7


def again_of(result, writer):
    job = WalletJob("test", 2, policy(), ruleset())
    return Again(result, job, writer.partition, FakeDisk().open())


def test_7_a_changed_decision_would_be_decided_otherwise_and_those_after_it_not(writer, steps):
    result = Result(7)
    at = first(steps, lambda decision: decision.command_id == "hold")
    steps[at] = altered(steps[at], outcome=Outcome.REJECTED)
    (what,) = taken(again_of(result, writer), steps, result)
    assert "would be decided otherwise: outcome" in what


def test_7_a_timer_that_was_not_due(writer, steps):
    result = Result(7)
    source = TimerSource(TimerKind.HOLD_EXPIRY, 1, "nobody", "nothing")
    what = taken(again_of(result, writer), [altered(steps[0], source=source)], result)
    assert "no timer is due" in what[0]


def test_7_what_cannot_be_folded_is_named_once(writer, steps):
    result = Result(7)
    at = first(steps, has(HoldPlaced))
    steps[at] = with_event(steps[at], HoldPlaced, wallet_id="nobody")
    what = taken(again_of(result, writer), steps, result)
    assert [each for each in what if "cannot be folded" in each] == what[-1:]
