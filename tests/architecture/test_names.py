"""Names are chosen once: the words we do not say, where an identifier can show it."""

import ast
from pathlib import Path

import pytest

from tests.support.sources import ROOMS, module_of, python_files, tree_of

# What not to say -> what to say. Only words that are ours alone: "transaction" is also Kafka's
# and SQL's, "consumer" also Kafka's, so a test cannot judge them.
PHRASES = {
    "inflight": "pending in, pending out, hold or the in-flight account",
    "outbox": "overlay",
    "spendable": "available",
    "reprocess": "replay or rebuild",
    "real_balance": "current balance",
    "total_balance": "current balance",
    "free_balance": "available balance",
    "commit_hold": "capture",
    "confirm_hold": "capture",
    "cancel_hold": "void",
    "transfer_message": "leg",
    "log_version": "sequence",
}
FILE_NAMES = {"utils", "util", "helpers", "helper", "manager", "common", "base", "misc"}


@pytest.mark.parametrize("name", python_files(*ROOMS))
def test_identifiers_use_the_chosen_words(name):
    found = {
        (identifier, PHRASES[phrase])
        for identifier in identifiers_of(tree_of(name))
        for phrase in PHRASES
        if phrase in snake(identifier)
    }
    assert found == set()


@pytest.mark.parametrize("name", python_files(*ROOMS, "tests"))
def test_files_are_named_by_a_noun_of_the_domain(name):
    assert FILE_NAMES.isdisjoint(module_of(name).split("."))


@pytest.mark.parametrize("name", python_files(*ROOMS))
def test_file_names_are_snake_case(name):
    stem = Path(name).stem
    assert stem == stem.lower()


def identifiers_of(tree):
    """Names that the file itself gives: definitions, arguments, assignments."""
    for node in ast.walk(tree):
        match node:
            case ast.FunctionDef() | ast.AsyncFunctionDef() | ast.ClassDef():
                yield node.name
            case ast.arg():
                yield node.arg
            case ast.Name(ctx=ast.Store()):
                yield node.id


def snake(identifier):
    """PlaceHold -> place_hold."""
    words = "".join(f"_{c.lower()}" if c.isupper() else c for c in identifier)
    return words.strip("_").replace("__", "_")
