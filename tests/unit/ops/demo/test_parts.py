"""Parts of the demo: people, poison, words, traffic and the order of the day."""

from random import Random
from types import SimpleNamespace

import pytest

from ops.answers import Taken
from ops.bench.load import Load
from ops.demo import run, traffic, words
from ops.demo.people import Choice, settle
from ops.demo.poison import OVERSIZE_BYTES, poisoned
from ops.demo.run import PARTITIONS, Day
from ops.demo.shape import DayShape
from ops.demo.traffic import Traffic, orphans_of
from ops.stack import Endpoints
from schemas.messages.vocabulary import Tier
from topics.partitioning import partition_of


def test_a_choice_keeps_to_its_weights():
    choice = Choice({"often": 9.0, "seldom": 1.0, "never": 0.0})
    rng = Random(1)
    drawn = [choice.draw(rng) for _ in range(2_000)]
    assert set(drawn) == {"often", "seldom"}
    assert 0.85 < drawn.count("often") / 2_000 < 0.95
    # The very end of the range is still an item.
    assert Choice({"a": 1.0}).draw(SimpleNamespace(random=lambda: 1.0)) == "a"


@pytest.mark.parametrize("seed", range(5))
def test_nobody_pays_themselves_and_far_is_elsewhere(seed):
    town = settle(Random(seed), DayShape(), 200, 8)
    for person in town.everybody:
        assert person.wallet_id not in {person.near, person.far, person.merchant} or (
            person in town.merchants
        )
        assert partition_of(person.far, 8) != person.partition
    assert all(each.tier is not Tier.UNVERIFIED for each in (*town.bursting, *town.suspected))


def test_poison_comes_in_nine_kinds_the_same_for_the_same_seed():
    one, other = ([poisoned(Random(7), b"k", b"good" * 9, n) for n in range(9)] for _ in range(2))
    assert one == other
    assert len({repr(each) for each in one}) == 9
    assert (b"k", b"good" * 9) not in one
    assert poisoned(Random(7), b"k", b"v", 9) == poisoned(Random(7), b"k", b"v", 0)
    assert max(len(value or b"") for _, value in one) == OVERSIZE_BYTES + 5


def test_what_to_try_next_names_servers_only_where_they_are_up(tmp_path, monkeypatch):
    assert list(words.next_steps(tmp_path, keep=False)) == ["Try next"]
    ends = Endpoints(kafka="h:1", postgres="pg://x", cassandra_port=9, redis="redis://r")
    monkeypatch.setattr(words.control, "endpoints", lambda root: ends)
    lines = words.next_steps(tmp_path, keep=True)["Ask the stores yourself"]
    assert [line.split()[0] for line in lines] == ["psql", "cqlsh", "redis-cli"]
    assert '"pg://x"' in lines[0]
    assert "127.0.0.1 9" in lines[1]
    assert "redis://r" in lines[2]


class FakeAnswers:
    def __init__(self):
        self.told = []
        self.waits = 0
        self.taken = [Taken("c1", 0.0, 1.0)]

    def sent(self, tag, due):
        self.told.append(tag)

    def wait(self, deadline_s):
        self.waits += 1


@pytest.fixture
def sent(monkeypatch):
    """What traffic puts on the commands topic, in order."""
    records = []

    def drip(producer, topic, loads, rate, told):
        for each in loads:
            records.append(each)
            told(each.tag, 0.0)

    monkeypatch.setattr(traffic, "producer_of", lambda *_: None)
    monkeypatch.setattr(traffic, "drip", drip)
    monkeypatch.setattr(traffic, "pour_commands", lambda bootstrap, loads: records.extend(loads))
    monkeypatch.setattr(traffic, "KILL_AFTER_S", 0.002)  # after four commands
    return records


def loads(count):
    return [Load(b"k", b"v", each % 3, "" if each == 5 else f"c{each}") for each in range(count)]


def test_a_command_repeated_after_the_kill_is_no_orphan():
    before, after = (
        [Load(None, None, part, tag) for part, tag in those]
        for those in (
            [(0, "a"), (1, "b")],
            [(0, "a"), (0, "c"), (1, "d")],
        )
    )
    assert orphans_of(before, after, {0}) == {"c"}


def test_a_worker_is_killed_in_the_middle_and_its_commands_are_orphans(sent):
    answers, killed, steps = FakeAnswers(), [], []

    def kill():
        killed.append(len(sent))
        return {0, 2}

    day = Traffic("nowhere", answers, kill)
    day.paced_half(loads(9), steps.append)
    assert killed == [4]
    assert sent == loads(9)
    assert sum(steps) == 9
    assert "" not in answers.told  # rubbish is not answered
    assert day.figures.orphaned - {""} == {"c6", "c8"}
    assert (day.figures.paced, answers.waits) == (answers.taken, 1)


def test_the_rest_goes_at_once(sent):
    answers, steps = FakeAnswers(), []
    day = Traffic("nowhere", answers, set)
    day.open_half(loads(7), steps.append)
    assert (steps, day.figures.poured, answers.waits) == ([7], 7, 1)
    assert len(answers.told) == 6
    assert day.figures.poured_s > 0


class FakeBar:
    def __init__(self):
        self.done = {}

    def add_task(self, title, total):
        self.done[title] = [0, total]
        return title

    def advance(self, task, count):
        self.done[task][0] += count


@pytest.fixture
def a_day(monkeypatch, tmp_path):
    """The whole demo with every server, worker and store played."""
    calls = []
    layout = SimpleNamespace(state=tmp_path)
    stack = SimpleNamespace(endpoints=Endpoints(kafka="h:1"), layout=layout)

    def worker(stack, name):
        calls.append(name)
        return SimpleNamespace(name=name, kill=lambda: calls.append(f"kill {name}"))

    class Audit:
        def __init__(self, bootstrap):
            self.sequences = {0: 4}
            self.totals = SimpleNamespace(commands=6, open_transfers={}, decisions=8)

        def check(self):
            calls.append("check")

        def close(self):
            calls.append("audit closed")

    class Played(Traffic):
        def paced_half(self, loads, step):
            calls.append((len(loads), self._kill()))
            step(len(loads))

        def open_half(self, loads, step):
            calls.append(len(loads))
            step(len(loads))

    answers = SimpleNamespace(close=lambda: calls.append("answers closed"))
    monkeypatch.setattr(run, "prepare", lambda bootstrap, partitions: calls.append(partitions))
    monkeypatch.setattr(run, "start_worker", worker)
    monkeypatch.setattr(run, "start_sink", lambda stack, store: calls.append(store))
    monkeypatch.setattr(run, "running_partitions", lambda stack, name: PARTITIONS // 2)
    monkeypatch.setattr(run, "status_of", lambda stack, name: {"partitions": {"1": {}, "3": {}}})
    monkeypatch.setattr(run, "is_level", lambda store, *_: calls.append(f"{store} level") or True)
    monkeypatch.setattr(run, "Answers", lambda *_: answers)
    monkeypatch.setattr(run, "Audit", Audit)
    monkeypatch.setattr(run, "Traffic", Played)
    checked = lambda targets: calls.append(f"checked {targets.kafka}") or "report"  # noqa: E731
    monkeypatch.setattr(run, "check_apart", checked)
    cut = [SimpleNamespace(partition=0, sequence=4)]
    found = SimpleNamespace(reached=cut, holds=True)
    monkeypatch.setattr(run, "reconcile", lambda *_: calls.append("reconciled") or found)
    bar = FakeBar()
    return Day(stack, loads(6), bar), calls, bar


def test_the_order_of_things(a_day):
    day, calls, bar = a_day
    ended = day.run()
    assert calls == [
        PARTITIONS, "worker-1", "worker-2", "postgres", "cassandra", "redis",
        "kill worker-2", (3, {1, 3}), 3, "answers closed",
        "check", "postgres level", "cassandra level", "redis level",
        "reconciled", "check", "postgres level", "cassandra level", "redis level",
        "audit closed", "checked h:1",
    ]  # fmt: skip
    assert (ended.figures.decisions, ended.report) == (8, "report")
    assert all(done == total for done, total in bar.done.values())


def test_sinks_are_not_asked_before_the_log_is_read_as_far_as_the_cut():
    cut = SimpleNamespace(reached=[SimpleNamespace(partition=3, sequence=9)])
    audit = SimpleNamespace(check=lambda: None, sequences={3: 8})
    assert not run._holds_cut(audit, cut)
    audit.sequences[3] = 9
    assert run._holds_cut(audit, cut)


def test_a_day_is_not_over_while_money_travels(a_day):
    day, _, _ = a_day
    totals = SimpleNamespace(commands=6, open_transfers={("w", "t"): 1})
    audit = SimpleNamespace(check=lambda: None, totals=totals)
    assert not day._decided(audit)
    totals.open_transfers = {}
    assert day._decided(audit)
    totals.commands = 5
    assert not day._decided(audit)
