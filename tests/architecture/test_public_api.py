"""The public surface is what is declared: it resolves, is sorted, and costs no extra package."""

import ast
import importlib
import subprocess
import sys

import pytest

from tests.support.sources import ROOMS, ROOT, module_of, python_files, tree_of

# Importable with the base package alone: a producer installs no worker and no store driver.
BASE_MODULES = ("schemas", "schemas.codec", "ledger", "topics", "topics.catalog", "ingress.sdk")
EXTRA_PACKAGES = ("faust", "mode", "aiokafka", "rocksdict", "psycopg", "cassandra", "redis")
EXTRA_PACKAGES += ("alembic", "sqlalchemy", "click", "rich", "yaml", "jgo", "hypothesis", "pytest")


def declares_all(name):
    return any(
        isinstance(target, ast.Name) and target.id == "__all__"
        for node in tree_of(name).body
        if isinstance(node, ast.Assign | ast.AnnAssign)
        for target in (node.targets if isinstance(node, ast.Assign) else [node.target])
    )


@pytest.mark.parametrize(
    "name", [f for f in python_files(*ROOMS, generated=True) if declares_all(f)]
)
def test_declared_names_exist_once(name):
    module = importlib.import_module(module_of(name))
    declared = list(module.__all__)
    assert [missing for missing in declared if not hasattr(module, missing)] == []
    assert len(set(declared)) == len(declared)


@pytest.mark.parametrize("name", python_files(*ROOMS))
def test_no_private_name_crosses_files_of_ours(name):
    borrowed = [
        f"{node.module}.{alias.name}"
        for node in ast.walk(tree_of(name))
        if isinstance(node, ast.ImportFrom) and (node.module or "").split(".")[0] in ROOMS
        for alias in node.names
        if alias.name.startswith("_") and not alias.name.endswith("__")
    ]
    assert borrowed == []


def test_base_package_imports_no_extra():
    names = {module_of(name) for name in python_files(*ROOMS)}
    modules = [name for name in BASE_MODULES if name in names]
    code = (
        "import importlib, sys\n"
        f"sys.modules.update(dict.fromkeys({EXTRA_PACKAGES!r}))\n"
        f"for name in {modules!r}: importlib.import_module(name)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
