"""A module's docstring opens the door: purpose, what it owns, what it never does."""

import ast
from pathlib import Path

import pytest

from tests.support.sources import ROOMS, python_files, text_of, tree_of

# A file this short is described by its first line.
SHORT_LINES = 60
RULE_FOLDERS = ("ledger/limits", "ledger/fraud")


def rule_files():
    return [name for name in python_files(*RULE_FOLDERS) if Path(name).name != "__init__.py"]


def doors():
    """Files that must say what they own: packages, and modules that are not short."""
    return [
        name
        for name in python_files(*ROOMS)
        if name not in rule_files()
        and "/migrations/" not in name  # a migration says what it changes, in its first line
        and (name.endswith("/__init__.py") or len(text_of(name).splitlines()) > SHORT_LINES)
    ]


@pytest.mark.parametrize("name", python_files(*ROOMS, "tests"))
def test_module_says_its_purpose_in_the_first_line(name):
    docstring = ast.get_docstring(tree_of(name))
    assert docstring, "no module docstring"
    assert docstring.split("\n\n")[0].rstrip().endswith((".", "?", "!", ":")), (
        "first sentence is open"
    )


@pytest.mark.parametrize("name", doors())
def test_module_says_what_it_owns_and_what_it_never_does(name):
    docstring = ast.get_docstring(tree_of(name)) or ""
    lines = docstring.splitlines()
    missing = {"Owns", "Never"} - {line.split()[0].rstrip(":") for line in lines if line.strip()}
    assert missing == set()


@pytest.mark.parametrize("name", rule_files() or [None])
def test_rule_names_its_owner_and_its_decision_record(name):
    docstring = "owner adr" if name is None else (ast.get_docstring(tree_of(name)) or "")
    missing = [word for word in ("owner", "adr") if word not in docstring.lower()]
    assert missing == []
