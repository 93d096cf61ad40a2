"""Check 14 and the join: what is damaged, torn or wrongly sealed is found."""

from dataclasses import replace

import pytest

from ops.checker.chain import Seals
from ops.checker.report import Result
from ops.checker.steps import sealed_steps
from schemas.messages.vocabulary import InputTopic
from tests.support.checked import altered, copied, inputs_of, log_records, steps_of
from tests.unit.ops.ledger_day import day


@pytest.fixture
def writer():
    return day()[0]


@pytest.fixture
def steps(writer):
    return steps_of(writer)


def taken(check, steps, result):
    for step in steps:
        check.take(step)
    return [str(each) for each in result.findings]


def test_14_a_changed_byte_breaks_the_chain(writer):
    told = []
    records = log_records(writer)
    value = records[3].value
    for spoilt in (value[:-1] + bytes((value[-1] ^ 1,)), b"rubbish"):
        records[3] = replace(records[3], value=spoilt)
        list(sealed_steps(0, iter(records), told.append))
    assert len(told) == 2
    assert all(each.startswith(f"offset {records[3].offset}: ") for each in told)


def test_14_a_group_without_its_seal(writer):
    told = []
    count = next(each for each in writer.decisions if each.seal is not None).seal.count
    assert count > 1
    list(sealed_steps(0, iter(log_records(writer)[: count - 1]), told.append))
    assert told == [f"{count - 1} Decisions after #0 have no seal"]


@pytest.mark.parametrize(
    ("changed", "what"),
    [
        ({"legs_count": 7}, "seals 7 of"),
        ({"legs_digest": bytes(32)}, "seals other legs"),
        ({"next_positions": ()}, "goes on at"),
    ],
)
def test_14_a_seal_that_does_not_say_what_its_transaction_holds(steps, changed, what):
    result = Result(14)
    sealing = [index for index, step in enumerate(steps) if step.decision.seal is not None]
    at = next(index for index in sealing if steps[index].decision.seal.legs_count)
    seal = copied(steps[at].decision.seal, **changed)
    steps[at] = altered(steps[at], seal=seal)
    found = taken(Seals(result), steps, result)
    assert found
    assert all(what in each for each in found)


def test_the_join_tells_a_record_that_retention_removed_from_one_that_never_was(writer):
    inputs = inputs_of(writer)
    commands = inputs[InputTopic.COMMANDS]
    commands._first = 5
    assert commands.at(0) is not None
    assert commands.at(999) is None
    assert commands.invented == [999]
