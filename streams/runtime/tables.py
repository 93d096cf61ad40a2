"""The tables of a job: how keys and rows become bytes, and the overlay they go through.

Owns: `TableSpec`, one per table of a job, and the Protocol of the overlay.
Never: knows which store lies below. RocksDB is in `store.py`, the overlay itself in `overlay.py`.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final, Generic, Protocol, TypeVar, final

from ledger.view import SortedRows

K = TypeVar("K")
R = TypeVar("R")


@final
class TableSpec(Generic[K, R]):
    """One table: `prefix` is the byte its keys start with in the store, unique inside the job.

    `encode_key` must keep the order of keys where the table is read in order.
    """

    def __init__(  # noqa: PLR0913 - what a table is; built at import only
        self,
        name: str,
        prefix: bytes,
        encode_key: Callable[[K], bytes],
        encode: Callable[[R], bytes],
        decode: Callable[[bytes], R],
        decode_key: Callable[[bytes], K] | None = None,
        *,
        hardly_read: bool = False,
    ) -> None:
        self.name: Final = name
        self.prefix: Final = prefix
        self.encode_key: Final = encode_key
        self.encode: Final = encode
        self.decode: Final = decode
        self.decode_key: Final = decode_key  # only tables that are read in order need it
        self.hardly_read: Final = hardly_read  # rows are kept as bytes, see `encoded.py`


def two_ids(key: tuple[str, str]) -> bytes:
    """Encode a key of two ids; ids hold no NUL (`schemas.values`), so NUL parts them."""
    return f"{key[0]}\0{key[1]}".encode()


def two_ids_of(data: bytes) -> tuple[str, str]:
    """Read such a key back."""
    first, second = data.decode().split("\0")
    return first, second


class Overlay(Protocol):
    """Reads-your-writes over the committed rows; a group's changes live here until its commit."""

    def table(self, spec: TableSpec[K, R]) -> SortedRows[K, R]:
        """Return the table, always the same object; `first` needs a spec with `decode_key`."""
        ...

    def changes(self) -> list[tuple[str, bytes, bytes | None]]:
        """Return (table, key bytes, row bytes or None) of every row changed since the commit."""
        ...
