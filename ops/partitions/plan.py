"""Plan: what the state folders of workers say, and which halts a release would end.

Owns: the layout `state/<worker>/status.json` and `state/<worker>/<job>/<partition>/halted.json`.
Never: removes a file; the command does.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

STATUS: Final = "status.json"
HALTED: Final = "halted.json"
STALE_S: Final = 10.0
MICROS: Final = 1_000_000


@dataclass(frozen=True, slots=True)
class Halt:
    """A halted partition of a worker and what halted it."""

    worker: str
    job: str
    partition: int
    file: Path
    what: dict[str, Any]

    def text(self) -> str:
        """Return worker, partition, record and error in a line."""
        record = self.what.get("record") or {}
        place = (
            f"{record['topic']}[{record['partition']}] offset {record['offset']}" if record else "?"
        )
        return (
            f"{self.worker} {self.job} {self.partition}: {self.what.get('message', '?')} at {place}"
        )


def statuses(state_dir: Path) -> Iterator[dict[str, Any]]:
    """Yield what every worker last wrote about itself; a file being replaced is left out."""
    for file in sorted(state_dir.glob(f"*/{STATUS}")):
        found = _read(file)
        if found:
            yield {"worker": file.parent.name, **found}


def halts(state_dir: Path) -> list[Halt]:
    """Return every halted partition below the folder."""
    return [
        Halt(file.parents[2].name, file.parents[1].name, int(file.parent.name), file, _read(file))
        for file in sorted(state_dir.glob(f"*/*/*/{HALTED}"))
        if file.parent.name.isdecimal()
    ]


def rows(state_dir: Path, now_us: int) -> list[dict[str, Any]]:
    """Return one row per partition that a living worker runs, or that is halted."""
    found = []
    for status in statuses(state_dir):
        age_s = (now_us - int(status.get("at_us", 0))) / MICROS
        for number, each in sorted(status.get("partitions", {}).items(), key=_by_number):
            found.append(
                {
                    "worker": status["worker"],
                    "job": each.get("job", status.get("job", "")),
                    "partition": int(number),
                    "state": each.get("state", "?") if age_s < STALE_S else "gone",
                    "said": f"{age_s:.0f} s ago",
                    "trouble": each.get("trouble") or "",
                }
            )
    known = {(row["worker"], row["job"], row["partition"]) for row in found}
    found += [
        {
            "worker": halt.worker,
            "job": halt.job,
            "partition": halt.partition,
            "state": "halted",
            "said": "",
            "trouble": halt.what.get("message", ""),
        }
        for halt in halts(state_dir)
        if (halt.worker, halt.job, halt.partition) not in known
    ]
    return found


def _by_number(item: tuple[str, Any]) -> int:
    return int(item[0])


def _read(file: Path) -> dict[str, Any]:
    try:
        found = json.loads(file.read_text(encoding="utf-8"))
    except (FileNotFoundError, json.JSONDecodeError):
        return {}
    return found if isinstance(found, dict) else {}
