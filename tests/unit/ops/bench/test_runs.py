"""The bench's runs, with stack, workers and log played: which figure is made of what."""

import json
import os
from contextlib import contextmanager, nullcontext
from types import SimpleNamespace

import pytest
from click.testing import CliRunner

from ops.answers import Taken
from ops.bench import command, commit, hot_wallet, latency, limit, pipeline, recovery
from ops.bench.drain import Drained
from ops.bench.load import Load

LOADS = [Load(b"k", b"v", 0, f"c{each}") for each in range(100)]
STATUS = {
    "replayed": 110,
    "cpu_s": {"decide": 3.0, "commit": 1.0, "recovery": 0.25},
    "wall_s": {"recovery": 0.5},
}
WORKER = {"partitions": {"0": STATUS}, "gc_pause_max_ms": 3.5}


@pytest.fixture
def stack(tmp_path):
    ends = SimpleNamespace(kafka="h:1")
    return SimpleNamespace(endpoints=ends, layout=SimpleNamespace(root=tmp_path, state=tmp_path))


@pytest.fixture
def played(monkeypatch):
    """Every part that needs a server."""
    calls = []
    process = SimpleNamespace(
        report=lambda: SimpleNamespace(pid=os.getpid()), stop=lambda: calls.append("stop")
    )

    def flood(bootstrap, loads):
        calls.append("flood")
        return Drained(110, 100, 2.0, [b"s"])

    for room in (pipeline, recovery, hot_wallet):
        monkeypatch.setattr(room, "flood", flood)
    for room in (pipeline, recovery):
        monkeypatch.setattr(room, "status_of", lambda *_: WORKER)

    def start_worker(stack, name, env, policy):
        calls.extend([name] if env is None else [name, env])
        return process

    monkeypatch.setattr(pipeline, "start_worker", start_worker)
    monkeypatch.setattr(pipeline, "running_partitions", lambda *_: 4)
    monkeypatch.setattr(pipeline, "wait_for", lambda what, done: calls.append(done()))
    monkeypatch.setattr(limit, "measure", lambda *_: {"codec": 100.0, "bytes": 400.0})
    monkeypatch.setattr(recovery.shutil, "rmtree", lambda folder: calls.append("rmtree"))
    return calls


def test_the_ratio_is_decisions_per_second_to_the_plain_loops(stack, played):
    figures = pipeline.measure(stack, LOADS, 2)
    assert played == ["worker-1", "worker-2", True, "flood", "stop", "stop"]
    assert (figures["commands"], figures["decisions"]) == (100, 110)
    assert (figures["decisions_per_s"], figures["commands_per_s"]) == (50, 45)
    assert (figures["raw_commands_per_s"], figures["ratio"]) == (100, 0.5)
    assert (figures["raw_bytes_per_s"], figures["ratio_bytes"]) == (400, 0.125)
    assert figures["cpu_by_stop"]["decide"] == pytest.approx(3 / 4.25, abs=0.001)
    assert figures["gc_pause_max_ms"] == 3.5
    assert all(each > 0 for each in figures["rss_mb_per_worker"])


@pytest.mark.parametrize(
    ("counts", "settled"), [((4, 4), True), ((5, 3), False), ((4, 3), False), ((8, 0), False)]
)
def test_workers_have_settled_when_they_share_every_partition(monkeypatch, counts, settled):
    owned = dict(zip(("worker-1", "worker-2"), counts, strict=True))
    monkeypatch.setattr(pipeline, "running_partitions", lambda stack, name: owned[name])
    assert pipeline.settled(None, tuple(owned), 8) is settled


def test_a_hot_wallet_is_held_against_many_on_stacks_of_their_own(stack, played, monkeypatch):
    partitions, floods = [], []
    times = iter((2.0, 2.5))

    def flood(bootstrap, loads):
        floods.append(loads)
        return Drained(110, 100, next(times), [])

    monkeypatch.setattr(hot_wallet, "flood", flood)

    def stacks(count):
        partitions.append(count)
        return nullcontext(stack)

    figures = hot_wallet.measure(stacks, LOADS, LOADS)
    assert partitions == [1, 1]
    assert figures == {"uniform_per_s": 50, "hot_per_s": 40, "ratio": 0.8}
    assert len(floods) == played.count("stop") == 2


def test_commits_are_counted_by_group_and_producer(monkeypatch):
    """A played clock goes on by 10 ms whenever it is read."""
    now = iter(each / 100 for each in range(1, 1_000))
    monkeypatch.setattr(
        commit, "time", SimpleNamespace(monotonic=lambda: next(now), sleep=lambda seconds: None)
    )
    said = []
    producer = SimpleNamespace(
        begin=lambda: said.append("begin"),
        send_log=lambda records: said.append([each.value for each in records]),
        send=lambda outputs: said.append(len(outputs)),
        commit=lambda: said.append("commit"),
    )
    figures = commit.committed([producer], [b"a", b"b"], 3, 0.1)
    count = said.count("commit")
    assert said == ["begin", [b"a", b"b", b"a"], 3, "commit"] * count
    assert figures == {
        "p50_ms": 10.0,
        "p99_ms": 10.0,
        "transactions_per_s": count / 0.1,
        "records_per_s": 3 * count / 0.1,
    }


def test_recovery_is_of_a_worker_without_its_state(stack, played):
    figures = recovery.measure(stack, LOADS)
    order = [each for each in played if isinstance(each, str)]
    assert order == ["filler", "flood", "stop", "rmtree", "rebuilder", "stop"]
    assert [each for each in played if isinstance(each, dict)] == [{"LEDGER_SNAPSHOTS": ""}] * 2
    assert figures.pop("rss_mb") > 0
    assert figures == {
        "decisions": 110,
        "replayed": 110,
        "recovery_s": 0.5,
        "recovery_cpu_s": 0.25,
        "decisions_per_s": 220,
    }


def test_the_plain_loops_speed_is_that_of_all_its_processes(stack, monkeypatch):
    ends = iter(2 * ((10.0, 14.0, 300), (11.0, 15.0, 200)))
    started = []

    def popen(argv, **options):
        started.append(json.loads(argv[-1]))
        began, ended, records = next(ends)
        last = json.dumps({"began": began, "ended": ended, "records": records})
        return SimpleNamespace(communicate=lambda timeout: (f'{{"ready": true}}\n{last}\n', None))

    monkeypatch.setattr(limit.subprocess, "Popen", popen)
    monkeypatch.setattr(limit, "_counts", lambda bootstrap: dict.fromkeys(range(8), 10))
    assert limit.measure(stack, 2, [b"s"]) == {"codec": 100.0, "bytes": 100.0}
    assert [each["partitions"] for each in started] == 2 * [[0, 2, 4, 6], [1, 3, 5, 7]]
    assert [each["records"] for each in started] == [40] * 4
    assert [each["codec"] for each in started] == [True, True, False, False]


def test_the_warm_up_is_not_measured(stack, monkeypatch):
    monkeypatch.setattr(latency, "producer_of", lambda *_: None)
    monkeypatch.setattr(latency, "time", SimpleNamespace(monotonic=lambda: 50.0))
    monkeypatch.setattr(latency, "drip", lambda *_: None)
    closed = []
    taken = [Taken("cold", 51.0, 9.0), *(Taken("warm", 53.0 + n, 0.001 * n) for n in range(1, 101))]
    answers = SimpleNamespace(
        sent=None, wait=lambda deadline_s: None, close=lambda: closed.append(1), taken=taken
    )
    figures = latency.paced(stack, LOADS, 10, answers, "t")
    assert figures == {"samples": 100, "p50_ms": 50.0, "p99_ms": 99.0, "p999_ms": 100.0}
    assert closed == [1]


def test_answers_are_let_go_of_when_they_stay_away(stack, monkeypatch):
    closed = []

    def wait(deadline_s):
        raise TimeoutError

    monkeypatch.setattr(latency, "producer_of", lambda *_: None)
    monkeypatch.setattr(latency, "drip", lambda *_: None)
    answers = SimpleNamespace(sent=None, wait=wait, close=lambda: closed.append(1))
    with pytest.raises(TimeoutError):
        latency.paced(stack, LOADS, 10, answers, "t")
    assert closed == [1]


@pytest.fixture
def commands(monkeypatch):
    @contextmanager
    def stack(partitions=8):
        yield SimpleNamespace(endpoints=SimpleNamespace(kafka="h:1"))

    @contextmanager
    def started(stack, names):
        yield

    monkeypatch.setattr(command, "servers", stack)
    monkeypatch.setattr(command, "started", started)
    monkeypatch.setattr(command, "measure", lambda stack, loads, *_: {"sent": len(loads)})
    monkeypatch.setattr(command.recovering, "measure", lambda stack, loads: {"sent": len(loads)})
    monkeypatch.setattr(command, "pour_commands", lambda *_: None)
    monkeypatch.setattr(
        command.hot_wallets, "measure", lambda stacks, *loads: {"sent": list(map(len, loads))}
    )
    monkeypatch.setattr(
        command.commits, "measure", lambda kafka, samples, seconds: {"1 x 1": {"p50_ms": seconds}}
    )
    rates = {"codec": 2.4, "bytes": 9.6}
    monkeypatch.setattr(limit, "measure", lambda *_: rates)
    monkeypatch.setattr(command, "drain", lambda *_: Drained(1, 1, 1.0, []))
    monkeypatch.setattr(command, "ledger_latency", lambda *_: {"p99_ms": 30.0})
    monkeypatch.setattr(command, "plain_latency", lambda *_: {"p99_ms": 20.0})

    def run(*arguments, code=0):
        done = CliRunner().invoke(command.bench, [*arguments, "--wallets", "5", "--json"])
        assert done.exit_code == code, done.output
        return json.loads(done.output)

    return run


def test_reads_of_a_growing_database_are_measured_at_every_step():
    done = CliRunner().invoke(command.bench, ["store", "--rows", "3000", "--steps", "3", "--json"])
    figures = json.loads(done.output)
    assert list(figures["us_per_read"]) == ["1000", "2000", "3000"]
    assert all(each["wall"] > 0 for each in figures["us_per_read"].values())
    assert CliRunner().invoke(command.bench, ["store", "--steps", "0"]).exit_code == 2


def test_a_figure_of_a_wrong_ledger_is_no_success(commands, monkeypatch):
    found = {"verified_decisions": 40, "differences": []}
    monkeypatch.setattr(command, "verified", lambda stack: found)
    assert commands("pipeline", "--verify")["verified_decisions"] == 40
    found["differences"] = ["7 partition 0 #3: decided otherwise"]
    assert commands("pipeline", "--verify", code=1)["differences"] == found["differences"]


def test_every_command_tells_its_figures_as_one_object(commands):
    assert commands("pipeline", "--commands", "40")["sent"] == 40
    assert commands("recovery", "--commands", "40")["sent"] == 40
    assert commands("hot-wallet", "--commands", "40")["sent"] == [40, 40]
    done = CliRunner().invoke(command.bench, ["commit", "--seconds", "2", "--json"])
    assert json.loads(done.output)["producers x group"] == {"1 x 1": {"p50_ms": 2.0}}
    figures = commands("limit", "--commands", "40")
    assert (figures["raw_codec_per_s"], figures["raw_bytes_per_s"]) == (2, 10)
    figures = commands("latency", "--rate", "20", "--seconds", "2")
    assert (figures["p99_ms"], figures["plain_p99_ms"], figures["ratio_p99"]) == (30.0, 20.0, 1.5)
