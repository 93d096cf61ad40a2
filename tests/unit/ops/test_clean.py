"""make clean removes what can be made again, and stops before a living stack."""

import fcntl

import pytest

from ops import clean


@pytest.fixture
def root(tmp_path, monkeypatch):
    monkeypatch.setattr(clean, "ROOT", tmp_path)
    return tmp_path


def test_generated_folders_go_and_sources_stay(root, capsys):
    for name in (".venv/bin", ".stack/data", "ledger/__pycache__", "build/lib", "state/w1"):
        (root / name).mkdir(parents=True)
    (root / "ledger/core.py").write_text("")

    assert clean.main() == 0

    assert [path.name for path in root.rglob("*")] == ["ledger", "core.py"]
    assert "removed .venv" in capsys.readouterr().out


def test_nothing_to_remove_is_fine(root):
    assert clean.main() == 0


def test_a_running_stack_is_named_and_left_alone(root, capsys):
    data = root / ".stack" / "demo"
    data.mkdir(parents=True)
    with (data / "stack.lock").open("w") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        assert clean.main() == 1
    assert "ledgerctl stack down" in capsys.readouterr().err
    assert data.exists()


def test_a_lock_nobody_holds_does_not_stop_it(root):
    (root / ".stack").mkdir()
    (root / ".stack" / "stack.lock").touch()
    assert clean.main() == 0
    assert not (root / ".stack").exists()
