"""Balances: the newest values of every balance, and what of a store's differs from them.

Owns: units, their buckets, and the last few values of each balance with the Decision of each.
Never: sums.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Final, NamedTuple, final

from ledger.facts import BalanceKey
from ledger.units import place_of, unit_bucket, unit_of
from schemas.messages.decisions import Decision
from schemas.messages.recon import (
    BalancePoint,
    BalancePoints,
    BalanceRepair,
    BalancesHeld,
    UnitRow,
)
from streams.reconciliation.stores.breaks import Wrong
from streams.reconciliation.stores.members import Members
from streams.reconciliation.stores.ri11_balances import EQUAL, UNDECIDED, failed, wanted
from streams.reconciliation.stores.tables import Books

KIND: Final = 0
POINTS: Final = 4  # transactions of one balance that may pass between a reading and its judgement
NOBODY: Final = UnitRow(())


class Judged(NamedTuple):
    """A unit as a store holds it."""

    unit: str
    wrong: Wrong | None
    repairs: tuple[BalanceRepair, ...]


@final
class Balances:
    """The balances of one partition as the log says."""

    def __init__(self, books: Books) -> None:
        self._books: Final = books
        self._members: Final = Members(books, KIND)

    def take(self, group: Sequence[Decision]) -> None:
        """Set the balances at the end of one transaction: no store shows what was in between."""
        newest: dict[BalanceKey, BalancePoint] = {}
        for decision in group:
            for after in decision.balances:
                key = after.account, after.owner, after.currency
                newest[key] = BalancePoint(after.minor, after.owner_sequence, decision.sequence)
        units: dict[str, dict[str, BalancePoint]] = {}
        for key, point in newest.items():
            wallet, field = place_of(*key)
            units.setdefault(unit_of(wallet, field), {})[field] = point
        for unit, points in units.items():
            self._set(unit, points)

    def judged(self, body: BalancesHeld) -> Iterator[Judged]:
        """Compare a bucket, unit by unit; those of which nothing can be said are left out."""
        held: dict[str, dict[str, str]] = {}
        for each in body.balances:
            held.setdefault(unit_of(each.unit, each.field), {})[each.field] = each.value
        members = list(self._members.units(body.bucket))
        for unit in held.keys() - set(members):
            self._members.join(body.bucket, unit)  # unknown to the log, and to be remembered
        for unit in dict.fromkeys((*members, *sorted(held))):
            if unit not in held and self._books.units.get(unit) is None:
                self._members.leave(body.bucket, unit)
            found = self._unit(unit, held.get(unit, {}), body.watermark)
            if found is not None:
                yield found

    def _unit(self, unit: str, held: Mapping[str, str], watermark: int) -> Judged | None:
        said = {each.field: each for each in (self._books.units.get(unit) or NOBODY).fields}
        words: list[str] = []
        repairs: list[BalanceRepair] = []
        sequence, undecided = 0, False
        for field in {**said, **held}:
            points, value = said.get(field), held.get(field)
            what = failed(points, value, watermark)
            undecided = undecided or what == UNDECIDED
            if what not in (EQUAL, UNDECIDED):
                sequence = max(sequence, 0 if points is None else points.points[0].sequence)
                words.append(f"{field} {what}")
                repairs.append(BalanceRepair(field, value or "", wanted(points)))
        if undecided and not words:
            return None
        wrong = Wrong(sequence, ", ".join(words)) if words else None
        return Judged(unit, wrong, tuple(repairs))

    def _set(self, unit: str, points: Mapping[str, BalancePoint]) -> None:
        row = self._books.units.get(unit)
        if row is None:
            self._members.join(unit_bucket(unit), unit)
        fields = {each.field: each for each in (row or NOBODY).fields}
        for field, point in points.items():
            before = fields.get(field)
            since, older = (point.sequence, ()) if before is None else (before.since, before.points)
            fields[field] = BalancePoints(field, since, (point, *older)[:POINTS])
        self._books.units.put(unit, UnitRow(tuple(fields.values())))
