"""Clearing accounts: does each come back to zero, and who has to look when one does not?

Theory: money that passes through is matched first in, first out, so what is open today is the
newest that came; its oldest part says how long something waits. An account's quality is the share
of what is open that is not older than its term.

Owns: that report, the terms, and who answers for each account. Its proofs: nothing is overdue.
Never: says which transaction is open, or finds one that never comes while others flow: `subsidiary`
and the reconciliation, which match one by one, do.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import Final, NamedTuple, final

from ledger.chart import BILLER, IN_FLIGHT, RAIL_CHARGEBACK, RAIL_PAYABLE, RAIL_RECEIVABLE, SUSPENSE
from ops.reading import Placed
from ops.reports.books import Books
from ops.reports.paper import Amount, Column, Kind, Proof, Row, Section, or_nothing
from ops.reports.period import Lane, Lanes, date_of
from ops.reports.safeguarding import business_days

OPENING: Final = "EQ.OPEN"
WHOLE: Final = 100  # percent


class Term(NamedTuple):
    """How many business days something may stay, and who answers for what stays longer."""

    days: int
    who: str


TERMS: Final[Mapping[str, Term]] = MappingProxyType(
    {
        IN_FLIGHT: Term(0, "ledger operations"),
        RAIL_RECEIVABLE: Term(5, "treasury"),
        RAIL_PAYABLE: Term(3, "treasury"),
        RAIL_CHARGEBACK: Term(90, "disputes"),
        BILLER: Term(5, "treasury"),
        SUSPENSE: Term(30, "reconciliation"),
        OPENING: Term(0, "finance"),
    }
)
# One account in many partitions, of which only the whole means something.
AS_ONE: Final = frozenset({IN_FLIGHT, OPENING})
ACCOUNTS: Final = (
    Column("account"),
    Column("currency"),
    Column("answers"),
    Column("open", Kind.MONEY),
    Column("oldest"),
    Column("business days", Kind.COUNT),
    Column("term", Kind.COUNT),
    Column("overdue", Kind.MONEY),
    Column("quality %", Kind.COUNT),
)
BY_WHOM: Final = (
    Column("answers"),
    Column("accounts", Kind.COUNT),
    Column("open", Kind.COUNT),
    Column("overdue", Kind.COUNT),
    Column("lowest quality %", Kind.COUNT),
)
Key = tuple[str, str, str]  # code, owner, currency


class Standing(NamedTuple):
    """One account at the end; amounts are minor units, debit positive."""

    key: Key
    open: int
    overdue: int
    oldest: int  # day of the calendar; 0 when nothing is open
    age: int  # business days
    term: Term

    @property
    def quality(self) -> int:
        """Percent of what is open that is within its term, rounded down; 100 when nothing is."""
        if self.open == 0:
            return WHOLE
        return WHOLE * abs(self.open - self.overdue) // abs(self.open)


@final
class Clearing:
    """What came to clearing accounts and left them, by day, over all partitions."""

    about: tuple[tuple[str, str], ...] = ()

    def __init__(self) -> None:
        # Debits and credits of a day.
        self._days: Final[defaultdict[Key, dict[int, tuple[int, int]]]] = defaultdict(dict)

    def begin(self, partition: int) -> None:
        """Forget nothing: what is open came before."""

    def add(self, placed: Placed, lane: Lane) -> None:
        """Note what a Decision moved on clearing accounts."""
        for entry in placed.decision.entries:
            for each in entry.postings:
                if each.account in TERMS:
                    owner = "" if each.account in AS_ONE else each.owner
                    days = self._days[each.account, owner, each.currency]
                    day = lane.calendar.day(placed.decision.decided_at)
                    debit, credit = days.get(day, (0, 0))
                    days[day] = (debit + max(0, each.amount), credit + max(0, -each.amount))

    def made(self, books: Books, lanes: Lanes) -> tuple[tuple[Section, ...], tuple[Proof, ...]]:
        """Return every account that was ever used, worst first, and who answers."""
        del books
        stands = (lane.calendar.day(lane.stand.decided_at) for lane in lanes.by_partition.values())
        today = max(stands, default=0)
        found = [standing(key, days, today) for key, days in self._days.items()]
        found.sort(key=lambda each: (each.quality, each.key))
        sections = (
            Section("Accounts that return to zero", ACCOUNTS, tuple(map(_row, found))),
            Section("Who answers", BY_WHOM, tuple(_by_whom(found))),
        )
        return sections, or_nothing([_proof(each) for each in found])


def standing(key: Key, days: Mapping[int, tuple[int, int]], today: int) -> Standing:
    """Return how an account stands on a day, by what it was debited and credited on each."""
    term = TERMS[key[0]]
    minor = sum(debit - credit for debit, credit in days.values())
    oldest, overdue = 0, 0
    for day, part in _open_parts(minor, days):
        oldest = day
        if business_days(day, today) > term.days:
            overdue += part
    age = business_days(oldest, today) if minor else 0
    return Standing(key, minor, overdue, oldest, age, term)


def _open_parts(minor: int, days: Mapping[int, tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """Yield day and amount of what is open, the newest first."""
    side, sign = (0, 1) if minor > 0 else (1, -1)
    left = abs(minor)
    for day in sorted(days, reverse=True):
        part = min(left, days[day][side])
        if part:
            yield day, sign * part
        left -= part


def _row(each: Standing) -> Row:
    currency = each.key[2]
    return (
        _named(each.key),
        currency,
        each.term.who,
        Amount(each.open, currency),
        date_of(each.oldest).isoformat() if each.open else None,
        each.age,
        each.term.days,
        Amount(each.overdue, currency),
        each.quality,
    )


def _by_whom(found: list[Standing]) -> Iterator[Row]:
    for who in sorted({each.term.who for each in found}):
        own = [each for each in found if each.term.who == who]
        still = sum(each.open != 0 for each in own)
        late = sum(each.overdue != 0 for each in own)
        yield who, len(own), still, late, min(each.quality for each in own)


def _proof(each: Standing) -> Proof:
    name, currency = _named(each.key), each.key[2]
    if each.overdue == 0:
        text = f"{name} {currency}: first in, first out, nothing older than {each.term.days} days"
        return Proof(text, holds=True)
    late = Amount(each.overdue, currency).shown()
    text = (
        f"{name} {currency}: {late} is older than {each.term.days} business days, "
        f"the oldest of {date_of(each.oldest).isoformat()}: {each.term.who}"
    )
    return Proof(text, holds=False)


def _named(key: Key) -> str:
    code, owner, _ = key
    return f"{code}:{owner}" if owner else code
