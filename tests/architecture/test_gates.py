"""The gates find every test: each looks into a few folders, and no test lies outside of them."""

import pytest

from ops.gates.plan import SERVERS_TESTS
from tests.conftest import SERVER_TIERS
from tests.support.sources import python_files, text_of

MARK = "mark." + "integration"  # not to be found in this file
OF_SERVERS = [
    file
    for file in python_files("tests")
    if "/test_" in file and (file.split("/")[1] in SERVER_TIERS or MARK in text_of(file))
]


@pytest.mark.parametrize("file", OF_SERVERS)
def test_a_test_of_servers_lies_where_its_gate_looks(file):
    assert file.startswith(tuple(f"{folder}/" for folder in SERVERS_TESTS))


def test_the_search_found_them():
    assert "tests/contract/test_store_conformance.py" in OF_SERVERS
    assert len(OF_SERVERS) > len(SERVERS_TESTS)
