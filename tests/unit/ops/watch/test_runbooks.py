"""Runbooks: one for each alert, whole, and every command in them is one of ledgerctl's."""

import re

import click
import pytest
import yaml

from tests.support.runbooks import FOLDER, PARTS, commands_in, looking, pages, parsed, parts_of
from tests.support.sources import ROOT

RULES = yaml.safe_load((ROOT / "ops/watch/ledger.rules.yaml").read_text(encoding="utf-8"))
ALERTS = {each["alert"]: each for group in RULES["groups"] for each in group["rules"]}
PAGES = pages()
COMMANDS = sorted({(name, each) for name, text in PAGES.items() for each in commands_in(text)})
WITHOUT_ALERT = {"restore-from-a-backup"}
INDEX = (FOLDER / "README.md").read_text(encoding="utf-8")


def kebab(alert):
    return re.sub(r"(?<!^)(?=[A-Z])", "-", alert).lower()


def test_every_alert_has_its_page_and_every_page_its_alert():
    assert {kebab(alert) for alert in ALERTS} == set(PAGES) - WITHOUT_ALERT
    for alert, rule in ALERTS.items():
        assert rule["annotations"]["runbook"] == f"docs/runbooks/{kebab(alert)}.md"


@pytest.mark.parametrize("alert", ALERTS)
def test_the_index_has_the_alert_and_its_severity(alert):
    severity = ALERTS[alert]["labels"]["severity"]
    assert f"| [{alert}]({kebab(alert)}.md) | {severity} |" in INDEX


@pytest.mark.parametrize("name", PAGES)
def test_a_page_says_symptom_check_act_and_verify(name):
    title, parts = PAGES[name].splitlines()[0], parts_of(PAGES[name])
    assert kebab(title.removeprefix("# ")) == name
    assert list(parts) == PARTS
    assert all(text.strip() for text in parts.values())
    assert commands_in(parts["Check"]), "somebody looks before he acts"
    assert commands_in(parts["Verify"]), "somebody looks whether it helped"
    for part in ("Check", "Verify"):
        assert not any("--execute" in each for each in commands_in(parts[part]))


@pytest.mark.parametrize(("name", "arguments"), COMMANDS, ids=lambda each: str(each)[:60])
def test_a_command_is_one_that_ledgerctl_knows(name, arguments):
    assert parsed(arguments).command.name, name


@pytest.mark.parametrize(("name", "arguments"), COMMANDS, ids=lambda each: str(each)[:60])
def test_what_is_executed_says_why_and_was_shown_before(name, arguments):
    if "--execute" in arguments:
        assert "--reason" in arguments, name


@pytest.mark.parametrize(
    "arguments",
    [("lagg",), ("lag", "--input"), ("partitions", "release"), ("log", "tail", "--limit", "x")],
)
def test_a_command_with_a_mistake_is_refused(arguments):
    with pytest.raises(click.UsageError):
        parsed(arguments)


def test_most_commands_only_look():
    assert len(looking()) > 10
    assert not any("--execute" in each for each in looking())
    assert ("lag",) in looking()
