"""Lock: the committed ids of every schema version, as the registry handed them out.

Owns: the form of `registry.lock.json`.
Never: changes it (see `schemas.registry`), decides compatibility.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

LOCK_PATH = Path(__file__).parent / "registry.lock.json"


class StaleLock(Exception):
    """Generated messages and lock do not belong together; nothing may be written."""


@dataclass(frozen=True)
class Version:
    """One locked schema of a subject; `schema` is its normal form."""

    schema_id: int
    fingerprint: str
    schema: dict[str, object]


Lock = dict[str, tuple[Version, ...]]


def read_lock(path: Path = LOCK_PATH) -> Lock:
    """Read the versions of every subject, oldest first; empty when there is no lock yet."""
    if not path.exists():
        return {}
    found = json.loads(path.read_text(encoding="utf-8"))
    return {
        subject: tuple(
            Version(each["id"], each["fingerprint"], each["schema"]) for each in versions
        )
        for subject, versions in found.items()
    }


def write_lock(lock: Mapping[str, tuple[Version, ...]], path: Path = LOCK_PATH) -> None:
    """Write the lock, one version a line, so that a diff shows what was added."""
    lines = []
    for subject, versions in sorted(lock.items()):
        rows = ",\n".join(
            "    "
            + json.dumps({"id": v.schema_id, "fingerprint": v.fingerprint, "schema": v.schema})
            for v in versions
        )
        lines.append(f"  {json.dumps(subject)}: [\n{rows}\n  ]")
    path.write_text("{\n" + ",\n".join(lines) + "\n}\n", encoding="utf-8")
