"""`ledgerctl day close|show`, and a closed day that keeps every byte of its reports."""

import json

import pytest

from ops.cli import main
from ops.day import command
from ops.day.closing import days_of
from ops.recon.found import found_in
from ops.reports.command import TITLES, Question, sheet_of
from ops.reports.fold import Asked, fold
from ops.reports.period import Period
from ops.reports.shown import FORMS
from schemas.codec import decode
from schemas.messages.control import Control
from schemas.messages.recon import BreakOpened, ExceptionOpened, ReconEvent
from schemas.messages.vocabulary import ReconAction, ReconCheck, ReconSeverity
from tests.unit.ops.day.test_closing import NOON, ZONE, days, log_of
from tests.unit.ops.reports import test_sheets

FIRST = (10, "2026-03-08")


class Ledger:
    """Two partitions; a cut that is delivered is taken, unless `deaf`."""

    def __init__(self):
        self.cuts = [FIRST]
        self.sent = []
        self.deaf = False
        self.events = []

    def read_days(self, _address):
        return days(*self.cuts)

    def deliver(self, _producer, _topic, records):
        self.sent += records
        body = decode(Control, records[0][1]).body
        if not self.deaf:
            self.cuts.append((body.k, body.label))


@pytest.fixture
def ledger(monkeypatch, tmp_path):
    made = Ledger()
    monkeypatch.setattr(command, "read_days", made.read_days)
    monkeypatch.setattr(command, "deliver", made.deliver)
    monkeypatch.setattr(command, "producer_for", lambda _address: None)
    monkeypatch.setattr(command, "now_us", lambda: NOON)
    monkeypatch.setattr(command, "read_found", lambda _address: (found_in(made.events), 2))
    monkeypatch.setenv("LEDGER_KAFKA", "there:9092")
    monkeypatch.setenv("LEDGER_STATE_DIR", str(tmp_path))
    made.state = tmp_path
    return made


def run(*words):
    return main(["day", *words])


def do(*words):
    return run("close", "--execute", "--reason", "evening", *words)


def test_without_execute_only_the_plan_is_told(ledger, capsys):
    assert run("close") == 0
    said = capsys.readouterr().out
    assert f"take cut {NOON // 1_000_000} (2026-03-09) on partition 1" in said
    assert "add --execute" in said
    assert ledger.sent == []


def test_the_next_day_is_closed_and_noted_with_its_digest(ledger, capsys):
    assert do() == 0
    digest = ledger.read_days("").digest("2026-03-09")
    assert f"2026-03-09 is closed by cut {NOON // 1_000_000}, digest {digest}" in (
        capsys.readouterr().out
    )
    assert digest in (ledger.state / "operations.jsonl").read_text(encoding="utf-8")
    assert [key for key, _, _ in ledger.sent] == [b"0", b"1"]
    assert do() == 2  # today is not over
    assert "2026-03-10 is not over before" in capsys.readouterr().err


@pytest.mark.parametrize("asked", ["2026-03-08", "2026-03-07", "2026-03-10", "2026-04-01"])
def test_who_tries_to_close_another_day_sends_nothing(ledger, asked):
    assert do("--day", asked) == 2
    assert ledger.sent == []


def test_executing_needs_a_reason(ledger):
    assert run("close", "--execute") == 2
    assert ledger.sent == []


def test_a_grave_break_stops_it_until_somebody_says_otherwise(ledger, capsys):
    about = ReconCheck.RI05, ReconSeverity.CRITICAL, ReconAction.CRITICAL
    body = BreakOpened("RI05-pair-0-1-4", *about, 0, "pair 0-1", 5, "detail")
    ledger.events = [ReconEvent("RI05-pair-0-1-4-opened", NOON, body)]
    assert do() == 2
    assert "1 grave breaks are open, such as RI05-pair-0-1-4" in capsys.readouterr().err
    assert ledger.sent == []
    assert do("--despite-breaks") == 0
    assert "in spite of RI05-pair-0-1-4" in capsys.readouterr().out


@pytest.mark.parametrize(("kind", "code"), [("RI08", 2), ("RI12", 0), ("RI13", 0), ("FEE", 0)])
def test_tables_that_are_not_the_fold_stop_it_and_a_case_does_not(ledger, kind, code):
    body = ExceptionOpened("case-1", kind, "partition 1", "", 0, "subject", "detail", "system")
    ledger.events = [ReconEvent("case-1-opened", NOON, body)]
    assert do() == code


def test_partitions_that_do_not_come_to_it_are_named(ledger, capsys, monkeypatch):
    ledger.deaf = True
    monkeypatch.setattr(command, "DEADLINE_S", 0.0)
    assert do() == 1
    assert "not closed yet on partitions 0, 1" in capsys.readouterr().err


def test_days_are_shown_with_their_places(ledger, capsys):
    assert run("show") == 0
    assert "2026-03-08" in capsys.readouterr().out
    assert run("show", "--json") == 0
    (row,) = json.loads(capsys.readouterr().out)
    assert (row["closed"], row["cut"]) == ("2/2", "10")
    assert row["digest"] == ledger.read_days("").digest("2026-03-08")
    assert run("show", "--day", "2026-03-08", "--json") == 0
    assert json.loads(capsys.readouterr().out) == row["places"]
    assert run("show", "--day", "2026-03-09") == 2


@pytest.mark.parametrize("form", sorted(FORMS))
@pytest.mark.parametrize("name", sorted(TITLES))
def test_no_byte_of_a_closed_days_reports_changes_whatever_is_tried(name, form):
    closed = ((10, "2026-03-05"), (20, "2026-03-06"))
    tries = [(), ((30, "2026-03-06"),), ((30, "2026-03-05"), (31, "2026-03-07")), ((5, ""),)]
    texts = {_text(name, form, log_of(*closed, *tried)) for tried in tries}
    assert len(texts) == 1


def _text(name, form, log):
    wallet = test_sheets.ANN if name in ("statement", "settlement") else ""
    period = Period(to_day="2026-03-06")
    asked = Asked(name, TITLES[name], sheet_of(Question(name, wallet, "", period)), period, ZONE)
    return FORMS[form](fold(log, [0] if wallet else [0, 1], asked))


def test_the_fold_of_a_day_is_that_of_the_reports():
    made = days_of(test_sheets.log(), [0, 1], test_sheets.ZONE)
    assert made.whole() == ["2025-06-01", "2025-06-02"]
    stands = {
        each.partition: each
        for each in test_sheets.made("trial-balance", Period(to_day="2025-06-02")).stands
    }
    assert {number: each.stand for number, each in made.closed["2025-06-02"].items()} == stands
