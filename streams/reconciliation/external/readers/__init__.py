"""Readers: bytes of a bank or processor become statements of canonical lines.

Owns: which format a file is, and its fingerprint.
Never: changes anything: a file that cannot be read is an `Unreadable` with line and reason.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable
from typing import Final

from streams.reconciliation.external.canonical import BankFile, Statement
from streams.reconciliation.external.errors import Unreadable
from streams.reconciliation.external.readers.bai2 import read_bai2
from streams.reconciliation.external.readers.camt import read_camt
from streams.reconciliation.external.readers.mapping import Mapping
from streams.reconciliation.external.readers.mt940 import read_mt940
from streams.reconciliation.external.readers.nacha import read_nacha
from streams.reconciliation.external.readers.processor_csv import read_processor
from streams.reconciliation.external.readers.text import decoded

Reader = Callable[[bytes, str], tuple[Statement, ...]]

FILE_BYTES_MAX: Final = 256 * 1024 * 1024
SNIFFED_BYTES: Final = 65_536
READERS: Final[dict[str, Reader]] = {
    "camt": read_camt,
    "mt940": read_mt940,
    "bai2": read_bai2,
    "nacha": read_nacha,
}
# The first that fits: what a file of the format has near its beginning.
MARKS: Final = (
    ("camt", re.compile(r"\s*<")),
    ("bai2", re.compile(r"\s*01,")),
    ("nacha", re.compile(r"\s*101[ 0-9]")),
    ("mt940", re.compile(r"(?s).*?(?:^|[\r\n}]|\{4:):20:")),
)


def fingerprint_of(data: bytes) -> str:
    """Return what names a file: a second one with the same bytes is the same file."""
    return hashlib.sha256(data).hexdigest()


def format_of(data: bytes) -> str:
    """Say which format a file is in, by its beginning."""
    beginning = decoded(data[:SNIFFED_BYTES])
    for name, mark in MARKS:
        if mark.match(beginning):
            return name
    raise Unreadable(1, "no format that is read begins like this: camt, MT940, BAI2, NACHA")


def read_file(data: bytes, source: str = "", mapping: Mapping | None = None) -> BankFile:
    """Read a file whole or not at all; `mapping` says that it is a processor's table."""
    if not data.strip():
        raise Unreadable(1, "the file is empty")
    if len(data) > FILE_BYTES_MAX:
        raise Unreadable(1, f"the file is longer than {FILE_BYTES_MAX} bytes")
    fingerprint = fingerprint_of(data)
    if mapping is not None:
        return BankFile(fingerprint, "csv", read_processor(data, mapping, fingerprint))
    name = format_of(data)
    return BankFile(fingerprint, name, READERS[name](data, source or name))
