"""`recon open|show|assign|move|resolve`: an exception from its opening to its end."""

import json

import pytest

from streams.reconciliation.external.exceptions.workflow import State
from tests.support.desk import OPEN, do, investigated, opened, the_case


def test_what_a_person_saw_is_opened_once(log, run, capsys):
    assert run("ann", *OPEN) == 0
    assert "add --execute" in capsys.readouterr().out
    assert log.records == []
    case_id = opened(log, run)
    ((key, _, _),) = log.records
    assert key.decode() == case_id
    assert do(run, "bea", *OPEN, "--amount", "5.00", "--currency", "EUR") == 0
    assert "nothing to do" in capsys.readouterr().out
    assert len(log.records) == 1


@pytest.mark.parametrize(
    ("options", "named"),
    [
        (("--amount", "x", "--currency", "EUR"), "--amount"),
        (("--amount", "0.00", "--currency", "EUR"), "--amount"),
        (("--amount", "-1", "--currency", "EUR"), "--amount"),
        (("--amount", "1.00", "--currency", "QQQ"), "--currency"),
    ],
)
def test_a_wrong_amount_is_named(log, run, capsys, options, named):
    assert do(run, "ann", *OPEN, *options) == 2
    assert named in capsys.readouterr().err
    assert log.records == []


def test_a_plan_of_a_step_writes_nothing_and_a_step_needs_a_reason(log, run, capsys):
    case_id = opened(log, run)
    assert run("ann", "assign", case_id, "--to", "bea") == 0
    assert f"ASSIGN to bea {case_id}, by ann: OPEN -> ASSIGNED" in capsys.readouterr().out
    assert run("ann", "assign", case_id, "--execute") == 2
    assert len(log.records) == 1


def test_a_life_to_its_end_with_every_step_noted(log, run, capsys):
    case_id = investigated(log, run)
    assert do(run, "ann", "move", case_id, "ask-outside") == 0
    assert do(run, "ann", "move", case_id, "receive-answer") == 0
    assert do(run, "ann", "resolve", case_id, "--as", "duplicate") == 0
    assert the_case(log).state is State.RESOLVED
    homes = {partition for _, _, partition in log.records}
    assert len(homes) == 1
    assert len((log.state / "operations.jsonl").read_text().splitlines()) == 6
    capsys.readouterr()
    assert run("zoe", "breaks") == 0
    assert run("zoe", "show", case_id, "--json") == 0
    shown = json.loads(capsys.readouterr().out.partition("\n")[2])
    assert [each["verb"] for each in shown["steps"]][-1] == "RESOLVE"
    assert (shown["end"], shown["at stake"]) == ("DUPLICATE", "5.00 EUR")
    assert shown["next"] == [{"verb": "REOPEN", "to": "OPEN", "who": "anybody"}]


def test_a_step_as_json_says_whether_it_was_done(log, run, capsys):
    case_id = opened(log, run)
    capsys.readouterr()
    assert run("ann", "assign", case_id, "--json") == 0
    assert json.loads(capsys.readouterr().out)["done"] is False
    assert do(run, "ann", "assign", case_id, "--json") == 0
    assert json.loads(capsys.readouterr().out)["done"] is True
    assert the_case(log).assignee == "ann"


@pytest.mark.parametrize(
    ("who", "words", "why"),
    [
        ("bea", ("move", "investigate"), "ann has it, not bea"),
        ("ann", ("move", "reopen"), "REOPEN does not fit ASSIGNED"),
        ("ann", ("resolve", "--as", "MATCHED"), "RESOLVE does not fit ASSIGNED"),
    ],
)
def test_what_does_not_fit_is_exit_2_and_writes_nothing(log, run, capsys, who, words, why):
    case_id = opened(log, run)
    do(run, "ann", "assign", case_id)
    verb, *rest = words
    assert do(run, who, verb, case_id, *rest) == 2
    assert why in capsys.readouterr().err
    assert len(log.records) == 2


def test_an_unknown_exception_is_named(log, run, capsys):
    assert do(run, "ann", "assign", "case-9") == 2
    assert "there is no exception 'case-9'" in capsys.readouterr().err


def test_who_was_overtaken_learns_so(log, run, capsys):
    case_id = opened(log, run)
    do(run, "zoe", "assign", case_id)
    log.overtaken = log.records.pop()
    assert do(run, "ann", "assign", case_id) == 1
    assert "somebody was first: step 1 was taken" in capsys.readouterr().err
    assert the_case(log).assignee == "zoe"
