"""Closing: what every client of the SDK does at the end of a `with`.

Owns: entering and leaving.
Never: decides what closing is.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from types import TracebackType
from typing import Self


class Closing(ABC):
    """A client that is closed at the end of a `with`, whatever happened in it."""

    @abstractmethod
    def close(self) -> None:
        """Let go of the broker."""

    def __enter__(self) -> Self:
        """Return the client."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Close it."""
        self.close()
