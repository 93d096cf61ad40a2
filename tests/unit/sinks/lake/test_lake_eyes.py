"""What the process that fills the lake says of itself."""

from types import SimpleNamespace

from prometheus_client import CollectorRegistry
from prometheus_client.exposition import generate_latest

from sinks.lake.eyes import SILENT_AFTER_S, LakeEyes


def feed(name, turns=1):
    counts = {"rows": 5, "commits": 2, "repeats": 0, "retries": 1, "lag": 3}
    return SimpleNamespace(name=name, turns=turns, **counts)


def test_the_page_has_what_was_counted():
    registry = CollectorRegistry(auto_describe=False)
    registry.register(LakeEyes([feed("postings"), feed("attempts")], lambda: 0.0).page())
    lines = set(generate_latest(registry).decode().splitlines())
    assert {
        'ledger_process_ready{job="lake"} 1.0',
        'ledger_lake_rows_total{table="postings"} 5.0',
        'ledger_lake_commits_total{table="attempts"} 2.0',
        'ledger_lake_repeats_total{table="attempts"} 0.0',
        'ledger_lake_retries_total{table="attempts"} 1.0',
        'ledger_lake_lag{table="attempts"} 3.0',
    } <= lines


def test_it_is_ready_when_every_table_is_read_and_dead_when_one_is_silent():
    slow, now = feed("postings", turns=0), [0.0]
    eyes = LakeEyes([slow, feed("attempts")], lambda: now[0])
    assert eyes.unready() == "not read yet: postings"
    slow.turns = 1
    assert not eyes.unready()
    now[0] = SILENT_AFTER_S + 1
    assert "postings" in eyes.dead()
    assert "no longer turning" in eyes.unready()
