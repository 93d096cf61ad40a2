"""make lock writes pins and hashes, and refuses to write where they came from."""

import pytest

from ops import lock

ENTRY = "click==8.3.3 \\\n    --hash=sha256:00\n"


@pytest.fixture
def target(tmp_path, monkeypatch):
    monkeypatch.setattr(lock, "LOCK", tmp_path / "requirements.lock")
    return tmp_path / "requirements.lock"


def test_pins_are_written_below_a_header(target, monkeypatch, capsys):
    monkeypatch.setattr(lock, "resolve", lambda: ENTRY)
    assert lock.main() == 0
    assert target.read_text() == lock.HEADER + ENTRY
    assert "1 pins" in capsys.readouterr().out


@pytest.mark.parametrize("line", ["--find-links somewhere\n", "x @ https" + "://host/x.whl\n"])
def test_an_address_or_an_option_is_refused(line, target, monkeypatch, capsys):
    monkeypatch.setattr(lock, "resolve", lambda: line + ENTRY)
    assert lock.main() == 1
    assert not target.exists()
    assert "an address or an option" in capsys.readouterr().err
