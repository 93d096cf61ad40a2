"""The upgrade check: this code makes the Decisions of the log, and a cent more is refused."""

import json
from contextlib import closing, contextmanager, nullcontext
from functools import cache
from types import SimpleNamespace

import pytest
from click.testing import CliRunner

from ledger.programme import Programme
from ops.upgrade import command
from ops.upgrade.run import UpgradeCheck
from schemas.codec import decode
from schemas.messages.decisions import Decision
from streams.runtime.fakes_local import FakeDisk
from streams.wallet import step as steps
from tests.support.checked import log_records
from tests.support.strategies import POLICY, RULES
from tests.support.traffic import PARTITIONS, Traffic


class OneSet(Traffic):
    """Traffic in which the same rules are in force all day."""

    def _trial(self):
        pass


@cache
def writers():
    return OneSet().run(11, 200).writers


@pytest.fixture(autouse=True)
def _written():
    """Written before any test changes what is decided, whichever of them comes first."""
    writers()


def disk(partition):
    return nullcontext(FakeDisk().open())


def logs():
    return [log_records(each) for each in writers()]


def checked(since_us=0, records=None):
    done = UpgradeCheck((POLICY, RULES), since_us)
    for partition, log in enumerate(records or logs()):
        done.partition(partition, PARTITIONS, log, disk)
    return done


def everything():
    return [decode(Decision, record.value) for log in logs() for record in log]


def test_this_code_makes_every_decision_of_its_log_again():
    done = checked()
    assert done.differences == []
    assert done.decided + done.dropped == len(everything())
    assert done.decided > 150
    assert done.folded == 0


def is_charged(decision):
    """Whether a card top-up was booked with a fee: what the programme says is the fee, then."""
    lines = [line for entry in decision.entries for line in entry.postings]
    topped_up = any(entry.flow.startswith("F1.") for entry in decision.entries)
    return topped_up and any(line.account.startswith("REV.") for line in lines)


@pytest.mark.pure
def test_a_fee_that_is_one_cent_more_is_refused_and_each_decision_named(monkeypatch):
    fee = Programme.fee

    def dearer(self, flow, amount):
        return fee(self, flow, amount) + 1

    charged = {(each.partition, each.sequence) for each in everything() if is_charged(each)}
    monkeypatch.setattr(Programme, "fee", dearer)
    done = checked()
    named = {(each.partition, each.sequence) for each in done.differences}
    assert charged
    assert charged <= named
    assert all(sequence > 0 for _, sequence in named)
    assert any("entries" in each.what for each in done.differences)
    (first, *_) = done.differences
    assert first.line().startswith(f"partition {first.partition} #{first.sequence} would be")


@pytest.mark.pure
def test_what_lies_before_the_days_is_folded_and_not_judged(monkeypatch):
    times = sorted(each.decided_at for each in everything())
    middle = times[len(times) // 2]
    done = checked(middle)
    assert done.differences == []
    assert done.folded == sum(at < middle for at in times)
    assert done.folded + done.decided + done.dropped == len(times)
    monkeypatch.setattr(Programme, "fee", lambda *_: 1)
    assert checked(times[-1] + 1).differences == []


@pytest.mark.pure
def test_an_engine_that_this_code_has_not_is_named(monkeypatch):
    monkeypatch.setattr("ops.upgrade.run.ENGINE", steps.ENGINE + 1)
    done = checked()
    assert len(done.differences) == len(everything())
    assert done.differences[0].what == "was decided by engine 1, this code has 2 alone"


def test_a_damaged_log_is_told_and_its_neighbours_go_on():
    first, *others = logs()
    done = checked(records=[[*first[:3], *first[4:]], *others])
    assert [(each.partition, each.sequence) for each in done.differences] == [(0, 0)]
    assert done.decided > 50


@pytest.fixture
def ctl(monkeypatch):
    @contextmanager
    def reader(*_):
        yield SimpleNamespace(
            partitions=PARTITIONS,
            read=lambda chosen: iter(logs()[chosen[0]]),
            ends=lambda: dict.fromkeys(range(PARTITIONS), 999),
            first=lambda partition: 0,
        )

    monkeypatch.setattr(
        command, "closing", lambda each: each if hasattr(each, "gen") else closing(each)
    )
    monkeypatch.setattr(command, "TopicReader", reader)
    monkeypatch.setattr(command, "read_settings", lambda: SimpleNamespace(broker=lambda: "h:1"))
    monkeypatch.setattr(command, "genesis_policy", lambda: POLICY)
    monkeypatch.setattr(command, "genesis_ruleset", lambda: RULES)
    return lambda *arguments: CliRunner().invoke(command.upgrade, ["check", *arguments])


def test_the_command_counts_and_exits_0(ctl):
    done = ctl("--everything", "--json")
    assert done.exit_code == 0, done.output
    found = json.loads(done.stdout)
    assert found["decided_again"] + found["dropped"] == len(everything())
    assert found["differences"] == []
    assert found["engine"] == steps.ENGINE
    one = ctl("--everything", "--partition", "0")
    assert "Decisions decided again by engine 1, 0 folded" in one.stdout
    assert ctl("--partition", "99").exit_code == 2


@pytest.mark.pure
def test_the_command_exits_1_and_names_what_differs(ctl, monkeypatch):
    monkeypatch.setattr(Programme, "fee", lambda *_: 1)
    done = ctl("--everything")
    assert done.exit_code == 1
    assert "difference: partition" in done.output
    assert done.stdout.rstrip().endswith("differ")
