"""Exceptions folded from the log: repeats, races and what does not fit change nothing."""

import pytest

from schemas.messages.recon import (
    BreakClosed,
    BreakOpened,
    ExceptionMoved,
    ExceptionOpened,
    WriteOffTerms,
)
from schemas.messages.vocabulary import (
    AdjustmentDirection,
    ReconAction,
    ReconCheck,
    ReconSeverity,
)
from streams.reconciliation.external.checks import ArithmeticBreak, DuplicateFile, SequenceGap
from streams.reconciliation.external.exceptions.followed import Cases
from streams.reconciliation.external.exceptions.openings import opened_by
from streams.reconciliation.external.exceptions.workflow import End, State
from streams.reconciliation.external.readers import read_file
from tests.support.bank_files import CAMT, FOLDER

NOON = 1_764_417_600_000_000
WRITE_OFF = WriteOffTerms("w-1", "EXP.GOODWILL", AdjustmentDirection.CREDIT_WALLET, 1, "lead")
DEFAULTS = {"assignee": "", "end": "", "entry_id": "", "role": "", "note": "", "terms": None}


class Log:
    """Cases, and events one second apart."""

    def __init__(self):
        self.cases = Cases()
        self.at = NOON

    def opened(self, minor=5_00, kind="OVER"):
        body = ExceptionOpened("c1", kind, "DE1", "EUR", minor, "line 4", "much", "system")
        self.cases.opened(self.at, body)

    def broken(self, check="RI07"):
        about = ReconCheck(check), ReconSeverity.CRITICAL, ReconAction.CRITICAL
        self.cases.break_opened(self.at, BreakOpened("c1", *about, 2, "a EUR", 5, "detail"))

    def closed(self, at=None):
        self.cases.break_closed(self.at if at is None else at, BreakClosed("c1", "equal again"))

    def moved(self, number, verb, actor="ann", event_id="", at=None, **said):
        self.at += 1_000_000
        body = ExceptionMoved("c1", number, verb, actor, **(DEFAULTS | said))
        event_id = event_id or f"c1-{number}-{verb}-{actor}"
        self.cases.moved(event_id, self.at if at is None else at, body)
        return self.cases.by_id.get("c1")

    @property
    def why(self):
        return [each.why for each in self.cases.misfits]


@pytest.fixture
def log():
    return Log()


def investigated(log):
    log.moved(1, "ASSIGN", assignee="ann")
    return log.moved(2, "INVESTIGATE")


def test_a_life_from_its_opening_to_its_end(log):
    log.opened()
    investigated(log)
    ended = log.moved(3, "RESOLVE", end="MATCHED", note="found it")
    assert (ended.state, ended.end, ended.assignee) == (State.RESOLVED, End.MATCHED, "ann")
    assert [each.verb for each in ended.steps] == ["ASSIGN", "INVESTIGATE", "RESOLVE"]
    assert log.why == []


def test_a_write_off_comes_back_as_it_was_written(log):
    log.opened()
    investigated(log)
    log.moved(3, "PROPOSE", terms=WRITE_OFF)
    log.moved(4, "APPROVE", "bea", role="lead")
    ended = log.moved(5, "BOOK", "bea", entry_id="2/17/0")
    assert (ended.state, ended.entry_id) == (State.WRITTEN_OFF, "2/17/0")
    assert log.why == []


def test_nobody_writes_off_alone_whatever_stands_in_the_log(log):
    log.opened()
    investigated(log)
    log.moved(3, "PROPOSE", terms=WRITE_OFF)
    log.moved(4, "APPROVE", "ann", role="lead")
    assert log.moved(4, "BOOK", entry_id="2/17/0").state is State.WRITE_OFF_PROPOSED
    assert log.why == [
        "ann may not approve what ann asked for",
        "1 approvals are needed, there are 0",
    ]


def test_a_repeat_changes_nothing_and_is_no_misfit(log):
    log.opened()
    once = log.moved(1, "ASSIGN", assignee="ann")
    log.opened()
    assert log.moved(1, "ASSIGN", assignee="ann") == once
    assert log.why == []


def test_of_two_at_the_same_time_the_first_in_the_log_is_taken(log):
    log.opened()
    log.moved(1, "ASSIGN", "ann", assignee="ann")
    taken = log.moved(1, "ASSIGN", "bea", assignee="bea")
    assert taken.assignee == "ann"
    assert log.why == ["step 1 was taken by another act"]
    assert log.cases.has_taken("c1-1-ASSIGN-ann")
    assert not log.cases.has_taken("c1-1-ASSIGN-bea")


@pytest.mark.parametrize("state", [0, 1, 2])
def test_what_is_equal_again_ends_by_itself(log, state):
    log.broken()
    for number, verb in list(enumerate(("ASSIGN", "INVESTIGATE"), 1))[:state]:
        log.moved(number, verb, assignee="ann")
    log.closed(at=NOON - 1)  # the ledger's time is behind the clock of whoever acted
    log.closed()
    case = log.cases.by_id["c1"]
    assert (case.state, case.end, len(case.steps)) == (State.RESOLVED, End.TIMING, state + 1)
    assert log.why == []


def test_who_acts_after_it_ended_by_itself_learns_so(log):
    log.broken()
    log.closed()
    log.moved(1, "ASSIGN", assignee="ann")
    assert log.why == ["step 1 was taken by another act"]


def test_what_somebody_ended_before_is_not_ended_again(log):
    log.broken()
    investigated(log)
    log.moved(3, "RESOLVE", end="REVERSED")
    log.closed()
    assert log.cases.by_id["c1"].end is End.REVERSED
    log.moved(4, "REOPEN", note="look again")
    log.closed()  # the same event again
    assert log.cases.by_id["c1"].state is State.OPEN


def test_what_arrives_while_it_is_written_off_ends_nothing(log):
    log.opened(kind="MISSING_INTERNAL")
    investigated(log)
    log.moved(3, "PROPOSE", terms=WRITE_OFF)
    log.closed()
    assert log.cases.by_id["c1"].state is State.WRITE_OFF_PROPOSED
    assert log.why == []


@pytest.mark.parametrize(
    ("said", "why"),
    [
        ({"verb": "FORGET"}, "'FORGET' is not a valid Verb"),
        ({"verb": "RESOLVE", "end": "GONE"}, "'GONE' is not a valid End"),
        ({"verb": "RESOLVE", "end": "MATCHED"}, "RESOLVE does not fit OPEN"),
    ],
)
def test_what_does_not_fit_is_told(log, said, why):
    log.opened()
    log.moved(1, **said)
    assert log.why == [why]
    assert log.cases.by_id["c1"].steps == ()


def test_a_step_of_nothing_and_a_kind_of_nothing(log):
    log.moved(1, "ASSIGN", assignee="ann")
    log.opened(kind="ODD")
    assert log.why == ["there is no such exception", "ODD is no kind of exception"]
    assert log.cases.by_id == {}


def test_a_finding_opens_an_exception_and_a_file_that_was_here_before_none():
    statements = read_file((FOLDER / CAMT).read_bytes(), "", None).statements
    (one,) = statements[:1]
    wrong = ArithmeticBreak(one.account, one.statement_id, 10_00, 7_50)
    gap = SequenceGap(one.account, one.statement_id, (3, 1), (5, 1))
    found = opened_by((wrong, gap, DuplicateFile("ab")), statements)
    assert [(each.kind, each.minor, each.currency) for each in found] == [
        ("STATEMENT_ARITHMETIC", 2_50, "EUR"),
        ("STATEMENT_GAP", 0, ""),
    ]
    assert opened_by((wrong, gap), statements) == found
    assert opened_by((wrong,), ())[0].minor == 0  # no currency, no amount
    other = ArithmeticBreak(one.account, one.statement_id, 10_00, 7_51)
    assert opened_by((other,), statements)[0].case_id != found[0].case_id
