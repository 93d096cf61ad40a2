"""`make site` says what stops it by its exit code."""

import pytest

from ops.site import __main__ as site
from ops.site.build import BrokenSiteError
from ops.stack.errors import DownloadFailedError


def failing(error):
    def raises(*_):
        raise error

    return raises


def test_it_says_where_the_site_is(monkeypatch, tmp_path, capsys):
    built = []
    monkeypatch.setattr(site, "mermaid", lambda *_: b"script")
    monkeypatch.setattr(site, "build", lambda *given: built.append(given))
    assert site.main([str(tmp_path)]) == 0
    assert built == [(site.ROOT, tmp_path, b"script")]
    assert f"{tmp_path}/index.html" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("part", "error", "code"),
    [
        ("mermaid", DownloadFailedError("no way out"), site.EXIT_AWAY),
        ("build", BrokenSiteError("a link leads nowhere"), site.EXIT_BROKEN),
    ],
)
def test_it_says_why_there_is_none(monkeypatch, tmp_path, capsys, part, error, code):
    monkeypatch.setattr(site, "mermaid", lambda *_: b"script")
    monkeypatch.setattr(site, part, failing(error))
    assert site.main([str(tmp_path)]) == code
    assert str(error) in capsys.readouterr().err


def test_it_takes_one_folder(capsys):
    assert site.main(["a", "b"]) == site.EXIT_USAGE
    assert "usage" in capsys.readouterr().err
