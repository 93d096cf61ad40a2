"""Openings: what a finding about a file, or a person, opens as an exception.

Owns: the account, amount and id of what is opened.
Never: opens twice what is the same: the id is made of what it is about.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict

from schemas.messages.recon import ExceptionOpened
from streams.reconciliation.external.canonical import Statement
from streams.reconciliation.external.checks import (
    ArithmeticBreak,
    DuplicateFile,
    Finding,
    OpeningBreak,
)
from streams.reconciliation.external.exceptions.kinds import OPENED_BY_FINDING, case_id_of
from streams.reconciliation.external.exceptions.workflow import SYSTEM


def opened_by(
    findings: Iterable[Finding], statements: Iterable[Statement]
) -> tuple[ExceptionOpened, ...]:
    """Return one exception for each finding; a file that was here before opens none."""
    currencies = {(each.account, each.statement_id): each.currency for each in statements}
    return tuple(
        _opened(each, currencies.get((each.account, each.statement_id), ""))
        for each in findings
        if not isinstance(each, DuplicateFile)
    )


def _opened(finding: Finding, currency: str) -> ExceptionOpened:
    assert not isinstance(finding, DuplicateFile), "a file that was here before opens nothing"
    kind = OPENED_BY_FINDING[type(finding).__name__]
    detail = ", ".join(f"{name} {value}" for name, value in asdict(finding).items())
    # Amounts of a statement that says no currency are no amounts.
    minor = _apart(finding) if currency else 0
    return ExceptionOpened(
        case_id_of(kind, (type(finding).__name__, detail)),
        kind.value,
        finding.account,
        currency if minor else "",
        minor,
        finding.statement_id,
        f"{type(finding).__name__}: {detail}",
        SYSTEM,
    )


def _apart(finding: Finding) -> int:
    if isinstance(finding, ArithmeticBreak | OpeningBreak):
        return abs(finding.expected - finding.found)
    return 0
