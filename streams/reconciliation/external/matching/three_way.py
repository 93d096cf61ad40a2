"""Three ways: the ledger, the processor's report and the bank's line say the same of a payout.

Owns: what each payout of a report comes to, and what is wrong with one that does not agree.
Never: matches two of the three without the third.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from streams.reconciliation.external.canonical import Line
from streams.reconciliation.external.matching.candidates import decided, grouped
from streams.reconciliation.external.matching.claims import Claim
from streams.reconciliation.external.matching.expectations import Rules, Status
from streams.reconciliation.external.matching.open_items import Open
from streams.reconciliation.external.matching.references import (
    batches_of_line,
    normal,
    references_of_expectation,
    references_of_line,
)


@dataclass(frozen=True, slots=True)
class Payout:
    """A payout of a processor, seen from three sides."""

    batch_id: str
    currency: str
    gross: int
    fees: int
    report_ids: tuple[str, ...]
    expectation_ids: tuple[str, ...]
    bank_ids: tuple[str, ...]
    bank_amount: int
    status: Status

    @property
    def net(self) -> int:
        """Return what the bank's line must be."""
        return self.gross - self.fees

    @property
    def line_ids(self) -> tuple[str, ...]:
        """Return the lines of both outside parties."""
        return tuple(sorted((*self.report_ids, *self.bank_ids)))


def claims_of_reports(items: Open, rules: Rules) -> Iterator[Claim]:
    """Yield payouts on which all three agree; fees that were rounded leave a difference."""
    for payout in payouts_of(items, rules):
        if payout.status is Status.MATCHED:
            difference = payout.bank_amount - payout.net
            yield Claim(payout.line_ids, payout.expectation_ids, difference)


def payouts_of(items: Open, rules: Rules) -> Iterator[Payout]:
    """Look at every payout of the reports from all three sides."""
    known = _known_to_ledger(items, rules)
    bank = grouped(
        ((each.currency, batch), each)
        for each in items.lines
        for batch in sorted(batches_of_line(each, rules))
    )
    reports = grouped(
        ((each.currency, normal(each.batch_id)), each) for each in items.reports if each.batch_id
    )
    for place, parts in reports.items():
        yield _payout(parts, known, bank.get(place, []), rules)


def _known_to_ledger(items: Open, rules: Rules) -> dict[str, str]:
    """Return the expectation of each line of a report, where it is unique on both sides."""
    wanted = grouped(
        ((each.account, each.currency, each.amount, reference), each)
        for each in items.expectations
        for reference in references_of_expectation(each, rules)
    )
    pairs = [
        (line, expectation)
        for line in items.reports
        for reference in sorted(references_of_line(line, rules))
        for expectation in wanted.get((line.account, line.currency, line.amount, reference), ())
    ]
    return {each.line_ids[0]: each.expectation_ids[0] for each in decided("report", pairs).matches}


def _payout(parts: list[Line], known: dict[str, str], bank: list[Line], rules: Rules) -> Payout:
    gross = sum(each.amount for each in parts)
    fees = sum(each.fee for each in parts)
    room = rules.fee_rounding * len(parts) if fees else 0
    agreeing = [each for each in bank if abs(each.amount - (gross - fees)) <= room]
    expected = tuple(sorted(known[each.line_id] for each in parts if each.line_id in known))
    return Payout(
        batch_id=parts[0].batch_id,
        currency=parts[0].currency,
        gross=gross,
        fees=fees,
        report_ids=tuple(sorted(each.line_id for each in parts)),
        expectation_ids=expected,
        bank_ids=tuple(sorted(each.line_id for each in agreeing or bank)),
        bank_amount=sum(each.amount for each in agreeing or bank),
        status=_status(len(parts) - len(expected), len(agreeing), len(bank)),
    )


def _status(unknown: int, agreeing: int, bank: int) -> Status:
    if not bank:
        return Status.EXPECTED
    if agreeing > 1:
        return Status.AMBIGUOUS
    if not agreeing or bank > 1:
        return Status.SPLIT_MISMATCH
    return Status.PARTIALLY_MATCHED if unknown else Status.MATCHED
