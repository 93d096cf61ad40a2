"""A made-up day of a bank with its truth: which line is which expectation, by construction.

Owns: how much of a day each pass has to find, and what goes wrong with a part of it.
Never: matches.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from random import Random
from typing import Final

from streams.reconciliation.external.canonical import Line
from streams.reconciliation.external.matching.expectations import Expectation, Rules, Tolerance

DAY: Final = date(2026, 2, 2)
DAYS: Final = 20
BANK: Final = "DE02120300000000202051"
CARDS: Final = "cards"
CENTS: Final = (1_00, 5_000_00)
RULES: Final = Rules(tolerances={"card": Tolerance(absolute=2)})
BATCH: Final = 5
PAYOUT: Final = 4
TOGETHER: Final = 3
UNITS_TO_A_NAME: Final = 4  # so that names repeat, as customers do


@dataclass(slots=True)
class Unit:
    """Some money: what is expected of it and what was recorded, and the pass that should see it."""

    by: str
    expectations: list[Expectation]
    lines: list[Line]
    reports: list[Line] = field(default_factory=list)
    disturbed: str = ""


@dataclass(slots=True)
class Truth:
    """A whole day."""

    units: list[Unit] = field(default_factory=list)
    strays: list[Line] = field(default_factory=list)  # lines nobody expects

    @property
    def lines(self) -> list[Line]:
        """Return what the bank recorded."""
        return [line for unit in self.units for line in unit.lines] + self.strays

    @property
    def reports(self) -> list[Line]:
        """Return what the processor reported."""
        return [line for unit in self.units for line in unit.reports]

    @property
    def expectations(self) -> list[Expectation]:
        """Return what the ledger expects."""
        return [each for unit in self.units for each in unit.expectations]

    def by_members(self) -> dict[tuple[frozenset[str], frozenset[str]], Unit]:
        """Return units by their line ids and expectation ids: what a right match is equal to."""
        return {
            (
                frozenset(each.line_id for each in (*unit.lines, *unit.reports)),
                frozenset(each.expectation_id for each in unit.expectations),
            ): unit
            for unit in self.units
        }


class Town:
    """Draws units; ids count up, everything else comes from the seed."""

    def __init__(self, seed: int, names: int) -> None:
        self.draw = Random(seed)  # noqa: S311 - repeatable, not secret
        self.names = max(1, names)
        self.counted = 0

    def unit(self, number: int) -> Unit:
        """Draw one unit of the kind whose turn it is by weight."""
        kind = self.draw.choices(list(KINDS), list(KINDS.values()))[0]
        return kind(self, number)

    def expectation(self, number: int, by: str, *, low: int = 1, **said: object) -> Expectation:
        """Draw an expectation with references of its own."""
        self.counted += 1
        day = DAY + timedelta(days=self.draw.randrange(DAYS))
        made = Expectation(
            expectation_id=f"x{number:07}-{self.counted:08}",
            account=BANK,
            amount=self.draw.randrange(*CENTS) * low * self.draw.choice((1, 1, 1, -1)),
            currency="EUR",
            rail="card" if by == "tolerance" else "sct",
            expected_on=day,
            rail_ref=f"BK{self.draw.getrandbits(40):012X}",
            end_to_end_id=f"TOPUP-{self.draw.getrandbits(40):012X}",
            counterparty=f"Customer {self.draw.randrange(self.names)} Example",
        )
        return replace(made, **said)  # type: ignore[arg-type]  # names are checked by replace

    def line(self, expectation: Expectation, **said: object) -> Line:
        """Record an expectation at the bank, a day or none later."""
        self.counted += 1
        day = expectation.expected_on + timedelta(days=self.draw.randrange(2))
        made = Line(
            source="bank",
            account=BANK,
            statement_id="S",
            seq=self.counted,
            booking_date=day,
            value_date=day,
            amount=expectation.amount,
            currency=expectation.currency,
            rail_ref=expectation.rail_ref,
            end_to_end_id=expectation.end_to_end_id,
            counterparty=expectation.counterparty,
        )
        return replace(made, **said)  # type: ignore[arg-type]


def exact(town: Town, number: int) -> Unit:
    """Both references, or only one of them."""
    expected = town.expectation(number, "exact")
    lost = town.draw.choice(({}, {"rail_ref": ""}, {"end_to_end_id": ""}))
    return Unit("exact", [expected], [town.line(expected, **lost)])


def normalised(town: Town, number: int) -> Unit:
    """The reference in small letters with blanks, or inside the text."""
    expected = town.expectation(number, "normalised")
    name = expected.end_to_end_id
    said: dict[str, object] = {"end_to_end_id": name.lower().replace("-", " ")}
    if town.draw.random() < 1 / 2:
        said = {"end_to_end_id": "", "remittance": f"payment of {name}, thank you"}
    return Unit("normalised", [expected], [town.line(expected, rail_ref="", **said)])


def tolerance(town: Town, number: int) -> Unit:
    """A cent or two off."""
    expected = town.expectation(number, "tolerance")
    off = town.draw.choice((-2, -1, 1, 2))
    return Unit("tolerance", [expected], [town.line(expected, amount=expected.amount + off)])


def batch(town: Town, number: int) -> Unit:
    """Several expectations with fees, one net line; or one expectation, several lines."""
    name = f"BATCH{town.draw.getrandbits(40):012X}"
    if town.draw.random() < 1 / 2:
        parts = [
            town.expectation(number, "batch", batch_id=name, fee=town.draw.randrange(100))
            for _ in range(BATCH)
        ]
        net = sum(each.amount - each.fee for each in parts)
        said: dict[str, object] = {"rail_ref": "", "end_to_end_id": "", "counterparty": ""}
        return Unit("batch", parts, [town.line(parts[0], amount=net, batch_id=name, **said)])
    whole = town.expectation(number, "batch", batch_id=name)
    cut = sorted(town.draw.sample(range(1, abs(whole.amount)), BATCH - 1))
    sizes = [b - a for a, b in zip([0, *cut], [*cut, abs(whole.amount)], strict=True)]
    sign = 1 if whole.amount > 0 else -1
    bare = {"rail_ref": "", "end_to_end_id": "", "batch_id": name}
    return Unit("batch", [whole], [town.line(whole, amount=sign * size, **bare) for size in sizes])


def payout(town: Town, number: int) -> Unit:
    """A payout of the processor: four charges, their report, one line of the bank."""
    name = f"PAYOUT{town.draw.getrandbits(40):012X}"
    parts = [town.expectation(number, "batch", account=CARDS) for _ in range(PAYOUT)]
    reports = [
        town.line(each, source=CARDS, account=CARDS, batch_id=name, fee=town.draw.randrange(100))
        for each in parts
    ]
    net = sum(each.amount - each.fee for each in reports)
    said: dict[str, object] = {"rail_ref": "", "end_to_end_id": "", "counterparty": "Cards"}
    line = town.line(parts[0], amount=net, remittance=f"your payout {name}", **said)
    return Unit("batch", parts, [line], reports)


def neighbours(town: Town, number: int) -> Unit:
    """No reference at all."""
    expected = town.expectation(number, "neighbours")
    turned = " ".join(reversed(expected.counterparty.upper().split()))
    bare = {"rail_ref": "", "end_to_end_id": "", "counterparty": turned}
    return Unit("neighbours", [expected], [town.line(expected, **bare)])


def subset(town: Town, number: int) -> Unit:
    """Three things paid at once, or one in three parts, without a reference."""
    first = town.expectation(number, "subset", low=97)
    sign = 1 if first.amount > 0 else -1
    bare: dict[str, object] = {"rail_ref": "", "end_to_end_id": ""}
    shared = {"counterparty": first.counterparty, "expected_on": first.expected_on}
    others = [town.expectation(number, "subset", low=97, **shared) for _ in range(TOGETHER - 1)]
    parts = [first, *(replace(each, amount=sign * abs(each.amount)) for each in others)]
    total = sum(each.amount for each in parts)
    if town.draw.random() < 1 / 2:
        return Unit("subset", parts, [town.line(first, amount=total, **bare)])
    whole = replace(first, amount=total)
    return Unit("subset", [whole], [town.line(each, **bare) for each in parts])


Draw = Callable[[Town, int], Unit]
KINDS: Final[dict[Draw, int]] = {
    exact: 66,
    normalised: 14,
    tolerance: 3,
    batch: 4,
    payout: 1,
    neighbours: 8,
    subset: 4,
}
