"""Catalog: where the lake is.

Owns: the catalog of a folder on this machine, and the properties of any other from a file.
Never: reads the environment; knows a table.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Final

from pyiceberg.catalog import Catalog, load_catalog

from sinks.errors import SettingsError

NAMESPACE: Final = "ledger"
FILE_SUFFIX: Final = ".json"
# A second writer waits for the first one's commit, a few milliseconds, instead of failing.
SQLITE_WAIT_S: Final = 10


def open_catalog(place: str) -> Catalog:
    """Return the catalog: a folder's own, or the one whose properties a file of JSON has."""
    if place.endswith(FILE_SUFFIX):
        return load_catalog(NAMESPACE, **_properties_in(Path(place)))
    folder = Path(place).resolve()
    folder.mkdir(parents=True, exist_ok=True)
    return load_catalog(
        NAMESPACE,
        type="sql",
        uri=f"sqlite:///{folder / 'catalog.db'}?timeout={SQLITE_WAIT_S}",
        warehouse=f"file://{folder / 'warehouse'}",
    )


def _properties_in(path: Path) -> dict[str, str]:
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise SettingsError(f"LEDGER_LAKE: {path}: {error}") from error
    if not isinstance(found, dict) or not all(isinstance(each, str) for each in found.values()):
        raise SettingsError(f"LEDGER_LAKE: {path}: an object of names and texts is wanted")
    return found
