"""The halt of a partition: stop before commit, say why, wait for a person.

Owns: the one broad `except` of the runtime, and the file `halted.json` in the partition's folder.
Never: skips the record. `ledgerctl partitions release` removes the file; the partition then
recovers and decides the same inputs again.
"""

from __future__ import annotations

import json
import traceback
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Final, TypeVar

from streams.runtime.errors import JobBugError, RuntimeFault
from streams.runtime.job import InputRecord

T = TypeVar("T")

FILE: Final = "halted.json"


def guarded(work: Callable[[], T], what: str) -> T:
    """Run code of the job; whatever it raises halts the partition."""
    try:
        return work()
    except RuntimeFault:
        raise
    except Exception as error:
        raise JobBugError(f"{what}: {type(error).__name__}: {error}") from error


class HaltFile:
    """The mark of a halted partition; survives the process."""

    def __init__(self, folder: Path) -> None:
        self._path: Final = folder / FILE

    def exists(self) -> bool:
        """Say whether the partition is halted."""
        return self._path.exists()

    def read(self) -> Mapping[str, object]:
        """Return what was written; empty when the partition is not halted."""
        try:
            found = json.loads(self._path.read_text(encoding="utf-8"))
        except FileNotFoundError:
            return {}
        assert isinstance(found, dict)
        return found

    def write(self, described: Mapping[str, object]) -> None:
        """Halt the partition for every process to come."""
        self._path.parent.mkdir(parents=True, exist_ok=True)
        fresh = self._path.with_suffix(".new")
        fresh.write_text(json.dumps(described, indent=2) + "\n", encoding="utf-8")
        fresh.replace(self._path)

    def remove(self) -> None:
        """Release the partition."""
        self._path.unlink(missing_ok=True)


def describe(error: BaseException, record: InputRecord | None, at_us: int) -> dict[str, object]:
    """Say what halted a partition, and over which record."""
    cause = error.__cause__ or error
    return {
        "error": type(cause).__name__,
        "message": str(error),
        "record": None if record is None else coordinates(record),
        "halted_at_us": at_us,
        "traceback": "".join(traceback.format_exception(cause)),
    }


def coordinates(record: InputRecord) -> dict[str, object]:
    """Name a record."""
    return {"topic": record.topic, "partition": record.partition, "offset": record.offset}
