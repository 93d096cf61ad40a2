"""Every command of the tools that changes something leaves a record of it."""

import ast
from functools import cache

import pytest

from tests.support.sources import functions_of, python_files, tree_of

FILES = python_files("ops")
PATHS = frozenset(FILES)
WRITERS = {"operations.record", "operations.keep"}
# It deletes a local stack with all that is in it, its records among them.
UNRECORDED = {("ops/stack/command.py", "wipe")}


def executing(name):
    """Functions of a file that are commands with the option --execute."""
    for function in functions_of(name):
        said = {ast.unparse(each) for each in function.decorator_list}
        if any(each == "execute_option" or "'--execute'" in each for each in said):
            yield function.name


COMMANDS = sorted((name, command) for name in FILES for command in executing(name))


def test_there_are_commands():
    assert len(COMMANDS) > 30
    assert set(COMMANDS) >= UNRECORDED


@pytest.mark.parametrize(("name", "command"), COMMANDS)
def test_a_command_that_changes_something_records_it(name, command):
    assert records(name, command) is ((name, command) not in UNRECORDED)


def records(name, command):
    """Whether a command, or anything of the tools that it may call, writes a record."""
    waiting, seen = [(name, command)], {(name, command)}
    while waiting:
        writes, called = calls_of(*waiting.pop())
        if writes:
            return True
        waiting += called - seen
        seen |= called
    return False


@cache
def calls_of(name, function):
    """Whether a function writes a record by itself, and what it may call in the tools."""
    bodies = [each for each in functions_of(name) if each.name == function]
    called = [node.func for each in bodies for node in ast.walk(each) if isinstance(node, ast.Call)]
    writes = any(ast.unparse(each) in WRITERS for each in called)
    return writes, {place for each in called for place in found(name, each)}


def found(name, called):
    """Where in the tools a called name may be defined: in its own file, or in one it imports."""
    word = called.attr if isinstance(called, ast.Attribute) else getattr(called, "id", "")
    yield from ((place, word) for place in (name, *imported(name)) if word in defined(place))


@cache
def imported(name):
    """Files of the tools that a file imports names from."""
    modules = [node.module for node in ast.walk(tree_of(name)) if isinstance(node, ast.ImportFrom)]
    paths = {f"{each.replace('.', '/')}.py" for each in modules if each}
    return sorted(paths & PATHS - {"ops/operations.py"})


@cache
def defined(name):
    """Names of the functions of a file."""
    return {each.name for each in functions_of(name)}
