"""Boards and alerts: every query reads what somebody tells, rules are whole, files are as drawn."""

import json
import re

import pytest
import yaml

from eyes.names import METRICS
from ops.watch.__main__ import FOLDER
from ops.watch.boards import text_of
from ops.watch.panels import BOARDS
from tests.support.promql import read_query, series
from tests.support.sources import ROOT

RULES = yaml.safe_load((ROOT / "ops/watch/ledger.rules.yaml").read_text(encoding="utf-8"))
ALERTS = {each["alert"]: each for group in RULES["groups"] for each in group["rules"]}
QUERIES = [
    *(query for board in BOARDS for panel in board.panels for query, _ in panel.queries),
    *(each["expr"] for each in ALERTS.values()),
]
COMPOSE = yaml.safe_load((ROOT / "docker-compose.yml").read_text(encoding="utf-8"))


def written(board):
    return json.loads((FOLDER / f"{board.name}.json").read_text(encoding="utf-8"))


@pytest.mark.parametrize("query", QUERIES)
def test_a_query_reads_what_somebody_tells(query):
    assert read_query(query).series


@pytest.mark.parametrize(
    ("query", "what"),
    [
        ("ledger_partition_lagg > 1", "nobody tells ledger_partition_lagg"),
        ("ledger_sink_written", "nobody tells ledger_sink_written"),
        ("sum by (store) (ledger_partition_lag)", "has no label store"),
        ('ledger_sink_lag{topic="x"}', "has no label topic"),
        ("sum(ledger_sink_lag", "is not closed"),
        ("ledger_sink_lag) > 1", "closes nothing"),
        ("rate(ledger_sink_written_total[5 minutes])", "no token"),
        ("1 > 0", "no series"),
        ("sum > ledger_sink_lag", "called with nothing"),
    ],
)
def test_a_query_that_could_never_speak_is_refused(query, what):
    with pytest.raises(ValueError, match=what):
        read_query(query)


def test_every_metric_is_drawn_or_watched():
    read = {name for query in QUERIES for name in read_query(query).series}
    for metric in METRICS:
        assert read & {name for name in series() if name.startswith(metric.name)}, metric.name


@pytest.mark.parametrize("board", BOARDS, ids=lambda board: board.name)
def test_a_board_is_as_its_panels_say(board):
    """`python -m ops.watch` writes them again."""
    assert (FOLDER / f"{board.name}.json").read_text(encoding="utf-8") == text_of(board)
    document = written(board)
    ids = [panel["id"] for panel in document["panels"]]
    places = [(panel["gridPos"]["x"], panel["gridPos"]["y"]) for panel in document["panels"]]
    assert len(set(ids)) == len(ids) == len(set(places))


def test_there_is_no_other_board():
    assert {path.stem for path in FOLDER.iterdir()} == {board.name for board in BOARDS}


@pytest.mark.parametrize("name", ALERTS)
def test_a_rule_is_whole(name):
    rule = ALERTS[name]
    assert set(rule) <= {"alert", "expr", "for", "labels", "annotations"}
    assert re.fullmatch(r"\d+[smh]", rule.get("for", "0s"))
    assert rule["labels"]["severity"] in {"page", "ticket"}
    labels = set(re.findall(r"\$labels\.(\w+)", rule["annotations"]["summary"]))
    asked = read_query(rule["expr"])
    kept = asked.labels if "by (" in rule["expr"] else series()[next(iter(asked.series))]
    assert labels <= kept, "a summary names only labels that the alert has"


def test_alerts_have_names_of_their_own():
    assert len(ALERTS) == sum(len(group["rules"]) for group in RULES["groups"])


def test_prometheus_asks_every_process_and_keeps_its_job():
    config = yaml.safe_load(COMPOSE["configs"]["prometheus"]["content"])
    (ledger,) = [each for each in config["scrape_configs"] if each["job_name"] == "ledger"]
    assert ledger["honor_labels"] is True
    asked = {target for each in ledger["static_configs"] for target in each["targets"]}
    asked |= {f"{name}:9100" for each in ledger["dns_sd_configs"] for name in each["names"]}
    tells = {
        f"{name}:{service['environment']['LEDGER_METRICS'].split(':')[1]}"
        for name, service in COMPOSE["services"].items()
        if service.get("command", [])[:2] == ["python", "-m"]
    }
    assert asked == tells
    (rules,) = config["rule_files"]
    mounts = COMPOSE["services"]["prometheus"]["volumes"]
    assert f"./ops/watch/ledger.rules.yaml:{rules}:ro" in mounts


def test_grafana_is_given_the_boards_and_the_source_they_name():
    grafana = COMPOSE["services"]["grafana"]
    provider = yaml.safe_load(COMPOSE["configs"]["boards"]["content"])
    path = provider["providers"][0]["options"]["path"]
    assert grafana["volumes"] == [f"./ops/watch/boards:{path}:ro"]
    source = yaml.safe_load(COMPOSE["configs"]["grafana"]["content"])["datasources"][0]
    named = {panel["datasource"]["uid"] for board in BOARDS for panel in written(board)["panels"]}
    assert named == {source["uid"]}
