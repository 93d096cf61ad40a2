"""Operations: the record of what a person did to the ledger, and why.

Owns: one JSON line per executed mutation, beside the state of the workers, and that it is sent to
the ledger's own chain when the command ends.
Never: holds what the ledger itself needs; lets an act go without a record that nobody is told of.
"""

from __future__ import annotations

import getpass
import json
import re
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import click

from ingress.acts.line import Act, line_of
from ingress.acts.spool import Spool
from ops.errors import NotRecordedError

FILE: Final = "operations.jsonl"
MICROS_PER_NS: Final = 1_000
ISSUER_MAX: Final = 64
ROOT: Final = "ledgerctl"
TOLD: Final = "ops.operations"
DONE: Final = "DONE"
# Of what is recorded before it is tried: the record must not claim that it came about.
ASKED: Final = "ASKED"

reason_option: Final = click.option("--reason", default="", help="Why; recorded.")


def require_reason(reason: str, *, execute: bool) -> None:
    """Refuse to execute without a reason."""
    if execute and not reason.strip():
        raise click.UsageError("--execute needs --reason: say why, it is recorded")


def who() -> str:
    """Return the user's name in the form of an id."""
    try:
        name = getpass.getuser()
    except (KeyError, OSError):  # a user id without a name
        name = "unknown"
    return re.sub(r"[^A-Za-z0-9._-]", "-", name).strip("-._")[:ISSUER_MAX] or "unknown"


def record(  # noqa: PLR0913 - one argument per field of the record
    state_dir: Path,
    what: str,
    reason: str,
    *,
    subject: str = "",
    request_id: str = "",
    outcome: str = DONE,
) -> None:
    """Append an operation to the file; it is sent when the command ends.

    `subject` is the id of what it was about, else the noun; `request_id` the id it has elsewhere.
    Raises `NotRecordedError`.
    """
    verb = _verb()
    act = Act(
        who=who(),
        what=what,
        by="login",
        verb=verb,
        subject=subject or verb.partition(".")[0],
        request_id=request_id,
        outcome=outcome,
        reason=reason,
    )
    _append(state_dir, line_of(act, _now_us()))
    _tell_at_end(state_dir)


def keep(state_dir: Path, what: str, reason: str) -> None:
    """Append an operation to the file alone: the chain is no place for it, the caller says why.

    Raises `NotRecordedError`.
    """
    act = Act(who=who(), what=what, by="login", verb=_verb(), reason=reason)
    _append(state_dir, line_of(act, _now_us(), chained=False))


def recorded(state_dir: Path) -> Iterator[dict[str, Any]]:
    """Yield every operation of the file, the first ones first; nothing where there is none."""
    file = state_dir / FILE
    if file.exists():
        for line in file.read_text(encoding="utf-8").splitlines():
            yield json.loads(line)


def _append(state_dir: Path, line: str) -> None:
    file = state_dir / FILE
    try:
        state_dir.mkdir(parents=True, exist_ok=True)
        Spool(file).add(line)
    except OSError as error:
        raise NotRecordedError(
            f"{file} is not written ({error}). This act is in no record, unless you put the line "
            f"into a file and give that to ledgerctl audit send --file:\n{line}"
        ) from error


def _now_us() -> int:
    return time.time_ns() // MICROS_PER_NS


def _verb() -> str:
    """Return noun and verb of the running command, such as policy.activate."""
    context = click.get_current_context(silent=True)
    words = [] if context is None else context.command_path.split()
    return ".".join(word for word in words if word != ROOT) or "unknown"


def _tell_at_end(state_dir: Path) -> None:
    """Send once, after all that the command does."""
    context = click.get_current_context(silent=True)
    if context is None or TOLD in context.meta:
        return
    context.meta[TOLD] = True
    context.find_root().call_on_close(lambda: _tell(state_dir))


def _tell(state_dir: Path) -> None:
    from ops.acts.sending import tell  # noqa: PLC0415 - a mutation alone needs a broker for this

    tell(state_dir)
