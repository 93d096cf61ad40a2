"""`recon report`: figures that add up, the same bytes again, a page that needs no other file."""

import json
import re
from datetime import date, timedelta
from html.parser import HTMLParser

import pytest

from ops.cli import main
from ops.errors import DocumentError
from ops.recon.found import Found
from ops.recon.rails import read_rails
from ops.recon.report import command
from ops.recon.report.command import days_of
from ops.recon.report.content import Content, Days, document_of, files_of
from ops.recon.report.matched import Share
from ops.recon.report.page import page_of
from ops.recon.report.pictures import ticks
from streams.reconciliation.external.parts import parts_of
from streams.reconciliation.external.readers import read_file
from tests.support.bank_files import CAMT, FOLDER
from tests.support.recon_days import DAYS, FIRST, LAST, content, found


class Nesting(HTMLParser):
    """Every element that was opened is closed, and its attributes are kept."""

    def __init__(self):
        super().__init__()
        self.open, self.attributes, self.wrong = [], [], []

    def handle_starttag(self, tag, attrs):
        self.attributes += attrs
        if tag != "meta":
            self.open.append(tag)

    def handle_startendtag(self, tag, attrs):
        self.attributes += attrs

    def handle_endtag(self, tag):
        if not self.open or self.open.pop() != tag:
            self.wrong.append(tag)


def test_the_figures_add_up():
    said = document_of(content())
    whole = said["roll_forward"]
    assert whole["opening"] + whole["new"] - whole["ended"] == whole["closing"]
    assert whole["opening"] > 0
    assert sum(each["new"] for each in said["days"]) == whole["new"]
    assert sum(each["ended"] for each in said["days"]) == whole["ended"]
    for before, after in zip(said["days"], said["days"][1:], strict=False):
        assert before["closing"] == after["opening"]
    for rows in (said["ageing"], said["by_kind"], said["by_owner"]):
        name = "count" if rows is said["ageing"] else "open"
        assert sum(each[name] for each in rows) == whole["closing"]
    late = sum(each["overdue"] for each in said["by_kind"])
    assert late == len(said["overdue"]) > 0
    assert [each["due"] for each in said["overdue"]] == sorted(
        each["due"] for each in said["overdue"]
    )


def test_what_was_equal_again_is_new_and_ended_on_its_day():
    found_before = document_of(Content(Days(FIRST, LAST), found(), ()))
    fifth = found_before["days"][4]
    cases = content().found.cases.by_id
    assert cases["RI07-0-a"].steps[-1].actor == "system"
    assert (fifth["day"], fifth["ended"] >= 1) == ("2026-03-06", True)


def test_the_same_days_of_the_same_logs_are_the_same_bytes():
    again = content.__wrapped__()
    one, other = document_of(content()), document_of(again)
    assert json.dumps(one) == json.dumps(other)
    assert page_of(content()) == page_of(again)
    assert one["digest"] != document_of(content(matched=False))["digest"]


def test_a_longer_log_says_the_same_of_days_that_are_over():
    days = Days(FIRST, FIRST + timedelta(days=6))
    early, late = Content(days, found(until=days.end_us), ()), Content(days, found(), ())
    assert early.roll_forward() == late.roll_forward()
    assert early.by_day() == late.by_day()


def test_the_match_rate_is_whole_and_rounded_down():
    said = document_of(content())["matching"]
    assert said["expectations"] == {"matched": 190, "of": 200, "bps": 9_500}
    assert said["lines"] == {"matched": 190, "of": 193, "bps": 9_844}
    assert said["passes"] == {"exact": 150, "normalised": 40}
    assert said["statuses"] == {"MATCHED": 190, "MISSING": 10}
    assert said["unexpected_lines"] == {"MISSING_INTERNAL": 3}
    assert Share(9_999, 10_000).bps == 9_999
    assert Share(99_999, 100_000).bps == 9_999  # never 100 % when one is missing
    assert Share(0, 0).bps is None


MADE = {
    "full": content,
    "unmatched": lambda: content(matched=False),
    "empty": lambda: Content(DAYS, Found(), ()),
}


@pytest.mark.parametrize("name", list(MADE))
def test_a_page_is_whole_and_needs_no_other_file(name):
    text = page_of(MADE[name]())
    parser = Nesting()
    parser.feed(text)
    assert (parser.wrong, parser.open) == ([], [])
    names = {name for name, _ in parser.attributes}
    assert not names & {"src", "href", "onload", "onclick"}
    assert not re.search(r"<script|<link|<img|@import|url\(", text)
    assert "None" not in text


def test_what_a_customer_wrote_is_no_markup():
    text = page_of(content())
    assert "<of a customer" not in text
    assert "&lt;of a customer &amp; another&gt;" in text


def test_the_figures_of_the_pictures_stand_in_the_page():
    text = page_of(content())
    said = document_of(content())
    assert text.count("<svg") == 3
    assert said["digest"] in text
    whole = said["roll_forward"]
    for name in ("opening", "new", "ended", "closing"):
        assert f"<b>{whole[name]}</b>" in text


@pytest.mark.parametrize(
    ("highest", "expected"),
    [
        (0, [0, 1]),
        (1, [0, 1]),
        (5, [0, 1, 2, 3, 4, 5]),
        (6, [0, 2, 4, 6]),
        (25, [0, 5, 10, 15, 20, 25]),
        (26, [0, 10, 20, 30]),
        (1_001, [0, 500, 1_000, 1_500]),
    ],
)
def test_an_axis_has_round_numbers_and_reaches_the_highest(highest, expected):
    assert ticks(highest) == expected


def test_files_are_counted_by_account():
    file = read_file((FOLDER / CAMT).read_bytes(), "", None)
    (row,) = files_of(parts_of(file, ("SequenceGap",)))
    assert (row.fingerprint, row.lines, row.findings) == (file.fingerprint, 4, ("SequenceGap",))


def test_days_by_default_are_two_weeks_until_today():
    assert days_of("", "", LAST) == DAYS
    assert days_of("2026-03-01", "2026-03-01", LAST).each() == [date(2026, 3, 1)]


@pytest.mark.parametrize(
    ("first", "last", "named"),
    [("x", "", "--from"), ("", "2026-02-30", "--to"), ("2026-03-16", "2026-03-15", "1 to 366")],
)
def test_wrong_days_are_named(first, last, named):
    with pytest.raises(DocumentError, match=named):
        days_of(first, last, LAST)


@pytest.fixture
def reads(monkeypatch):
    monkeypatch.setenv("LEDGER_KAFKA", "there:9092")
    monkeypatch.setattr(command, "read_parts", lambda _address, _until: [])
    monkeypatch.setattr(command, "now_us", lambda: DAYS.end_us - 1)

    def read(_address, *, until_us):
        return found(until=until_us), 4

    monkeypatch.setattr(command, "read_found", read)


def test_the_command_prints_json_or_writes_the_page(reads, capsys, tmp_path):
    assert main(["recon", "report"]) == 1  # something is overdue
    said = json.loads(capsys.readouterr().out)
    assert (said["from"], said["to"]) == (str(FIRST), str(LAST))
    path = tmp_path / "report.html"
    assert main(["recon", "report", "--html", str(path)]) == 1
    assert said["digest"] in capsys.readouterr().out
    assert said["digest"] in path.read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("x", "no TOML"),
        ("[rails]", "nothing else"),
        ("[other]", "nothing else"),
        ("[rails]\nsct = 1", "rails.sct is no table"),
        ("[rails.sct]\nsla_days = 1", "rails.sct.account"),
        ('[rails.sct]\naccount = "DE1"\nsla_days = -1', "rails.sct.sla_days"),
        ('[rails.sct]\naccount = "DE1"\nwindow_days = true', "rails.sct.window_days"),
        ('[rails.sct]\naccount = "DE1"\nother = 1', "rails.sct.other: unknown"),
    ],
)
def test_a_wrong_file_of_rails_names_the_field(tmp_path, text, named):
    path = tmp_path / "rails.toml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(DocumentError, match=named):
        read_rails(path)


def test_a_file_of_rails_gives_the_numbers_of_matching(tmp_path):
    path = tmp_path / "rails.toml"
    path.write_text('[rails.sct]\naccount = "DE1"\nsla_days = 1\ntolerance_minor = 2', "utf-8")
    book = read_rails(path)
    rules = book.rules()
    assert (book.rails["sct"].account, rules.sla("sct"), rules.window("sct")) == ("DE1", 1, 2)
    assert rules.tolerance("sct").allows(100, 102)
    assert not rules.tolerance("sct").allows(100, 103)
