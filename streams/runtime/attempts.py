"""Attempts: how often the process died while deciding the same inputs.

Owns: 20 bytes on disk per partition, written before a group is decided and cleared after.
Never: counts an exit of our own or an exception: only a death leaves the mark open.

Two `pwrite` of 20 bytes into the page cache, about 2 us each; never synced, since a death of the
process, not of the machine, is what it counts.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from struct import Struct
from typing import Final
from zlib import crc32

from streams.runtime.errors import CrashLoopError

_MARK: Final = Struct("<4sIII4x")
_MAGIC: Final = b"TRY1"


class Attempts:
    """The mark of one partition."""

    def __init__(self, folder: Path, deaths: int) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._limit: Final = deaths
        self._file: Final = os.open(folder / "attempt", os.O_RDWR | os.O_CREAT, 0o644)
        self._fatal, self._deaths = self._left_open()
        self._is_open = True

    def opening(self, positions: Mapping[str, int]) -> None:
        """Inputs from these positions on are about to be decided; halts after too many deaths."""
        here = crc32(repr(sorted(positions.items())).encode())
        if here != self._fatal:
            self._deaths = 0
        if self._deaths >= self._limit:
            raise CrashLoopError(
                f"the process died {self._deaths} times while deciding the inputs from "
                f"{dict(positions)} on"
            )
        self._fatal = here
        self._write(1, here)

    def closed(self) -> None:
        """Decided, or given up in good order."""
        self._write(0, 0)

    def reset(self) -> None:
        """A person released the partition: count from nothing."""
        self._deaths = 0
        self._write(0, 0)

    def close(self) -> None:
        """Give the file back; idempotent."""
        if self._is_open:
            self._is_open = False
            os.close(self._file)

    def _left_open(self) -> tuple[int, int]:
        data = os.pread(self._file, _MARK.size, 0)
        if len(data) != _MARK.size:
            return 0, 0
        magic, is_open, here, deaths = _MARK.unpack(data)
        if magic != _MAGIC or not is_open:
            return 0, 0
        return here, deaths + 1

    def _write(self, is_open: int, here: int) -> None:
        os.pwrite(self._file, _MARK.pack(_MAGIC, is_open, here, self._deaths), 0)
