"""The report: counts everything, keeps the first words, and says it for people and programs."""

import json

from ops.checker.report import KEPT_PER_CHECK, NAMES, NOTES_PER_CHECK, Report, Result, new_results


def test_a_report_holds_until_something_is_found():
    report = Report(7, new_results())
    assert report.holds
    assert report.red() == set()
    report.results[3].add("ledger", "1 EUR too many")
    assert not report.holds
    assert report.red() == {3}
    assert [str(each) for each in report.findings] == ["3 ledger: 1 EUR too many"]


def test_every_finding_is_counted_and_the_first_are_kept():
    report = Report(7, new_results())
    for number in range(KEPT_PER_CHECK + 5):
        report.results[1].add("here", f"{number}")
    assert report.results[1].found == KEPT_PER_CHECK + 5
    assert len(report.findings) == KEPT_PER_CHECK


def test_it_has_a_row_and_an_object_for_each_of_the_17_checks():
    report = Report(7, new_results())
    report.results[3].add("ledger", "1 EUR too many")
    assert len(report.rows()) == len(NAMES) == 17
    document = json.loads(json.dumps(report.as_json()))
    assert (document["holds"], document["decisions"]) == (False, 7)
    assert document["checks"][2] == {
        "check": 3,
        "name": NAMES[3],
        "looked_at": 0,
        "found": 1,
        "findings": ["ledger: 1 EUR too many"],
        "notes": [],
    }


def test_notes_are_bounded_and_counted():
    result = Result(6)
    for number in range(NOTES_PER_CHECK + 7):
        result.note(f"{number}")
    assert len(result.notes) == NOTES_PER_CHECK + 1
    assert result.notes[-1] == "and 7 more"
