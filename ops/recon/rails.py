"""Rails: the file that says where the money of each rail appears, read and checked.

Owns: its form, a TOML document.
Never: matches.
"""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Final

from ops.errors import DocumentError
from streams.reconciliation.external.expecting import Rail, RailBook
from streams.reconciliation.external.matching.expectations import Tolerance

DEFAULTS: Final = {
    "sla_days": 3,
    "window_days": 2,
    "tolerance_minor": 0,
    "tolerance_bps": 0,
    "statement_days": 1,
    "fee_minor": 0,
    "fee_bps": 0,
}
TEXTS: Final = ("account", "processor")


def read_rails(path: Path) -> RailBook:
    """Read the file. Raises `DocumentError` that names the field."""
    try:
        document = tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise DocumentError(f"--rails: {path} is no TOML: {error}") from error
    rails = document.get("rails")
    if set(document) != {"rails"} or not isinstance(rails, dict) or not rails:
        raise DocumentError("--rails: the file has [rails.NAME] tables and nothing else")
    return RailBook({name: _rail(name, each) for name, each in rails.items()})


def _rail(name: str, row: object) -> Rail:
    where = f"--rails: rails.{name}"
    if not isinstance(row, dict):
        raise DocumentError(f"{where} is no table")
    unknown = sorted(set(row) - {*TEXTS, *DEFAULTS})
    if unknown:
        raise DocumentError(f"{where}.{unknown[0]}: unknown")
    account, processor = (row.get(each, "") for each in TEXTS)
    if not isinstance(account, str) or not account:
        raise DocumentError(f"{where}.account: the account outside is needed")
    if not isinstance(processor, str):
        raise DocumentError(f"{where}.processor: {processor!r} is no text")
    numbers = {**DEFAULTS, **{key: row[key] for key in DEFAULTS if key in row}}
    for key, value in numbers.items():
        if type(value) is not int or value < 0:
            raise DocumentError(f"{where}.{key}: {value!r} is no number from 0")
    tolerance = Tolerance(numbers["tolerance_minor"], numbers["tolerance_bps"])
    return Rail(
        account,
        numbers["sla_days"],
        numbers["window_days"],
        tolerance,
        numbers["statement_days"],
        processor,
        numbers["fee_minor"],
        numbers["fee_bps"],
    )
