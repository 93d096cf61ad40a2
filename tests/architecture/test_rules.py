"""A rule is a file, a line in RULES and a test file; a reason is a symbol that the code uses."""

import ast
from pathlib import Path

import pytest

from schemas.messages.vocabulary import RejectionReason
from tests.support.sources import ROOT, python_files, tree_of

FOLDERS = ("ledger/limits", "ledger/fraud", "ledger/fraud/merchants")
# Default of unknown symbols, and never the reason of anything.
UNUSED_BY_DESIGN = {"NONE"}


def files_of(folder):
    return [
        name
        for name in python_files(folder)
        if Path(name).parent.as_posix() == folder and Path(name).stem != "__init__"
    ]


FILES = [name for folder in FOLDERS for name in files_of(folder)]


@pytest.mark.parametrize("folder", FOLDERS)
def test_every_rule_file_is_in_rules(folder):
    rules = {stem for stem in map(stem_of, files_of(folder)) if is_rule(f"{folder}/{stem}.py")}
    assert rules - names_in_rules(f"{folder}/__init__.py") == set()


@pytest.mark.parametrize("folder", FOLDERS)
def test_every_file_beside_the_rules_is_used_by_one(folder):
    stems = set(map(stem_of, files_of(folder)))
    beside = {stem for stem in stems if not is_rule(f"{folder}/{stem}.py")}
    package = folder.replace("/", ".")
    imported = {name for file in python_files("ledger") for name in imports_of(tree_of(file))}
    assert {stem for stem in beside if f"{package}.{stem}" not in imported} == set()


@pytest.mark.parametrize("folder", FOLDERS)
def test_every_rule_file_has_a_test_file(folder):
    missing = [
        name
        for name in files_of(folder)
        if not (ROOT / "tests/unit" / folder / f"test_{stem_of(name)}.py").exists()
    ]
    assert missing == []


def test_every_rejection_reason_is_used():
    used = {
        node.attr
        for file in python_files("ledger", "streams")
        for node in ast.walk(tree_of(file))
        if isinstance(node, ast.Attribute)
    }
    assert set(RejectionReason.__members__) - used - UNUSED_BY_DESIGN == set()


def stem_of(name):
    return Path(name).stem


def is_rule(name):
    """A rule defines `check`, a fraud feature `feature`; other files serve them."""
    functions = {node.name for node in tree_of(name).body if isinstance(node, ast.FunctionDef)}
    return bool(functions & {"check", "feature"})


def names_in_rules(name):
    """Every name that the expression assigned to RULES mentions."""
    if not (ROOT / name).exists():
        return set()
    values = [node.value for node in tree_of(name).body if "RULES" in targets_of(node)]
    aliases = alias_modules(tree_of(name))
    words = {
        word
        for value in values
        for node in ast.walk(value)
        for word in (getattr(node, "id", None), getattr(node, "attr", None))
        if word is not None
    }
    return words | {aliases[word] for word in words if word in aliases}


def targets_of(node):
    match node:
        case ast.Assign():
            return {target.id for target in node.targets if isinstance(target, ast.Name)}
        case ast.AnnAssign(target=ast.Name(id=name)):
            return {name}
        case _:
            return set()


def alias_modules(tree):
    """Local name -> last part of the module it was imported from."""
    return {
        alias.asname or alias.name: node.module.split(".")[-1]
        for node in tree.body
        if isinstance(node, ast.ImportFrom) and node.module
        for alias in node.names
    }


def imports_of(tree):
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.module:
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)
        elif isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
