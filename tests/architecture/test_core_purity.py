"""The core computes money in integers, and every type in it is known."""

import ast

import pytest

from tests.support.sources import python_files, tree_of

CORE = python_files("ledger")


@pytest.mark.parametrize("name", CORE)
def test_core_has_no_float(name):
    assert [node.lineno for node in ast.walk(tree_of(name)) if is_float(node)] == []


@pytest.mark.parametrize("name", CORE)
def test_core_has_no_any(name):
    found = [
        node.lineno
        for node in ast.walk(tree_of(name))
        if (isinstance(node, ast.Name) and node.id == "Any")
        or (isinstance(node, ast.Attribute) and node.attr == "Any")
        or (isinstance(node, ast.alias) and node.name == "Any")
    ]
    assert found == []


@pytest.mark.parametrize("name", CORE)
def test_core_functions_take_no_open_keyword_arguments(name):
    """The core is written so that it compiles."""
    functions = (node for node in ast.walk(tree_of(name)) if isinstance(node, ast.FunctionDef))
    assert [node.name for node in functions if node.args.kwarg is not None] == []


def is_float(node):
    match node:
        case ast.Constant(value=float()) | ast.Constant(value=complex()):
            return True
        case ast.BinOp(op=ast.Div()) | ast.AugAssign(op=ast.Div()):
            return True
        case ast.Name(id="float"):
            return True
        case _:
            return False
