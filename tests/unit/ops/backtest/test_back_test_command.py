"""`ledgerctl back-test`: what it is given is checked, and what it found is shown."""

import json
from types import SimpleNamespace

import pytest

from ops.backtest import command as module
from ops.backtest.given import instant_of, labels_of, range_of
from ops.cli import main
from ops.errors import DocumentError
from schemas.documents import message_to_json
from tests.support.builders import NOON
from tests.support.checked import log_records
from tests.support.strategies import POLICY, RULES
from tests.unit.ops.backtest.test_back_test import CANDIDATE, writers


@pytest.mark.parametrize(
    ("text", "at"),
    [
        ("2025-06-15T12:00:00Z", NOON),
        ("2025-06-15T14:00:00+02:00", NOON),
        ("2025-06-15 12:00", NOON),
        ("2025-06-15T12:00:00.000001", NOON + 1),
        ("2025-06-15", NOON - 43_200_000_000),
        (None, None),
    ],
)
def test_a_time_is_utc_unless_it_says_otherwise(text, at):
    assert instant_of("--from", text) == at


def test_a_bad_time_and_an_empty_range_name_the_option():
    with pytest.raises(DocumentError, match="--to: 'noon' is no time; write 2026-11-28 or"):
        range_of(None, "noon")
    with pytest.raises(DocumentError, match="--from 2025-01-02 is not before --to 2025-01-02"):
        range_of("2025-01-02", "2025-01-02")
    assert range_of(None, "2025-06-15T12:00Z") == (None, NOON)


def test_labels_are_read_by_wallet_and_command(tmp_path):
    file = tmp_path / "labels.jsonl"
    line = {"wallet_id": "w", "command_id": "c", "fraud": True}
    file.write_text(f"{json.dumps(line)}\n\n{json.dumps(line)}\n")
    assert labels_of(file) == {("w", "c"): True}
    assert labels_of(None) == {}


@pytest.mark.parametrize(
    ("line", "why"),
    [
        ("{", "labels:2: not JSON"),
        ("[]", "labels:2: a label is an object"),
        ('{"wallet_id": "w", "fraud": true}', "labels:2: command_id: must be a text"),
        ('{"wallet_id": "w", "command_id": "c", "fraud": 1}', "labels:2: fraud: must be true or"),
        ('{"wallet_id": "w", "command_id": "c", "fraud": false}', "fraud: an earlier line says"),
    ],
)
def test_a_bad_label_names_line_and_field(tmp_path, line, why):
    file = tmp_path / "labels"
    file.write_text('{"wallet_id": "w", "command_id": "c", "fraud": true}\n' + line)
    with pytest.raises(DocumentError, match=why):
        labels_of(file)
    with pytest.raises(DocumentError, match="No such file"):
        labels_of(tmp_path / "none")


class Reader:
    """The log of the two writers, by the reader's interface."""

    logs = ()

    def __init__(self, address, topic):
        self.partitions = len(self.logs)

    def read(self, partitions):
        return iter(self.logs[partitions[0]])

    def close(self):
        pass


@pytest.fixture
def run(monkeypatch, tmp_path):
    """Run the command over a log; its exit code."""
    file = tmp_path / "candidate.json"
    file.write_text(json.dumps(message_to_json(CANDIDATE)))
    monkeypatch.setattr(module, "TopicReader", Reader)
    monkeypatch.setattr(module, "genesis_policy", lambda: POLICY)
    monkeypatch.setattr(module, "genesis_ruleset", lambda: RULES)
    monkeypatch.setattr(module, "read_settings", lambda: SimpleNamespace(broker=lambda: "here"))
    monkeypatch.setenv("COLUMNS", "100")
    Reader.logs = [log_records(each) for each in writers()]
    return lambda *more: main(["back-test", "--ruleset", str(file), *more])


def test_a_report_fits_a_window_of_a_hundred_columns(run, tmp_path, capsys):
    labels = tmp_path / "labels"
    first = next(each for each in writers()[0].decisions if each.risk is not None)
    label = {"wallet_id": first.wallet_id, "command_id": first.command_id, "fraud": True}
    labels.write_text(json.dumps(label))
    assert run("--labels", str(labels)) == 0
    out = capsys.readouterr().out
    assert "Decisions come out byte for byte by the rulesets in force" in out
    assert "1 of 1 labels are about those commands" in out
    assert "FR01 out_attempts_1h" in out
    assert "in force" in out
    assert max(map(len, out.splitlines())) <= 100


def test_programs_get_everything(run, capsys):
    assert run("--json", "--from", "2025-06-15T12:00Z") == 0
    document = json.loads(capsys.readouterr().out)
    assert document["differences"] == []
    assert document["asked"] == sum(
        each.risk is not None and each.dry_run is None
        for writer in writers()
        for each in writer.decisions
    )
    assert document["candidate"]["at_stake_minor"]["EUR"] > 0
    assert {"rule_id", "feature", "fired", "would_block"} <= set(document["rules"][0])


def test_a_log_that_is_not_reproduced_is_exit_1(run, capsys):
    Reader.logs = [log_records(writers()[0])[1:], []]
    assert run() == 1
    captured = capsys.readouterr()
    assert "difference: partition 0 offset " in captured.err
    assert "in force" not in captured.out


def test_an_empty_range_and_a_bad_ruleset_are_usage_errors(run, tmp_path, capsys):
    assert run("--from", "2030-01-01") == 2
    assert "error: no Decision lies in --from 2030-01-01 --to the end" in capsys.readouterr().err
    bad = tmp_path / "bad.json"
    bad.write_text(json.dumps(message_to_json(CANDIDATE) | {"review_at": 1}))
    assert main(["back-test", "--ruleset", str(bad)]) == 2
    assert "bad.json: review_at: not what the core can decide by" in capsys.readouterr().err
