"""Readers of our own sources, for the architecture tests.

Owns: which files are ours, which are generated, and their syntax trees.
Never: judges; the tests do.
"""

import ast
import subprocess
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
ROOMS = ("schemas", "eyes", "ledger", "topics", "streams", "sinks", "ingress", "ops")
GENERATED = "schemas/messages/"


@cache
def project_files():
    """Every file that is tracked or would be: relative paths, sorted."""
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"]
    listing = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout
    return tuple(sorted(name for name in listing.split("\0") if name and (ROOT / name).is_file()))


def python_files(*folders, generated=False):
    """Python files below the folders, given as relative paths."""
    return tuple(
        name
        for name in project_files()
        if name.endswith(".py")
        and name.startswith(tuple(f"{folder}/" for folder in folders))
        and (generated or not name.startswith(GENERATED))
    )


@cache
def text_of(name):
    """Text of a file, None when it is not text."""
    try:
        return (ROOT / name).read_text(encoding="utf-8")
    except UnicodeDecodeError:
        return None


@cache
def tree_of(name):
    """Syntax tree of a Python file."""
    return ast.parse(text_of(name), filename=name)


def functions_of(name):
    """Every function of a file, methods and nested ones included."""
    for node in ast.walk(tree_of(name)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node


def module_of(name):
    """Dotted module name of a relative path."""
    parts = Path(name).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)
