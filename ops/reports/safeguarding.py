"""Safeguarding: is what customers have covered by money that is kept apart (RI13)?

Owns: that report. The requirement is built bottom-up, from every customer's every balance; nobody's
debt makes another's claim smaller. Proofs: the customers together are the control accounts, and no
currency has a shortfall.
Never: books; a shortfall is funded by the treasury the same day (BANK.SAFE from BANK.CORP).

A bank debit that has not cleared stands on neither side: W.PIN of its flows against RAIL.RCV. Money
of cards may wait for the acquirer five business days; what is older covers nothing.
"""

from __future__ import annotations

from collections import defaultdict
from typing import Final, final

from ledger.chart import CHART, NEVER_DEBIT, PENDING_IN, RAIL_RECEIVABLE
from ops.reading import Placed
from ops.reports.books import Books
from ops.reports.paper import Amount, Column, Kind, Proof, Row, Section, equal, or_nothing
from ops.reports.period import Lane, Lanes, date_of
from schemas.currencies import POINTS
from streams.reconciliation.external.matching import rail_days
from streams.reconciliation.rounds import ri13_safeguarding
from streams.reconciliation.rounds.ri13_safeguarding import Cover

UNCLEARED: Final = frozenset({"F2.1", "F2.2", "F2.3", "F2b.2"})
OTHERS: Final = ("BILLER", "SUSP", "UNCLAIMED", "RAIL.PAY")  # held for somebody, not in a wallet
CARD: Final = "card"
CARD_DAYS: Final = 5
COLUMNS: Final = (
    Column("requirement"),
    Column("currency"),
    Column("balances", Kind.COUNT),
    Column("amount", Kind.MONEY),
)
RESOURCE: Final = (
    Column("currency"),
    Column("requirement", Kind.MONEY),
    Column("safeguarding accounts", Kind.MONEY),
    Column("cards, in time", Kind.MONEY),
    Column("cards, too old", Kind.MONEY),
    Column("surplus", Kind.MONEY),
    Column("shortfall", Kind.MONEY),
)
Owed = dict[tuple[str, str], list[int]]  # (what, currency) -> how many, how much


@final
class Safeguarding:
    """Requirement and resource at the end of the period."""

    about: tuple[tuple[str, str], ...] = ()

    def __init__(self) -> None:
        self.covers: tuple[Cover, ...] = ()  # of each currency, once it is made
        self._uncleared: Final[defaultdict[str, int]] = defaultdict(int)
        self._collected: Final[defaultdict[tuple[str, int], int]] = defaultdict(int)
        self._received: Final[defaultdict[str, int]] = defaultdict(int)

    def begin(self, partition: int) -> None:
        """Forget nothing: it says what is, not what moved."""

    def add(self, placed: Placed, lane: Lane) -> None:
        """Note uncleared bank debits, and on which day cards were collected."""
        for entry in placed.decision.entries:
            for each in entry.postings:
                if each.account == RAIL_RECEIVABLE and each.owner == CARD:
                    if each.amount < 0:
                        self._received[each.currency] -= each.amount
                    else:
                        day = lane.calendar.day(placed.decision.decided_at)
                        self._collected[each.currency, day] += each.amount
                elif each.account == PENDING_IN and entry.flow in UNCLEARED:
                    self._uncleared[each.currency] -= each.amount

    def made(self, books: Books, lanes: Lanes) -> tuple[tuple[Section, ...], tuple[Proof, ...]]:
        """Return requirement, resource and shortfall for each currency."""
        owed, proofs = _bottom_up(books)
        for currency, minor in sorted(self._uncleared.items()):
            owed["bank debits not cleared", currency] = [0, -minor]
        today = max(
            (lane.calendar.day(lane.stand.decided_at) for lane in lanes.by_partition.values()),
            default=0,
        )
        rows = tuple(
            (what, currency, count, Amount(minor, currency))
            for (what, currency), (count, minor) in owed.items()
            if minor
        )
        self.covers = tuple(self._cover(books, owed, each, today) for each in _currencies(owed))
        resources = [_resource(each) for each in self.covers]
        sections = (
            Section("What customers have", COLUMNS, rows),
            Section("What covers it", RESOURCE, tuple(row for row, _ in resources)),
        )
        return sections, or_nothing([*proofs, *(proof for _, proof in resources)])

    def _cover(self, books: Books, owed: Owed, currency: str, today: int) -> Cover:
        requirement = sum(minor for (_, unit), (_, minor) in owed.items() if unit == currency)
        safe = sum(
            each.line.closing
            for each in books.accounts()
            if each.code == ri13_safeguarding.ACCOUNT and each.currency == currency
        )
        return Cover(currency, requirement, safe, *self._awaited(currency, today))

    def _awaited(self, currency: str, today: int) -> tuple[int, int]:
        """Return what cards still owe us, in time and too old: what came in paid the oldest."""
        left = self._received[currency]
        in_time = too_old = 0
        for (unit, day), collected in sorted(self._collected.items()):
            if unit != currency:
                continue
            paid = min(left, collected)
            left -= paid
            if business_days(day, today) <= CARD_DAYS:
                in_time += collected - paid
            else:
                too_old += collected - paid
        return in_time, too_old


def _resource(cover: Cover) -> tuple[Row, Proof]:
    """Return the row of a currency, and the proof that it is covered."""
    missing, currency = cover.missing, cover.currency
    figures = (*cover[1:], max(0, -missing), max(0, missing))
    row: Row = (currency, *(Amount(each, currency) for each in figures))
    if missing <= 0:
        surplus = Amount(-missing, currency).shown()
        return row, Proof(f"{currency} is covered, with a surplus of {surplus}", holds=True)
    short = Amount(missing, currency).shown()
    return row, Proof(f"{currency} has a shortfall of {short}: fund it today", holds=False)


def business_days(first: int, last: int) -> int:
    """Return how many days from Monday to Friday lie after `first`, up to `last`."""
    return rail_days.business_days(date_of(first), date_of(last), frozenset())


def _bottom_up(books: Books) -> tuple[Owed, list[Proof]]:
    """Return what is owed by account class, balance by balance, and that nothing is missing."""
    found: defaultdict[tuple[str, str], list[int]] = defaultdict(lambda: [0, 0])
    between: defaultdict[str, int] = defaultdict(int)
    customers: defaultdict[str, int] = defaultdict(int)
    for each in books.accounts():
        if each.currency == POINTS:
            continue
        minor = -each.line.closing
        if each.code == "IB":
            between[each.currency] += minor
        elif minor > 0 and (each.code in NEVER_DEBIT or each.code in OTHERS):
            row = found[f"{each.code}: {CHART[each.code].purpose}", each.currency]
            row[0] += 1
            row[1] += minor
            customers[each.currency] += minor if each.code in NEVER_DEBIT else 0
    for currency, minor in between.items():
        found["on the way between partitions", currency] = [0, minor]
    control: defaultdict[str, int] = defaultdict(int)
    for (code, currency), line in books.by_code().items():
        if code in NEVER_DEBIT and currency != POINTS:
            control[currency] -= line.closing
    what = "customers one by one = control accounts"
    proofs = [equal(what, customers[each], control[each], each) for each in sorted(control)]
    return dict(sorted(found.items(), key=lambda pair: (pair[0][1], pair[0][0]))), proofs


def _currencies(owed: Owed) -> list[str]:
    return sorted({currency for _, currency in owed})
