"""What goes wrong with a part of a made-up day: typing errors, lost, doubled and wrong lines.

Owns: the disturbances, and the day that has them.
Never: matches.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Final

from ops.bench.matching_truth import CENTS, UNITS_TO_A_NAME, Town, Truth, Unit


def truth_of(seed: int, lines: int, disturbed_percent: int = 5) -> Truth:
    """Draw a day of so many lines and expectations, with a part of it disturbed."""
    town = Town(seed, lines // UNITS_TO_A_NAME)
    truth = Truth()
    counted = expected = 0
    while counted < lines or expected < lines:
        unit = town.unit(len(truth.units))
        if town.draw.randrange(100) < disturbed_percent:
            disturb(town, unit, truth)
        truth.units.append(unit)
        counted += len(unit.lines)
        expected += len(unit.expectations)
    return truth


def disturb(town: Town, unit: Unit, truth: Truth) -> None:
    """Do to a unit what happens: typing errors, lost, doubled, wrong and foreign lines."""
    name, act = town.draw.choice(DISTURBANCES)
    unit.disturbed = name
    town.counted += 1
    act(town, unit, truth)


def _typo(town: Town, unit: Unit, truth: Truth) -> None:
    del truth
    line = unit.lines[0]
    unit.lines[0] = replace(
        line,
        end_to_end_id=_mistyped(town, line.end_to_end_id),
        rail_ref=_mistyped(town, line.rail_ref),
        remittance=_mistyped(town, line.remittance),
    )


def _nameless(town: Town, unit: Unit, truth: Truth) -> None:
    del town, truth
    unit.lines[0] = replace(
        unit.lines[0], rail_ref="", end_to_end_id="", remittance="", counterparty="", batch_id=""
    )


def _amount(town: Town, unit: Unit, truth: Truth) -> None:
    del truth
    line = unit.lines[0]
    unit.lines[0] = replace(line, amount=line.amount + town.draw.choice((-500, 300, 1_000)))


def _missing(town: Town, unit: Unit, truth: Truth) -> None:
    del town, truth
    unit.lines.pop(0)


def _doubled(town: Town, unit: Unit, truth: Truth) -> None:
    truth.strays.append(replace(unit.lines[0], seq=town.counted))


def _foreign(town: Town, unit: Unit, truth: Truth) -> None:
    """Add a line of the same customer that nobody expects, with a name of its own or none."""
    stray = replace(
        unit.lines[0],
        seq=town.counted,
        amount=town.draw.randrange(*CENTS),
        end_to_end_id=town.draw.choice(("", f"TOPUP-{town.draw.getrandbits(40):012X}")),
        rail_ref="",
        batch_id="",
    )
    truth.strays.append(stray)


def _currency(town: Town, unit: Unit, truth: Truth) -> None:
    del town, truth
    unit.lines[0] = replace(unit.lines[0], currency="USD")


def _late(town: Town, unit: Unit, truth: Truth) -> None:
    del town, truth
    line = unit.lines[0]
    unit.lines[0] = replace(line, value_date=line.value_date + timedelta(days=30))


DISTURBANCES: Final = (
    ("typo", _typo),
    ("nameless", _nameless),
    ("amount", _amount),
    ("missing", _missing),
    ("doubled", _doubled),
    ("foreign", _foreign),
    ("currency", _currency),
    ("late", _late),
)


def _mistyped(town: Town, text: str) -> str:
    """Change one character."""
    if not text:
        return text
    at = town.draw.randrange(len(text))
    return text[:at] + ("7" if text[at] != "7" else "1") + text[at + 1 :]
