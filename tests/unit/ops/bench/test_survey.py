"""All benches in turn, and the page of what they found."""

import json

from click.testing import CliRunner

from ops.bench import command, survey
from ops.bench.survey import STEPS, Step, page_of

PIPELINE = {
    "machine": "box", "versions": "v", "decisions_per_s": 900, "ratio": 0.5, "ratio_bytes": 0.1,
    "cpu_by_stop": {"step": 0.75, "seal": 0.25},
}  # fmt: skip
FOUND = {
    "pipeline mixed": PIPELINE,
    "pipeline zipf": {**PIPELINE, "decisions_per_s": 450},
    "latency at 500/s": {"p99_ms": 30.0, "plain_p99_ms": 20.0, "ratio_p99": 1.5},
    "memory": {"by_wallets": {"10": {"us_per_command": 50.0, "rss_max_mb": 90}}},
    "sinks": {"decisions": 5, "redis": {"decisions_per_s": 7, "ratio": 0.2}},
}


def test_every_bench_of_the_survey_is_a_command_with_such_options():
    for step in STEPS:
        made = command.bench.make_context("bench", [*step.group, *step.arguments])
        name, found, rest = command.bench.resolve_command(made, [*made._protected_args, *made.args])
        assert found.make_context(name, rest, parent=made).params["as_json"] is False


def test_a_step_runs_in_a_process_of_its_own_with_its_environment():
    told = []
    steps = [
        Step("native", ("store", "--rows", "100", "--steps", "1")),
        Step("pure", ("store", "--rows", "100", "--steps", "1"), env={"LEDGER_PURE": "1"}),
    ]
    found = survey.survey(steps, told.append)
    assert told == ["native", "pure"]
    assert found["pure"]["code"] == "pure"
    assert found["native"]["rows"] == 100


def test_the_page_draws_each_chart_and_lists_every_figure():
    page = page_of(FOUND)
    assert "width:100.0%" in page
    assert "width:50.0%" in page  # half the throughput
    for title in ("Throughput", "p99", "CPU by stop", "A command by number of wallets", "Sinks"):
        assert f"<h2>{title}" in page
    assert "by_wallets, 10, us_per_command" in page


def test_the_report_and_its_figures_are_written_side_by_side(tmp_path, monkeypatch):
    monkeypatch.setattr(command.survey, "survey", lambda steps, tell: FOUND)
    report = tmp_path / "made" / "figures.html"
    done = CliRunner().invoke(command.bench, ["all", "--report", str(report)])
    assert done.exit_code == 0, done.output
    assert report.read_text() == page_of(FOUND)
    assert json.loads(report.with_suffix(".json").read_text()) == FOUND
