"""Files and functions stay small enough to be read in one go."""

import ast

import pytest

from tests.support.sources import ROOMS, functions_of, python_files, text_of

FILE_LINES = 300
FUNCTION_LINES = 40


@pytest.mark.parametrize("name", python_files(*ROOMS, "tests"))
def test_file_has_at_most_300_lines(name):
    assert len(text_of(name).splitlines()) <= FILE_LINES


@pytest.mark.parametrize("name", python_files(*ROOMS))
def test_functions_have_at_most_40_lines_without_docstring(name):
    long = {
        node.name: size for node in functions_of(name) if (size := lines_of(node)) > FUNCTION_LINES
    }
    assert long == {}


def lines_of(function):
    size = function.end_lineno - function.lineno + 1
    first = function.body[0]
    if ast.get_docstring(function, clean=False) is not None:
        size -= first.end_lineno - first.lineno + 1
    return size
