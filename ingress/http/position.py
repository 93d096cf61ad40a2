"""Position: where a Decision stands, so that a read can ask for no less.

Owns: the text of the header `Ledger-Position`, answered to writes and reads, and that of
`Ledger-At-Least`, with which a read asks.
Never: is a secret or expires: it is a place in the log, good for every store.
"""

from __future__ import annotations

import re
from typing import Final, NamedTuple

from typing_extensions import override

from ingress.http.problems import Problem

ANSWERED: Final = "Ledger-Position"
ASKED: Final = "Ledger-At-Least"
FORM: Final = re.compile(r"(\d{1,9}):(\d{1,18})")


class Token(NamedTuple):
    """A partition and the sequence of a Decision in it."""

    partition: int
    sequence: int

    @override
    def __str__(self) -> str:
        """Return `partition:sequence`."""
        return f"{self.partition}:{self.sequence}"


def read_token(text: str | None) -> Token | None:
    """Return what a read asks for. Raises `Problem` naming the header."""
    if text is None:
        return None
    found = FORM.fullmatch(text.strip())
    if found is None:
        raise Problem(
            "HEADER_MALFORMED", f"{ASKED}: partition:sequence, not {text!r:.40}", header=ASKED
        )
    return Token(int(found[1]), int(found[2]))
