"""Text from strangers, made fit for any store.

Owns: the bound on ids and details that a client chose.
Never: touches text that is within the bound.
"""

from __future__ import annotations

from hashlib import sha256
from typing import Final

# Valid ids are far shorter. A longer one can only come with a rejection, and an index row of a
# store has a bound; what is cut off is told apart by the hash.
TEXT_CHARS_MAX: Final = 256
HASH_CHARS: Final = 16


def bounded(text: str) -> str:
    """Return the text; without NUL, which PostgreSQL cannot hold, and cut when it is too long."""
    if len(text) <= TEXT_CHARS_MAX and "\x00" not in text:
        return text
    kept = text[:TEXT_CHARS_MAX].replace("\x00", "\N{SYMBOL FOR NULL}")
    return f"{kept}#{sha256(text.encode()).hexdigest()[:HASH_CHARS]}"
