"""Bytes that are no message, on topics that only the ledger writes, are findings and no crash."""

import pytest

from ops.auditor.auditor import Auditor, Given
from ops.checker.partition import decoded
from ops.checker.report import Result
from ops.reading import Record
from schemas.codec import encode
from schemas.messages.results import Result as Answer
from schemas.messages.vocabulary import InputTopic, Outcome, Stage
from tests.support.builders import NOON, policy, ruleset
from tests.support.checked import copied
from tests.unit.ops.ledger_day import day

GOOD = Answer("w", "c", Outcome.ACCEPTED, None, "", Stage.FINAL, 0, 7, None, 1)


class Reader:
    def read(self, partitions):
        for offset, value in enumerate((encode(GOOD), b"rubbish", None)):
            yield Record("results", partitions[0], offset, 0, None, value, {})


def test_an_unreadable_result_is_named():
    result = Result(1)
    assert [answer for _, answer in decoded(Reader(), 3, Answer, result)] == [GOOD]
    assert [each.where for each in result.findings] == [
        "results[3] offset 1",
        "results[3] offset 2",
    ]


@pytest.mark.parametrize("value", [b"rubbish", b""])
def test_a_decision_about_an_unreadable_leg_should_have_been_a_halt(value):
    auditor = Auditor(lambda wallet_id: 0, policy(), ruleset())
    decision = day()[0].decisions[0]
    source = copied(decision.source, topic=InputTopic.LEGS)
    (difference,) = auditor.take(copied(decision, source=source), Given(NOON, b"", value))
    assert difference.what == "halt"
    assert "unreadable" in str(difference)
