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
    """Where in the tools a called thing may be defined: a name exactly, a method by its name."""
    if isinstance(called, ast.Name):
        yield (imported(name).get(called.id, name), called.id)
    elif isinstance(called, ast.Attribute):
        places = {name, *imported(name).values()}
        yield from ((place, called.attr) for place in places if called.attr in methods(place))


@cache
def imported(name):
    """Names that a file imports from files of the tools, and which file each is from."""
    return {
        alias.asname or alias.name: path
        for node in ast.walk(tree_of(name))
        if isinstance(node, ast.ImportFrom) and node.module
        for alias in node.names
        if (path := f"{node.module.replace('.', '/')}.py") in PATHS - {"ops/operations.py"}
    }


@cache
def methods(name):
    """Names of the methods of a file's classes."""
    classes = [node for node in ast.walk(tree_of(name)) if isinstance(node, ast.ClassDef)]
    return {each.name for node in classes for each in node.body if hasattr(each, "name")}
