"""A virtual partition: offsets, markers, open, committed and aborted records.

Owns: what an offset holds and what a read_committed reader may see of it.
Never: knows epochs or coordinators; `coordinator.py` says when a transaction ends.
"""

from __future__ import annotations

from typing import Final, Literal, final

from streams.runtime.fakes import Entry

Ending = Literal["committed", "aborted"]
VISIBLE: Final = frozenset({"plain", "committed"})


@final
class VirtualLog:
    """One partition of one topic. Survives everything."""

    def __init__(self) -> None:
        self.entries: Final[list[Entry]] = []
        self._open: Final[dict[str, list[int]]] = {}  # writer -> offsets of its open records

    @property
    def end(self) -> int:
        """Return the offset after the last entry, open records included."""
        return len(self.entries)

    @property
    def stable_end(self) -> int:
        """Return the last stable offset: readers stop at the first open record."""
        return min((offsets[0] for offsets in self._open.values()), default=self.end)

    def append(self, key: bytes | None, value: bytes | None, time: int) -> int:
        """Append a record outside any transaction; return its offset."""
        self.entries.append(Entry("plain", key, value, (), time))
        return self.end - 1

    def append_open(self, writer: str, entry: Entry) -> int:
        """Append a record of an open transaction; return its offset."""
        self._open.setdefault(writer, []).append(self.end)
        self.entries.append(entry)
        return self.end - 1

    def mark(self, writer: str, ending: Ending) -> None:
        """Write the marker that ends a writer's records; it takes an offset of its own."""
        for offset in self._open.pop(writer, ()):
            self.entries[offset].state = ending
        self.entries.append(Entry("marker"))

    def visible(self, offset: int, limit: int, *, committed: bool = True) -> list[int]:
        """Return at most `limit` offsets from `offset` on that a reader is given."""
        end = self.stable_end if committed else self.end
        wanted = VISIBLE if committed else VISIBLE | {"open", "aborted"}
        found: list[int] = []
        while offset < end and len(found) < limit:
            if self.entries[offset].state in wanted:
                found.append(offset)
            offset += 1
        return found
