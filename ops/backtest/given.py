"""Given: what a person gives a back-test besides the ruleset, read and checked.

Owns: times and labels; each error names the option or the file, line and field.
Never: reads the log.
"""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

from ops.errors import DocumentError

MICROS: Final = 1_000_000
FIELDS: Final = {"wallet_id": str, "command_id": str, "fraud": bool}
EXAMPLES: Final = "2026-11-28 or 2026-11-28T12:00:00Z"


def instant_of(option: str, text: str | None) -> int | None:
    """Return a time in microseconds; without a zone it is UTC. Raises `DocumentError`."""
    if text is None:
        return None
    try:
        moment = datetime.fromisoformat(text)
    except ValueError as error:
        raise DocumentError(f"{option}: {text!r} is no time; write {EXAMPLES}") from error
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    whole = moment.replace(microsecond=0)
    return int(whole.timestamp()) * MICROS + moment.microsecond


def range_of(since: str | None, until: str | None) -> tuple[int | None, int | None]:
    """Return both ends. Raises `DocumentError` when nothing can lie between them."""
    first, end = instant_of("--from", since), instant_of("--to", until)
    if first is not None and end is not None and first >= end:
        raise DocumentError(f"--from {since} is not before --to {until}: the range is empty")
    return first, end


def labels_of(file: Path | None) -> dict[tuple[str, str], bool]:
    """Read JSON lines of wallet_id, command_id and fraud. Raises `DocumentError`."""
    if file is None:
        return {}
    try:
        lines = file.read_text(encoding="utf-8").splitlines()
    except OSError as error:
        raise DocumentError(f"{file}: {error.strerror}") from error
    labels: dict[tuple[str, str], bool] = {}
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        label = _label(f"{file}:{number}", line)
        key = (label["wallet_id"], label["command_id"])
        if labels.setdefault(key, label["fraud"]) != label["fraud"]:
            raise DocumentError(f"{file}:{number}: fraud: an earlier line says the opposite")
    return labels


def _label(where: str, line: str) -> dict[str, Any]:
    try:
        label = json.loads(line)
    except json.JSONDecodeError as error:
        raise DocumentError(f"{where}: not JSON: {error.msg}") from error
    if not isinstance(label, dict):
        raise DocumentError(f"{where}: a label is an object of {', '.join(FIELDS)}")
    for name, kind in FIELDS.items():
        if not isinstance(label.get(name), kind):
            what = "true or false" if kind is bool else "a text"
            raise DocumentError(f"{where}: {name}: must be {what}")
    return label
