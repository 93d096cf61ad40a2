"""Errors of the core: one for a bug, one for a document that cannot be used.

InvariantError      something impossible happened; the runtime halts the partition before it commits
ProgrammeError      a policy or ruleset is not usable; names the field, becomes MALFORMED_FIELD

Owns: these two. A refusal by rule is a value (`ledger.refusal`), never an exception.
Never: caught inside the core, except `ProgrammeError` by the control decision.
"""

from __future__ import annotations

from typing import TypeVar

T = TypeVar("T")


class InvariantError(Exception):
    """The ledger is about to break one of its invariants: a bug, never an input error."""


class ProgrammeError(ValueError):
    """A policy or ruleset document is refused; `field` is the path of the field that is wrong."""

    def __init__(self, field: str) -> None:
        super().__init__(field)
        self.field = field


def present(row: T | None, what: str) -> T:
    """Return a row that must be there."""
    if row is None:
        raise InvariantError(f"{what} is missing")
    return row
