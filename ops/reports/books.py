"""Books: every account's opening balance, debits and credits, folded from journal entries.

Owns: the fold, and whether entries balance and the balances that the writer stated follow.
Never: trusts `balances[]`: it adds postings up itself and compares.

A balance is debit positive, as in the log; debits and credits are both kept positive. Memory grows
with the accounts that ever had a posting, never with the log.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from typing import Final, NamedTuple, final

from ledger.chart import CHART
from ops.reports.paper import Proof
from schemas.messages.decisions import Decision
from schemas.messages.journal import JournalEntry

Account = tuple[str, str, str]  # code, owner, currency
FINDINGS_KEPT: Final = 5


@final
class Line:
    """One account in a period."""

    __slots__ = ("credit", "debit", "opening")

    def __init__(self, opening: int = 0, debit: int = 0, credit: int = 0) -> None:
        self.opening = opening
        self.debit = debit
        self.credit = credit

    @property
    def closing(self) -> int:
        """Balance at the end."""
        return self.opening + self.debit - self.credit

    @property
    def moved(self) -> int:
        """Change in the period."""
        return self.debit - self.credit

    def merge(self, other: Line) -> None:
        """Add another account's figures."""
        self.opening += other.opening
        self.debit += other.debit
        self.credit += other.credit


class Owned(NamedTuple):
    """An account of a partition and its line."""

    partition: int
    code: str
    owner: str
    currency: str
    line: Line


@final
class Books:
    """All accounts of all partitions. `findings` says in words what does not add up."""

    def __init__(self) -> None:
        self.findings: Final[list[str]] = []
        self.found = 0
        self.decisions = 0
        self.entries = 0
        self._parts: Final[defaultdict[int, dict[Account, Line]]] = defaultdict(dict)

    def add(self, decision: Decision) -> None:
        """Fold a sealed Decision; of each partition in order of sequence."""
        self.decisions += 1
        if not decision.entries:
            return
        lines = self._parts[decision.partition]
        for entry in decision.entries:
            self.entries += 1
            self._post(lines, decision, entry)
        for after in decision.balances:
            line = lines.get((after.account, after.owner, after.currency))
            if line is None or line.opening + line.debit - line.credit != after.minor:
                self._find(
                    decision, f"{after.account}:{after.owner} is not the {after.minor} it states"
                )

    def begin(self, partition: int) -> None:
        """Let the period of a partition begin here."""
        for line in self._parts[partition].values():
            line.opening, line.debit, line.credit = line.closing, 0, 0

    def accounts(self) -> Iterator[Owned]:
        """Yield every account, partition after partition."""
        for partition in sorted(self._parts):
            lines = self._parts[partition]
            for code, owner, currency in sorted(lines):
                line = lines[code, owner, currency]
                yield Owned(partition, code, owner, currency, line)

    def by_code(self) -> dict[tuple[str, str], Line]:
        """Return (code, currency) with the sums over owners and partitions, in order of chart."""
        sums: defaultdict[tuple[str, str], Line] = defaultdict(Line)
        for each in self.accounts():
            sums[each.code, each.currency].merge(each.line)
        order = {code: number for number, code in enumerate(CHART)}
        return dict(sorted(sums.items(), key=lambda pair: (pair[0][1], order[pair[0][0]])))

    def proof(self) -> Proof:
        """Return that entries balance and every stated balance is the sum of its postings."""
        if self.findings:
            rest = f" (and {self.found - 1} more)" if self.found > 1 else ""
            return Proof(f"{self.findings[0]}{rest}", holds=False)
        return Proof(
            f"{self.entries:,} entries of {self.decisions:,} Decisions balance, and every balance "
            "stated by the writer is the sum of its postings",
            holds=True,
        )

    def _post(self, lines: dict[Account, Line], decision: Decision, entry: JournalEntry) -> None:
        sums: dict[str, int] = {}
        for posting in entry.postings:
            amount, currency = posting.amount, posting.currency
            key = (posting.account, posting.owner, currency)
            line = lines.get(key)
            if line is None:
                line = lines[key] = Line()
            if amount < 0:
                line.credit -= amount
            else:
                line.debit += amount
            sums[currency] = sums.get(currency, 0) + amount
        if any(sums.values()):
            self._find(decision, f"entry {entry.index} ({entry.flow}) does not balance")

    def _find(self, decision: Decision, what: str) -> None:
        self.found += 1
        if len(self.findings) < FINDINGS_KEPT:
            self.findings.append(f"partition {decision.partition} #{decision.sequence}: {what}")


def currencies_of(sums: dict[tuple[str, str], Line]) -> list[str]:
    """Return the currencies, in order."""
    return sorted({currency for _, currency in sums})
