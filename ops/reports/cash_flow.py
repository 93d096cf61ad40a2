"""Cash flow: what came into our bank accounts and left them, by what it was for (direct method).

Theory: an entry adds up to zero, so what it brings to the banks is what it takes from its other
accounts. Each of those is one line here, by its account, and their sum is exact: nothing is guessed
from the kind of the entry.

Owns: that report. Its proof: cash at the beginning + flows = cash at the end.
Never: counts a transfer between two of our own accounts as a flow.
"""

from __future__ import annotations

from collections import defaultdict
from typing import Final, final

from ledger.chart import CHART, Nature
from ops.reading import Placed
from ops.reports.books import Books, Line, currencies_of
from ops.reports.paper import Amount, Column, Kind, Proof, Row, Section, equal, or_nothing
from ops.reports.period import Lane, Lanes

CASH: Final = frozenset({"BANK.SAFE", "BANK.CORP", "BANK.PREFUND"})
OWN: Final = frozenset({Nature.REVENUE, Nature.EXPENSE})
Flow = tuple[str, str]  # the account on the other side, currency
FLOWS: Final = (
    Column("activity"),
    Column("account"),
    Column("currency"),
    Column("in", Kind.MONEY),
    Column("out", Kind.MONEY),
)
STOCK: Final = (
    Column("cash account"),
    Column("currency"),
    Column("at the beginning", Kind.MONEY),
    Column("at the end", Kind.MONEY),
)


@final
class CashFlow:
    """Flows of a period, each partition's for itself."""

    about: tuple[tuple[str, str], ...] = ()

    def __init__(self) -> None:
        self._flows: Final[defaultdict[int, defaultdict[Flow, Line]]] = defaultdict(
            lambda: defaultdict(Line)
        )

    def begin(self, partition: int) -> None:
        """Forget what was before."""
        self._flows.pop(partition, None)

    def add(self, placed: Placed, lane: Lane) -> None:
        """Take the entries that touch cash."""
        for entry in placed.decision.entries:
            if not any(each.account in CASH for each in entry.postings):
                continue
            for each in entry.postings:
                if each.account not in CASH:
                    line = self._flows[lane.partition][each.account, each.currency]
                    line.merge(Line(0, max(0, each.amount), max(0, -each.amount)))

    def made(self, books: Books, lanes: Lanes) -> tuple[tuple[Section, ...], tuple[Proof, ...]]:
        """Return flows by activity, and the accounts they went through."""
        del lanes
        flows: defaultdict[Flow, Line] = defaultdict(Line)
        for part in self._flows.values():
            for key, line in part.items():
                flows[key].merge(line)
        cash = {key: line for key, line in books.by_code().items() if key[0] in CASH}
        currencies = currencies_of(cash)
        proofs = [_proof(flows, cash, each) for each in currencies]
        sections = (
            Section("Flows", FLOWS, tuple(_flow(*each) for each in sorted(flows.items(), key=_by))),
            Section("Cash", STOCK, tuple(_stock(*each) for each in cash.items())),
        )
        return sections, or_nothing(proofs)


def activity(code: str) -> str:
    """Return what a flow with this account on its other side is for."""
    nature = CHART[code].nature
    if nature is Nature.EQUITY:
        return "financing"
    if code == "FX.POS":
        return "exchange of currencies"
    return "operating, our own" if nature in OWN else "operating, of customers"


def _by(pair: tuple[Flow, Line]) -> tuple[str, str, str]:
    (code, currency), _ = pair
    return activity(code), currency, code


def _proof(flows: dict[Flow, Line], cash: dict[tuple[str, str], Line], currency: str) -> Proof:
    before, after = (
        sum(getattr(line, name) for (_, unit), line in cash.items() if unit == currency)
        for name in ("opening", "closing")
    )
    # A credit on the other side is what came in.
    moved = -sum(line.moved for (_, unit), line in flows.items() if unit == currency)
    return equal("cash at the beginning + flows = cash at the end", before + moved, after, currency)


def _flow(key: Flow, line: Line) -> Row:
    code, currency = key
    return (
        activity(code),
        code,
        currency,
        Amount(line.credit, currency) if line.credit else None,
        Amount(line.debit, currency) if line.debit else None,
    )


def _stock(key: tuple[str, str], line: Line) -> Row:
    code, currency = key
    return (
        f"{code}: {CHART[code].purpose}",
        currency,
        Amount(line.opening, currency),
        Amount(line.closing, currency),
    )
