"""The guide of settings names every variable a process reads, and no other."""

import re
from pathlib import Path

from ingress.http.settings import OWN as OF_ENTRANCE
from ops.settings import OWN as OF_TOOLS
from ops.stack.config import CACHE_VARIABLE, ROOT_VARIABLE
from schemas.variables import KNOWN
from sinks.settings import OWN as OF_SINKS
from streams.settings import OWN as OF_WORKERS

GUIDE = Path("docs/guides/settings.md").read_text(encoding="utf-8")
ROW = re.compile(r"^\| `(LEDGER_[A-Z_]+)` \| ([a-z, ]+) \|", re.MULTILINE)


def test_every_variable_has_a_row_and_every_row_a_variable():
    read = OF_WORKERS | OF_SINKS | OF_ENTRANCE | OF_TOOLS | {CACHE_VARIABLE, ROOT_VARIABLE}
    assert read == KNOWN
    assert [name for name, _ in ROW.findall(GUIDE)] != []
    assert {name for name, _ in ROW.findall(GUIDE)} == read


def test_a_row_says_who_reads_it():
    readers = dict(ROW.findall(GUIDE))
    assert {name for name, who in readers.items() if "worker" in who} == OF_WORKERS
    assert {name for name, who in readers.items() if "sink" in who} == OF_SINKS
    assert {name for name, who in readers.items() if "entrance" in who} == OF_ENTRANCE
    assert {name for name in OF_TOOLS if "tools" not in readers[name]} == set()
