"""Text of a foreign file: any bytes become numbered lines.

Owns: encodings, binary characters, line ends.
Never: fails: an unknown byte is a character too.
"""

from __future__ import annotations

import codecs
import re
from typing import Final

# What no text has; a bank's host system puts it there all the same.
BINARY: Final = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufffe\uffff\ud800-\udfff]")
_LINE_END: Final = re.compile(r"\r\n|\n|\r")
# Names that a file may give itself; Python knows many more, some of which are no text at all.
ENCODINGS: Final = frozenset(
    {"utf-8", "utf-16", "us-ascii", "iso-8859-1", "iso-8859-2", "iso-8859-15"}
    | {"windows-1250", "windows-1252", "cp1252"}
)
_UTF16_MARKS: Final = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)


def decoded(data: bytes, encoding: str = "") -> str:
    """Return the text: as said, as marked, as UTF-8, or else as Latin-1, which reads any byte."""
    marked = "utf-16" if data.startswith(_UTF16_MARKS) else "utf-8-sig"
    said = encoding.lower() if encoding.lower() in ENCODINGS else marked
    for candidate in (marked, said) if marked == "utf-16" else (said, marked):
        try:
            return BINARY.sub(" ", data.decode(candidate).removeprefix("\ufeff"))
        except UnicodeDecodeError:
            continue
    return BINARY.sub(" ", data.decode("latin-1"))


def numbered(text: str) -> list[tuple[int, str]]:
    """Split into lines, numbered from 1; only CR and LF end a line."""
    return list(enumerate(_LINE_END.split(text), start=1))
