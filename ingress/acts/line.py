"""Line: one act, as the file of a door or a machine has it, and as the chain has it.

Owns: both forms. The line has all that was said, and a salt; the record has ids, and the hash of
the line. The control id comes from the hash, so however often a line is sent it is in the chain
once, and a line that somebody changed is not in it at all.
Never: lets a word that somebody typed into the chain: it could never be taken out again. Without
the salt the hash of a short reason could be found by trying.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from hashlib import sha256
from typing import Any, Final

from ingress.sdk.stamp import new_command_id
from schemas.messages.control import Control, OperatorAct, RecordAct
from schemas.values import WALLET_ID

UNKNOWN: Final = "unknown"
SALT: Final = "salt"
DIGITS: Final = 32
AT_MAX: Final = 2**63 - 1  # what a long of Avro holds


@dataclass(frozen=True, slots=True)
class Act:
    """What somebody did or was refused; `what`, `reason` and `address` stay in the file."""

    who: str
    what: str
    by: str  # key, token, session, login, nothing
    verb: str
    subject: str = ""
    request_id: str = ""
    outcome: str = "DONE"
    role: str = ""
    reason: str = ""
    address: str = ""


def line_of(act: Act, at_us: int, *, chained: bool = True) -> str:
    """Return a line, without its end; what was not said is not in it. Without salt it stays."""
    said = {name: text for name, text in asdict(act).items() if text}
    salt = {SALT: new_command_id()} if chained else {}
    return json.dumps({"at_us": at_us, **said, **salt})


def control_id_of(line: bytes) -> str:
    """Return the id under which a line is in the chain."""
    return f"act-{sha256(line).hexdigest()[:DIGITS]}"


def read_line(line: bytes) -> dict[str, Any] | None:
    """Return what a line says; None for what has no salt, so is for the file alone."""
    try:
        said = json.loads(line)
    except ValueError:
        return None
    known = isinstance(said, dict) and isinstance(said.get("at_us"), int)
    return said if known and SALT in said else None


def control_of(line: bytes) -> tuple[str, Control] | None:
    """Return the subject of a line and its control record; None for what has none."""
    said = read_line(line)
    if said is None:
        return None
    actor = _id(said.get("who")) or UNKNOWN
    # A clock that is out of its mind keeps no act out, and none that comes after it.
    at_us = min(max(said["at_us"], 1), AT_MAX)
    act = OperatorAct(
        actor,
        _id(said.get("role")),
        _id(said.get("by")),
        _id(said.get("verb")) or UNKNOWN,
        _id(said.get("subject")) or UNKNOWN,
        _id(said.get("request_id")),
        _id(said.get("outcome")) or UNKNOWN,
        at_us,
        sha256(line).digest(),
    )
    return act.subject, Control(control_id_of(line), at_us, actor, RecordAct(act), "")


def _id(text: object) -> str:
    """Return text that is an id; what is none stays in the file."""
    return text if isinstance(text, str) and WALLET_ID.fullmatch(text) else ""
