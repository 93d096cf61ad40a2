"""`ledgerctl published check` says what differs, and its exit code says whether."""

import json

import pytest

from ops.cli import main
from ops.published import command
from tests.support.published import Published
from tests.support.recon import log_of_writer
from tests.support.writers import Writer, wallet_at
from topics.catalog import POSTINGS


@pytest.fixture
def published(monkeypatch, tmp_path):
    """One partition, read from memory; the tool asks no broker."""
    writer = Writer(0, 1)
    writer.open(wallet_at(0, partitions=1), 900)
    writer.commit()
    made = Published(log_of_writer(writer)).prompt()
    monkeypatch.setattr(command, "TopicReading", lambda *_: made)
    monkeypatch.setattr(command, "last_sealed", lambda _: {0: writer.decisions[-1]})
    monkeypatch.setenv("LEDGER_KAFKA", "127.0.0.1:1")
    monkeypatch.setenv("LEDGER_STATE_DIR", str(tmp_path))
    return made


def test_nothing_differs(published, capsys):
    assert main(["published", "check"]) == 0
    assert "are the log's" in capsys.readouterr().out
    assert main(["published", "check", "--json", "--partition", "0"]) == 0
    said = json.loads(capsys.readouterr().out)
    assert said["findings"] == []
    assert said["partitions"] == [
        {
            "partition": 0,
            "published": 2,
            "log": 2,
            "postings": len(published.of(POSTINGS)),
            "findings": 0,
        }
    ]


def test_a_difference_is_exit_code_1(published, capsys):
    published.outputs = [each for each in published.outputs if each.topic != POSTINGS.name]
    assert main(["published", "check"]) == 1
    said = capsys.readouterr().out
    assert f"partition 0: {POSTINGS.name}: record 0: posting 0-2-0-0" in said
    assert "journal (" in said
