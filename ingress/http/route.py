"""Route: one write of this door, as data.

Owns: where a command is taken, which of its fields stand in the path, and its JSON.
Never: a handler; all writes have the same one.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from ingress.sdk.errors import CommandRefusedError
from ingress.sdk.jsonl import from_document, to_line
from schemas.messages.commands import WalletCommand


@dataclass(frozen=True, slots=True)
class Write:
    """POST to `path` sends `command`; words in braces in the path are fields of it."""

    path: str
    command: str
    summary: str

    @property
    def resource(self) -> str:
        """What a key's scope names: the first word of the path after the wallet."""
        words = [word for word in self.path.split("/") if word and not word.startswith("{")]
        return words[1] if len(words) > 1 else words[0]

    @property
    def given(self) -> tuple[str, ...]:
        """The fields that the path says, in its order."""
        return tuple(re.findall(r"{(\w+)}", self.path))

    @property
    def operation(self) -> str:
        """The operation's name in the OpenAPI document: OpenWallet is `open-wallet`."""
        return "".join(f"-{c.lower()}" if c.isupper() else c for c in self.command).lstrip("-")


def request_of(route: Write, command: WalletCommand, currency: str = "") -> tuple[str, str]:
    """Return the path and the body that say a command; its id goes into a header.

    `currency` is that of an amount whose command carries none.
    """
    document = json.loads(to_line(command, currency))
    for field in ("type", "command_id"):
        del document[field]
    path = route.path.format(**{name: document.pop(name) for name in route.given})
    return path, json.dumps({**document, "issued_at": command.issued_at})


def command_of(
    name: str, key: str, given: Mapping[str, Any], body: Mapping[str, Any]
) -> WalletCommand:
    """Return the command of a body whose path gave some fields.

    Raises `CommandRefusedError`: also when the body says otherwise what the path says already.
    """
    for field in ("type", "command_id", *given):
        if field in body:
            raise CommandRefusedError(field, "is not of the body: path and headers say it")
    return from_document({**body, **given, "type": name, "command_id": key})
