"""The report: every check by number, how much it looked at, and what it found.

Owns: `Finding`, `Result`, `Report`, and their form for people and programs.
Never: judges; the checks do.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any, Final

from typing_extensions import override

# A broken run can differ in every record; the count is exact, the words are the first ones.
KEPT_PER_CHECK: Final = 100
NOTES_PER_CHECK: Final = 1_000

NAMES: Final[Mapping[int, str]] = MappingProxyType(
    {
        1: "each command has one outcome, each outcome its command",
        2: "sequences gapless, each input offset covered once",
        3: "entries, partitions and the whole balance to zero",
        4: "nothing below its limit, no ceiling exceeded",
        5: "outcomes of a wallet in the order of its inputs",
        6: "every transfer ended, each step once, nothing left reserved",
        7: "deciding again gives the same bytes, and a second model the same money",
        8: "RocksDB = fold of the log = Redis = PostgreSQL = Cassandra",
        9: "PostgreSQL rows = the log, by rolling hash",
        10: "Cassandra rows = the log, by full scan",
        11: "no trace of an aborted attempt",
        12: "last stable offset = high watermark",
        13: "input positions of the log = those of RocksDB",
        14: "seals and hash chain",
        15: "dead letters = bytes nobody could read or route",
        16: "recoveries in time, lag drained, no restart loop, no crash",
        17: "nothing a client was told is contradicted",
    }
)


@dataclass(frozen=True, slots=True)
class Finding:
    """One difference: which check found it, where, and what in words."""

    check: int
    where: str
    what: str

    @override
    def __str__(self) -> str:
        return f"{self.check} {self.where}: {self.what}"


@dataclass(slots=True)
class Result:
    """One check: `looked_at` counts what it compared, `findings` keeps the first differences."""

    check: int
    looked_at: int = 0
    found: int = 0
    findings: list[Finding] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    noted: int = 0

    @property
    def name(self) -> str:
        """Return what the check promises."""
        return NAMES[self.check]

    def note(self, what: str) -> None:
        """Keep a remark while there are few; the last one says how many there were."""
        self.noted += 1
        if self.noted <= NOTES_PER_CHECK:
            self.notes.append(what)
        else:
            self.notes[NOTES_PER_CHECK:] = [f"and {self.noted - NOTES_PER_CHECK} more"]

    def add(self, where: str, what: str) -> None:
        """Count a difference and keep its words while there are few."""
        self.found += 1
        if len(self.findings) < KEPT_PER_CHECK:
            self.findings.append(Finding(self.check, where, what))


@dataclass(frozen=True, slots=True)
class Report:
    """What all checks found; `decisions` says how long the log was."""

    decisions: int
    results: Mapping[int, Result]

    @property
    def holds(self) -> bool:
        """Whether nothing differed."""
        return not any(result.found for result in self.results.values())

    @property
    def findings(self) -> list[Finding]:
        """Return the kept findings of every check, by number."""
        return [each for result in self.results.values() for each in result.findings]

    def red(self) -> set[int]:
        """Return the numbers of the checks that found something."""
        return {number for number, result in self.results.items() if result.found}

    def as_json(self) -> dict[str, Any]:
        """Return it for a file or another program."""
        return {
            "holds": self.holds,
            "decisions": self.decisions,
            "checks": [
                {
                    "check": result.check,
                    "name": result.name,
                    "looked_at": result.looked_at,
                    "found": result.found,
                    "findings": [f"{each.where}: {each.what}" for each in result.findings],
                    "notes": result.notes,
                }
                for result in self.results.values()
            ],
        }

    def rows(self) -> list[dict[str, object]]:
        """Return one row a check, for a table."""
        return [
            {
                "check": result.check,
                "what": result.name,
                "looked at": f"{result.looked_at:,}",
                "differences": result.found,
            }
            for result in self.results.values()
        ]


def new_results(numbers: Iterable[int] = NAMES) -> dict[int, Result]:
    """Return an empty result for each check."""
    return {number: Result(number) for number in numbers}
