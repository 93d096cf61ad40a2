"""Rules tried on a log: what the job itself would have raised, and no effect."""

from types import SimpleNamespace

import pytest

from ops.automation.trial import MemoryOverlay, Trial
from schemas.codec import decode
from schemas.messages.automation import AutomationNotice, AutomationRules, Bound
from schemas.messages.commands import TopUp, WalletCommand
from streams.automation.tables import TABLES, TAKEN
from tests.unit.streams.automation.watched import SECOND, Watched, rule, sweep


@pytest.fixture
def rules():
    return rule(cooldown_s=20), sweep()


@pytest.fixture
def day(rules):
    """A day on which the rules were in force from the beginning."""
    town = Watched(*rules)
    for number in range(4):
        town.pay(45_00)
        town.pay(45_00, "bob", "ann")
        town.command("ann", TopUp("EUR", 60_00, "card", f"top-{number}"))
        town.wait(7 * SECOND)
    for back in (45_00, 44_00):
        town.pay(45_00)
        town.pay(back, "bob", "ann")
    town.pay(45_00)
    town.wait(30 * SECOND)
    town.pay(1_00)  # a trial sees the end of a cool-down when a Decision comes after it
    return town


def tried(town, *rules):
    trial = Trial(AutomationRules("t", rules), 1)
    return [each for decision in town.writer.decisions for each in trial.follow(decision)]


def test_a_trial_raises_what_the_job_raised(day, rules):
    found = tried(day, *rules)
    notices = [each for each in found if isinstance(each, AutomationNotice)]
    commands = [each for each in found if isinstance(each, WalletCommand)]
    raised = [each for each in day.notices if each.kind.name == "RAISED"]
    assert [(each.notice_id, each.at) for each in notices] == [
        (each.notice_id, each.at) for each in raised
    ]
    assert commands == [decode(WalletCommand, value) for value, _ in day.orders]
    assert len(raised) > 2
    assert len(commands) > 2


def test_refusals_in_the_log_are_of_other_rules():
    town = Watched(sweep(to="ann"))
    town.command("ann", TopUp("EUR", 60_00, "card", "top"))
    assert town.notices[-1].kind.name == "COMMAND_REFUSED"
    assert tried(town, rule(when=(Bound("balance", 10**9, None),))) == []


def test_partitions_are_tried_apart(day, rules):
    trial = Trial(AutomationRules("t", rules), 2)
    decision = next(each for each in day.writer.decisions if each.balances)
    other = SimpleNamespace(**{name: getattr(decision, name) for name in decision.__slots__})
    other.partition = 1
    assert len(list(trial.follow(decision))) == len(list(trial.follow(other)))


def test_memory_keeps_a_table_and_writes_nothing_down():
    overlay = MemoryOverlay()
    overlay.table(TAKEN).put("c", b"")
    assert overlay.table(TAKEN).get("c") == b""
    assert [overlay.table(spec).first(1) for spec in TABLES[:3]] == [[], [], []]
    assert overlay.changes() == []
