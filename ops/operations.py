"""Operations: the record of what a person did to the ledger, and why.

Owns: one JSON line per executed mutation, beside the state of the workers.
Never: holds what the ledger itself needs.
"""

from __future__ import annotations

import getpass
import json
import re
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import click

FILE: Final = "operations.jsonl"
MICROS_PER_NS: Final = 1_000
ISSUER_MAX: Final = 64

reason_option: Final = click.option("--reason", default="", help="Why; recorded.")


def require_reason(reason: str, *, execute: bool) -> None:
    """Refuse to execute without a reason."""
    if execute and not reason.strip():
        raise click.UsageError("--execute needs --reason: say why, it is recorded")


def who() -> str:
    """Return the user's name in the form of an id."""
    try:
        name = getpass.getuser()
    except (KeyError, OSError):  # a user id without a name
        name = "unknown"
    return re.sub(r"[^A-Za-z0-9._-]", "-", name).strip("-._")[:ISSUER_MAX] or "unknown"


def record(state_dir: Path, what: str, reason: str) -> None:
    """Append an operation to the file."""
    state_dir.mkdir(parents=True, exist_ok=True)
    line = {
        "at_us": time.time_ns() // MICROS_PER_NS,
        "who": who(),
        "what": what,
        "reason": reason,
    }
    with (state_dir / FILE).open("a", encoding="utf-8") as file:
        file.write(json.dumps(line) + "\n")


def recorded(state_dir: Path) -> Iterator[dict[str, Any]]:
    """Yield every operation of the file, the first ones first; nothing where there is none."""
    file = state_dir / FILE
    if file.exists():
        for line in file.read_text(encoding="utf-8").splitlines():
            yield json.loads(line)
