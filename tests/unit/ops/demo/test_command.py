"""`ledgerctl demo`: whose folder it takes, and how it ends."""

import pytest
from click.testing import CliRunner

from ops.demo import command
from ops.demo.command import MARK, demo
from ops.stack import StackError
from ops.stack.config import Layout


@pytest.fixture
def taken_down(monkeypatch):
    roots = []
    monkeypatch.setattr(command.control, "down", lambda root, say: roots.append(root))
    return roots


def stack_in(root):
    data = Layout(root).service("kafka")
    data.mkdir(parents=True)
    (data / "log").write_text("records")
    return data


def test_a_folder_that_is_not_there_is_made_and_marked(tmp_path, taken_down):
    command._fresh(tmp_path / "new")
    assert [each.name for each in (tmp_path / "new").iterdir()] == [MARK]
    assert taken_down == []


def test_an_earlier_demos_data_goes(tmp_path, taken_down):
    data = stack_in(tmp_path)
    (tmp_path / MARK).touch()
    (tmp_path / "mine.txt").write_text("kept")
    command._fresh(tmp_path)
    assert not data.exists()
    assert taken_down == [tmp_path]
    assert sorted(each.name for each in tmp_path.iterdir()) == [MARK, "mine.txt"]


def test_a_stack_that_is_not_a_demos_is_refused_and_stays(tmp_path, taken_down):
    data = stack_in(tmp_path)
    with pytest.raises(StackError, match="a stack that is not a demo's: choose another --root"):
        command._fresh(tmp_path)
    assert (data / "log").read_text() == "records"
    assert not (tmp_path / MARK).exists()
    assert taken_down == []


def test_the_refusal_is_told_without_a_traceback(tmp_path, taken_down):
    stack_in(tmp_path)
    done = run("--root", str(tmp_path))
    assert done.exit_code == command.EXIT_AWAY
    assert done.output.startswith(f"error: {tmp_path} holds a stack that is not a demo's")


@pytest.fixture
def days(monkeypatch):
    """What the demo would have run; `days[0]` is what its report says."""
    found = [True]

    def ran(console, config, loads):
        found.append((config, loads))
        return found[0]

    monkeypatch.setattr(command, "_run", ran)
    return found


def run(*arguments, env=None):
    return CliRunner().invoke(demo, ["--commands", "30", "--wallets", "5", *arguments], env=env)


@pytest.mark.parametrize(("holds", "code"), [(True, 0), (False, command.EXIT_DIFFERENCES)])
def test_it_ends_as_its_report_says(tmp_path, days, holds, code):
    days[0] = holds
    done = run("--root", str(tmp_path / "stack"), "--seed", "4", env={"KEEP": ""})
    assert done.exit_code == code
    assert "seed 4" in done.output
    assert "KEEP=1 make demo" in done.output
    config, loads = days[1]
    assert config.root == tmp_path / "stack"
    assert len(loads) == 30


@pytest.mark.parametrize(("arguments", "env"), [(("--keep",), {}), ((), {"KEEP": "1"})])
def test_it_leaves_a_stack_up_when_asked(tmp_path, days, monkeypatch, arguments, env):
    orders = []
    monkeypatch.setattr(command.control, "up", lambda order, say: orders.append(order))
    monkeypatch.setattr(command, "next_steps", lambda root, keep: {"Try next": [f"keep {keep}"]})
    done = run("--root", str(tmp_path / "stack"), *arguments, env={"KEEP": "", **env})
    assert "keep True" in done.output
    (order,) = orders
    assert (order.workers, order.sinks) == (command.WORKERS, True)


def test_a_town_that_cannot_be_is_refused_before_anything_is_touched(tmp_path, days):
    done = CliRunner().invoke(demo, ["--commands", "1", "--root", str(tmp_path / "stack")])
    assert done.exit_code == 2
    assert "wallets: 2 to the number of commands (1), not 2000" in done.output
    assert not (tmp_path / "stack").exists()


def test_the_day_is_the_seeds():
    one, other = (command._day(3, 40, 6) for _ in range(2))
    assert [each[2:] for each in one] == [each[2:] for each in other]
    assert command._day(4, 40, 6) != one
