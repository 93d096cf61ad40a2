"""Manifest: what an archive holds, file by file, and what it is of.

Owns: the record of it and its JSON, which carries its own hash.
Never: reads or writes a file (`place.py` does).

It is written after the files it names, by rename. A file that no manifest names is what a killed
run left: the next one writes it again.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from typing import Any, Final

from ops.backup.errors import DamagedError
from streams.runtime import hashed

FORMAT: Final = 1
NAME: Final = "manifest.json"

Place = tuple[str, int]  # topic, partition


@dataclass(frozen=True, slots=True)
class Segment:
    """A file: the offsets it covers, `next` not among them, its records, digest and length."""

    name: str
    first: int
    next: int
    records: int
    size: int
    sha256: str
    newest_ms: int  # time of its newest record; 0 when it has none


@dataclass(frozen=True, slots=True)
class Span:
    """A topic partition: the first offset that retention had left, and what follows each other."""

    first: int
    segments: tuple[Segment, ...] = ()

    @property
    def next(self) -> int:
        """Offset after the last that was archived."""
        return self.segments[-1].next if self.segments else self.first

    @property
    def records(self) -> int:
        """Records that were archived."""
        return sum(each.records for each in self.segments)

    @property
    def newest_ms(self) -> int:
        """Time of the newest record; 0 when there is none."""
        return max((each.newest_ms for each in self.segments), default=0)


@dataclass(frozen=True, slots=True)
class Head:
    """Where a partition of the log ended, and the last note that was signed of it."""

    sequence: int
    chain: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class Manifest:
    """An archive. `whole` is False while a first `create` has not reached its end."""

    partitions: int = 0
    created_us: int = 0
    whole: bool = False
    topic_ids: Mapping[str, str] = field(default_factory=dict)
    configs: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    schemas: Mapping[str, list[int]] = field(default_factory=dict)
    heads: Mapping[int, Head] = field(default_factory=dict)
    spans: Mapping[Place, Span] = field(default_factory=dict)

    def topics(self) -> list[str]:
        """Return the archived topics, in the order in which they were read."""
        return list(dict.fromkeys(topic for topic, _ in self.spans))

    def span(self, topic: str, partition: int) -> Span | None:
        """Return what is archived of a topic partition."""
        return self.spans.get((topic, partition))

    def having(self, place: Place, span: Span) -> Manifest:
        """Return it with another span."""
        return replace(self, spans={**self.spans, place: span})

    def to_bytes(self) -> bytes:
        """Return the manifest with its own hash."""
        body = {
            "format": FORMAT,
            "partitions": self.partitions,
            "created_us": self.created_us,
            "whole": self.whole,
            "topic_ids": dict(self.topic_ids),
            "configs": {topic: dict(each) for topic, each in self.configs.items()},
            "schemas": dict(self.schemas),
            "heads": {str(number): asdict(each) for number, each in self.heads.items()},
            "spans": [
                {"topic": topic, "partition": number, **asdict(span)}
                for (topic, number), span in self.spans.items()
            ],
        }
        return hashed.to_bytes(body)

    @classmethod
    def from_bytes(cls, data: bytes) -> Manifest:
        """Read one. Raises `DamagedError`."""
        try:
            body, is_own = hashed.from_bytes(data)
            if not is_own:
                raise DamagedError(f"{NAME}: says another hash of itself than it has")
            if body["format"] != FORMAT:
                raise DamagedError(f"{NAME}: is of format {body['format']}, not {FORMAT}")
            return _read(body)
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise DamagedError(
                f"{NAME}: is no manifest: {type(error).__name__}: {error}"
            ) from error


def _read(body: Mapping[str, Any]) -> Manifest:
    return Manifest(
        body["partitions"],
        body["created_us"],
        body["whole"],
        body["topic_ids"],
        body["configs"],
        body["schemas"],
        {int(number): Head(**each) for number, each in body["heads"].items()},
        {
            (each["topic"], each["partition"]): Span(
                each["first"], tuple(Segment(**segment) for segment in each["segments"])
            )
            for each in body["spans"]
        },
    )
