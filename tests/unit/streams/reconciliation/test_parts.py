"""Statements as records: nothing is lost, records stay small, what was taken in is known."""

from dataclasses import replace

import pytest

from schemas.codec import decode, encode
from schemas.messages.external import StatementPart
from streams.reconciliation.external.canonical import BankFile, Kind, Statement
from streams.reconciliation.external.checks import DuplicateFile, OpeningBreak, findings_of
from streams.reconciliation.external.errors import FileRefused
from streams.reconciliation.external.parts import (
    PART_BYTES_MAX,
    before_of,
    parts_of,
    statements_of,
)
from tests.support.bank_files import CAMT, EVERY_FILE, MT940, read_named
from tests.support.reconciling import line


def through_the_topic(file):
    return [decode(StatementPart, encode(part)) for part in parts_of(file)]


@pytest.mark.parametrize("name", EVERY_FILE)
def test_every_file_comes_back_as_it_was(name):
    file = read_named(name)
    assert tuple(statements_of(through_the_topic(file))) == file.statements


def test_long_statements_are_cut_into_small_records():
    lines = tuple(line(at, at, remittance="ä" * 2_000) for at in range(1, 301))
    statement = Statement(
        source="bank",
        account="A",
        statement_id="S",
        kind=Kind.ADVICE,
        currency="EUR",
        lines=tuple(replace(each, account="A") for each in lines),
    )
    file = BankFile("f", "camt", (statement, replace(statement, statement_id="T", lines=())))
    parts = list(parts_of(file, ("SequenceGap",)))
    assert [(each.statement, each.part, each.parts) for each in parts] == [
        *((0, at, 4) for at in range(4)),
        (1, 0, 1),
    ]
    assert max(len(encode(each)) for each in parts) < PART_BYTES_MAX
    assert {each.findings for each in parts} == {("SequenceGap",)}
    assert len(list(statements_of(parts))) == 2


def test_a_line_that_no_record_takes_is_refused():
    statement = replace(
        read_named(CAMT).statements[0], lines=(line(1, 1, remittance="x" * 99_900),)
    )
    with pytest.raises(FileRefused, match="line 1 of S has"):
        list(parts_of(BankFile("f", "camt", (statement,))))


def test_what_was_taken_in_is_asked_by_the_checks_of_the_next_file():
    before = before_of(through_the_topic(read_named(CAMT)))
    assert findings_of(read_named(CAMT), before) == (DuplicateFile(read_named(CAMT).fingerprint),)
    again = read_named(CAMT, (">S-41<", ">S-42<"), (">41<", ">42<"))
    (gap,) = findings_of(again, before)
    assert (type(gap), gap.expected, gap.found) == (OpeningBreak, 124_050, 100_000)
    other = before_of(through_the_topic(read_named(MT940)))
    assert {each.statement_id for each in other.latest} == {"STARTUMS-42-260227"}
    assert findings_of(again, other) == ()
