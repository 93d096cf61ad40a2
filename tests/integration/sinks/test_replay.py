"""A replay into PostgreSQL: killed midway, resumed, compared, applied; the live rows stay whole."""

import os
import signal
import subprocess
import sys

import psycopg
import pytest

from ops.cli import main
from sinks.crash import AFTER_OFFSET, BEFORE_OFFSET, MID_BATCH
from topics.partitioning import partition_of

PARTITION = "1"
WHY = ("--execute", "--reason", "rows were edited")
RUN = ("replay", "run", "--partition", PARTITION, "--batch", "60", *WHY)
KILLS = (f"{MID_BATCH}:2", f"{BEFORE_OFFSET}:2", f"{AFTER_OFFSET}:1")


@pytest.fixture
def live(fed, places, monkeypatch, tmp_path):
    """PostgreSQL level with the log, its sink still running, and ledgerctl pointed at it."""
    places.start("postgres")
    places.wait_for("postgres", fed)
    for name, value in places.env.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("LEDGER_STATE_DIR", str(tmp_path / "state"))
    return places


def change(live, statement, *values):
    with psycopg.connect(live.postgres) as connection:
        assert connection.execute(statement, values).rowcount == 1


def ask(live, statement):
    with psycopg.connect(live.postgres) as connection:
        return connection.execute(statement).fetchone()


def break_three_ways(live):
    change(
        live,
        "UPDATE posting SET amount = amount + 1 WHERE (partition, sequence, entry, posting) ="
        " (SELECT partition, sequence, entry, posting FROM posting WHERE partition = 1"
        " AND owner = 'w1-0' ORDER BY sequence LIMIT 1)",
    )
    change(
        live,
        "DELETE FROM outcome WHERE (partition, sequence) = (1, 3)",
    )
    change(
        live,
        "INSERT INTO wallet_balance VALUES ('w1-0', 'W.AVL', 'JPY', 1, 7, 1)",
    )


def test_killed_at_any_point_it_goes_on_and_touches_no_live_row(fed, live):
    whole = live.digests("postgres", len(fed.logs))
    for point in KILLS:
        killed = subprocess.run(
            [sys.executable, "-m", "ops.cli", *RUN],
            env={**os.environ, "LEDGER_CRASH_POINT": point},
            capture_output=True,
            check=False,
        )
        assert killed.returncode == -signal.SIGKILL, killed.stderr
        assert live.digests("postgres", len(fed.logs)) == whole
    assert ask(live, "SELECT sequence > 0 FROM replay_p1.sink_offset") == (True,)
    assert main(list(RUN)) == 0
    assert main(["replay", "diff", "p1"]) == 0


def test_what_somebody_edited_is_found_and_healed(fed, live, tmp_path, capsys):
    assert main(list(RUN)) == 0
    break_three_ways(live)
    fed.grow(40)  # the live sink goes on meanwhile
    live.wait_for("postgres", fed)
    capsys.readouterr()
    assert main(["replay", "diff", "p1"]) == 1
    said = capsys.readouterr()
    assert "outcome 1 3 is missing" in said.err
    assert "wallet_balance w1-0 W.AVL JPY 1 does not follow from the log" in said.err
    assert said.err.count("posting 1 ") == 1
    assert "DIFFERENT" in said.out
    assert main(["replay", "apply", "p1"]) == 0
    assert main(["replay", "diff", "p1"]) == 1, "a plan alone changes nothing"
    assert main(["replay", "apply", "p1", *WHY]) == 0
    assert main(["replay", "diff", "p1"]) == 0
    live.assert_holds_exactly("postgres", fed)
    capsys.readouterr()
    assert main(["replay", "apply", "p1", *WHY]) == 0
    assert "changed: nothing" in capsys.readouterr().out
    assert main(["replay", "abort", "p1", *WHY]) == 0
    assert main(["replay", "diff", "p1"]) == 2, "it is gone"
    assert "replay apply p1" in (tmp_path / "state" / "operations.jsonl").read_text()


def test_a_wallet_or_a_range_heals_its_own_rows_only(fed, live, capsys):
    mine = [each for each in fed.logs[1].opened if partition_of(each, len(fed.logs)) == 1]
    wallet = mine[0]
    scopes = {
        "wallet": ("--wallet", wallet),
        "sequence": ("--partition", PARTITION, "--from", "2", "--to", "30"),
        "offset": ("--partition", PARTITION, "--by", "offset", "--from", "5", "--to", "25"),
    }
    capsys.readouterr()
    for arguments in scopes.values():
        assert main(["replay", "run", *arguments, *WHY]) == 0
    assert main(["replay", "list"]) == 0
    names = capsys.readouterr().out.splitlines()[-3:]
    (by_wallet,) = (name for name in names if name.startswith("p1_w"))
    by_sequence = "p1_s2_30"
    assert by_sequence in names
    for name in names:
        assert main(["replay", "diff", name]) == 0, name
    change(live, "UPDATE outcome SET detail = 'else' WHERE (partition, sequence) = (1, 20)")
    moved = "UPDATE wallet SET tier = 'STRANGE' WHERE wallet_id = %s"
    change(live, moved, wallet)
    assert main(["replay", "diff", by_sequence]) == 1
    assert main(["replay", "apply", by_sequence, *WHY]) == 0
    assert "changed: outcome 1" in capsys.readouterr().out
    assert main(["replay", "diff", by_wallet]) == 1
    assert main(["replay", "apply", by_wallet, *WHY]) == 0
    assert "changed: wallet 1" in capsys.readouterr().out
    live.assert_holds_exactly("postgres", fed)
