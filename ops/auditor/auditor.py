"""The auditor's front: sealed Decisions in, differences out.

Owns: which model an input goes to, and the comparison of a prediction with its Decision.
Never: takes a number from a Decision that it could work out: source coordinates and the order of
inputs are all it believes.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, final

from ops.auditor import families, life
from ops.auditor.answer import ACCEPTED, AccountKey, Answer, Broken
from ops.auditor.books import Books
from ops.auditor.commands import command
from ops.auditor.compare import compare
from ops.auditor.difference import Difference
from ops.auditor.documents import activate
from ops.auditor.legs import ask_again, receive
from ops.auditor.reviews import reject_review
from ops.auditor.spending import release
from schemas.codec import CodecError, decode
from schemas.messages.commands import WalletCommand
from schemas.messages.control import Control
from schemas.messages.decisions import Decision, InputSource, TimerSource
from schemas.messages.legs import Leg
from schemas.messages.policy import Policy, Ruleset
from schemas.messages.vocabulary import InputTopic, LegKind, Outcome, RejectionReason, TimerKind

VALUE_MAX: Final = 65_536
ID_MAX: Final = 256  # characters that a Decision keeps of an id
GONE: Final = frozenset({RejectionReason.UNREADABLE, RejectionReason.TOO_LARGE})


@dataclass(frozen=True, slots=True)
class Given:
    """An input record as the broker keeps it; `append_time` in microseconds."""

    append_time: int
    key: bytes | None
    value: bytes | None


@final
class Auditor:
    """Predicts every Decision of a ledger; each partition's in order, partitions in any order."""

    def __init__(
        self, partition_of: Callable[[str], int], policy: Policy, ruleset: Ruleset
    ) -> None:
        self._partition_of: Final = partition_of
        self._genesis: Final = (policy, ruleset)
        self._books: Final[dict[int, Books]] = {}
        self._stopped: Final[set[int]] = set()

    def take(self, decision: Decision, given: Given | None = None) -> list[Difference]:
        """Predict the next Decision of its partition and compare.

        `given` is the record at the Decision's source; without it (retention, a timer) the copy
        inside the Decision must do. A partition that should have halted is not followed further.
        """
        if decision.partition in self._stopped:
            return []
        books = self.books(decision.partition)
        try:
            answer = self._predict(books, decision, given)
        except Broken as broken:
            self._stopped.add(decision.partition)
            return [_difference(decision, "halt", broken, "a Decision")]
        books.end()
        return list(compare(books, decision, answer))

    def books(self, partition: int) -> Books:
        """Return what the auditor knows of a partition."""
        if partition not in self._books:
            self._books[partition] = Books(partition, self._partition_of, *self._genesis)
        return self._books[partition]

    def balances(self, partition: int) -> dict[AccountKey, int]:
        """Return the predicted balances of a partition, debit positive."""
        return {key: minor for key, minor in self.books(partition).balances.items() if minor}

    def forget(self, partition: int) -> None:
        """Drop a partition's books: it was read to its end."""
        self._books.pop(partition, None)

    def _predict(self, books: Books, decision: Decision, given: Given | None) -> Answer:
        source = decision.source
        if isinstance(source, TimerSource):
            books.begin(max(books.at, source.due))
            books.rulesets.choose(source.wallet_id)
            return _timer(books, source)
        record = given or Given(source.append_time, source.key, decision.input)
        books.begin(max(books.at, record.append_time))
        if books.timers and books.timers[0][0] <= books.at:
            raise Broken(f"the timer {books.timers[0]} comes before this input")
        if given is None and decision.reason in GONE:
            return Answer(Outcome.REJECTED, decision.reason)  # the bytes are not there to judge
        return _input(books, source, record)


def _timer(books: Books, source: TimerSource) -> Answer:
    expected = books.timers[0] if books.timers else None
    found = (source.due, source.kind.index, source.wallet_id, source.timer_id)
    if found != expected:
        raise Broken(f"the first timer is {expected}, not {found}")
    key = (source.wallet_id, source.timer_id)
    if source.kind is TimerKind.HOLD_EXPIRY:
        release(books, key)
    elif source.kind is TimerKind.REVIEW_EXPIRY:
        reject_review(books, key)
    elif source.kind is TimerKind.TRANSACTION_DUE:
        families.due(books, key)
    elif source.kind is TimerKind.FREEZE_EXPIRY:
        life.freeze_ends(books, source.wallet_id)
    elif source.kind is TimerKind.DORMANCY:
        life.look(books, source.wallet_id)
    else:
        ask_again(books, key)
    return ACCEPTED


def _input(books: Books, source: InputSource, record: Given) -> Answer:
    value, key = record.value, record.key or b""
    if value is None:
        return Answer(Outcome.REJECTED, RejectionReason.UNREADABLE)
    if len(value) > VALUE_MAX:
        return Answer(Outcome.REJECTED, RejectionReason.TOO_LARGE)
    try:
        if source.topic is InputTopic.LEGS:
            leg = decode(Leg, value)
            answers = leg.kind in (LegKind.ACK, LegKind.NACK)
            books.rulesets.choose(leg.from_wallet_id if answers else leg.to_wallet_id)
            return receive(books, leg, value)
        if source.topic is InputTopic.CONTROL:
            return activate(books, key, decode(Control, value))
        asked = decode(WalletCommand, value)
        books.rulesets.choose(asked.wallet_id[:ID_MAX])
        return command(books, key, asked)
    except CodecError as error:
        if source.topic is InputTopic.LEGS:
            raise Broken("only the ledger writes legs, and this one is unreadable") from error
        return Answer(Outcome.REJECTED, RejectionReason.UNREADABLE)


def _difference(decision: Decision, what: str, expected: object, found: object) -> Difference:
    return Difference(
        decision.partition, decision.sequence, decision.wallet_id, what, expected, found
    )
