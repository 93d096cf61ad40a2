"""`recon safeguarding`: a shortfall at a day's close begins an exception, and its cover ends it."""

import json

import pytest

from ops.cli import main
from ops.day.closing import days_of
from ops.recon.found import Found
from ops.recon.rounds import safeguarding, telling
from ops.reports.period import Period
from schemas.codec import decode
from schemas.messages.recon import ReconEvent
from streams.reconciliation.external.exceptions.workflow import State
from tests.support.builders import DAY
from tests.unit.ops.reports import test_sheets
from topics.partitioning import partition_of_key

CLOSED = "2025-06-02"
NOON = 1_773_000_000_000_000
PARTITIONS = 2


def ten_days_later(decision):
    object.__setattr__(decision, "decided_at", decision.decided_at + 10 * DAY)


class Ledger:
    """A log in memory with two closed days, and recon.events.v1."""

    def __init__(self):
        self.log = test_sheets.log()
        self.records = []

    def read_days(self, _address):
        return days_of(self.log, range(PARTITIONS), test_sheets.ZONE)

    def read_covers(self, _address, period):
        return safeguarding.covers_in(self.log, range(PARTITIONS), period)

    def read_found(self, _address):
        found = Found()
        for _, value, partition in self.records:
            found.take(decode(ReconEvent, value), partition)
        return found, PARTITIONS

    def deliver(self, _producer, _topic, records):
        self.records += records


@pytest.fixture
def ledger(monkeypatch, tmp_path):
    made = Ledger()
    for name in ("read_days", "read_covers", "read_found"):
        monkeypatch.setattr(safeguarding, name, getattr(made, name))
    monkeypatch.setattr(telling, "deliver", made.deliver)
    monkeypatch.setattr(telling, "producer_for", lambda _address: None)
    monkeypatch.setattr(telling, "now_us", lambda: NOON)
    monkeypatch.setenv("LEDGER_KAFKA", "there:9092")
    monkeypatch.setenv("LEDGER_STATE_DIR", str(tmp_path))
    return made


def run(*words):
    return main(["recon", "safeguarding", *words])


def do(*words):
    return run("--execute", "--reason", "evening", *words)


def test_a_day_that_is_covered_has_nothing_to_tell(ledger, capsys):
    assert do() == 0
    said = capsys.readouterr().out
    assert f"close of {CLOSED}: owed" in said
    assert "covered, surplus 0.00 EUR" in said
    assert ledger.records == []


def test_a_shortfall_is_told_once_and_ends_when_it_is_covered(ledger, capsys):
    ledger.log = test_sheets.planted("cut-20", ten_days_later)  # cards wait too long
    assert run() == 1
    assert ledger.records == [], "a plan sends nothing"
    assert do() == 1
    ((key, _, partition),) = ledger.records
    assert partition == partition_of_key(key, PARTITIONS)
    (case,) = ledger.read_found("")[0].cases.by_id.values()
    assert (case.account, case.subject) == ("BANK.SAFE", f"EUR, close of {CLOSED}")
    assert case.amount > 0
    # Where the log ends now, no card has waited that long: it is covered.
    assert do() == 1, "the closed day was short for ever"
    (case,) = ledger.read_found("")[0].cases.by_id.values()
    assert (case.state, len(ledger.records)) == (State.RESOLVED, 2)
    capsys.readouterr()
    assert do("--json") == 1
    said = json.loads(capsys.readouterr().out)
    assert (said["plan"], said["done"], said["day"]) == ([], False, CLOSED)
    (cover,) = said["covers"]
    assert (cover["missing"], cover["cards_in_time"]) == (str(case.amount), "0")
    assert ledger.read_found("")[0].cases.misfits == []


def test_what_is_still_short_goes_on(ledger, monkeypatch):
    ledger.log = test_sheets.planted("cut-20", ten_days_later)
    assert do() == 1
    short = ledger.read_covers("", Period(to_day=CLOSED))
    monkeypatch.setattr(safeguarding, "read_covers", lambda _address, _period: short)
    assert do() == 1
    assert len(ledger.records) == 1


def test_a_day_that_is_not_closed_is_refused(ledger, capsys):
    assert run("--day", "2025-06-03") == 2
    assert "--day: 2025-06-03 is not closed on every partition" in capsys.readouterr().err
    ledger.log = ()
    assert run() == 2
    assert "no day is closed on every partition" in capsys.readouterr().err
    assert run("--execute") == 2
