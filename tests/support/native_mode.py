"""A pytest plugin: the same tests on the native build.

Owns: the choice, made before a test imports anything; a run without a build is an error, not pure.
Tests marked `pure` look at what compiled code does not have, such as its own source, and stay out.
"""

import pytest

from schemas.native import prefer_native

CODE = prefer_native({})
if CODE != "native":
    raise pytest.UsageError(f"the native tests would run {CODE}")


def pytest_report_header():
    return "code: native"


def pytest_collection_modifyitems(config, items):
    pure = [item for item in items if item.get_closest_marker("pure")]
    config.hook.pytest_deselected(items=pure)
    items[:] = [item for item in items if item not in set(pure)]
