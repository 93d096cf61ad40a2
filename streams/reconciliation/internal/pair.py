"""Pair: the legs between a partition and one peer, while a Decision is folded.

Owns: numbers, running digests and sums both ways; the points of either direction.
Never: a table.
"""

from __future__ import annotations

from hashlib import sha256
from typing import Final, final

from schemas.messages.recon import CurrencySum, PairFlow, PairPoint, PairRow, PairVector
from streams.reconciliation.internal.sums import wrapped

EMPTY_DIGEST: Final = bytes(32)
NO_PAIR: Final = PairRow(0, EMPTY_DIGEST, 0, EMPTY_DIGEST, (), 0, 0, 0, 0)


@final
class Money:
    """What travelled in one currency since the beginning."""

    __slots__ = ("accepted", "compensated", "refused", "sent", "settled")

    def __init__(self) -> None:
        self.sent = self.compensated = self.settled = self.accepted = self.refused = 0

    def flow(self, currency: str) -> PairFlow:
        """Return it as a message."""
        return PairFlow(
            currency,
            wrapped(self.sent),
            wrapped(self.compensated),
            wrapped(self.settled),
            wrapped(self.accepted),
            wrapped(self.refused),
        )


@final
class Pair:
    """One peer; loaded from its row and written back once."""

    def __init__(self, here: int, peer: int, row: PairRow | None) -> None:
        row = row or NO_PAIR
        self._here: Final = here
        self.peer: Final = peer
        self.sent_seq, self._sent_digest = row.sent_seq, row.sent_digest
        self.received_seq, self._received_digest = row.received_seq, row.received_digest
        self.active_at, self.due = row.active_at, row.due
        self.sent_said, self.received_said = row.sent_said, row.received_said
        self.money: Final[dict[str, Money]] = {}
        for each in row.flows:
            money = self.of(each.currency)
            money.sent, money.compensated, money.settled = (
                each.sent,
                each.compensated,
                each.settled,
            )
            money.accepted, money.refused = each.accepted, each.refused

    def of(self, currency: str) -> Money:
        """Return the money of a currency, to be changed."""
        return self.money.setdefault(currency, Money())

    def sent(self, pair_seq: int, digest: bytes) -> None:
        """Count a leg that goes out."""
        self.sent_seq = max(self.sent_seq, pair_seq)
        self._sent_digest = sha256(self._sent_digest + digest).digest()

    def received(self, pair_seq: int, digest: bytes) -> None:
        """Count a leg that came."""
        self.received_seq = max(self.received_seq, pair_seq)
        self._received_digest = sha256(self._received_digest + digest).digest()

    def sent_point(self) -> PairPoint:
        """Return how the legs to the peer add up to the last one."""
        self.sent_said = self.sent_seq
        sums = [CurrencySum(currency, wrapped(each.sent)) for currency, each in self._sorted()]
        return PairPoint(
            self._here,
            self.peer,
            True,  # noqa: FBT003 - positional like the schema
            self.sent_seq,
            self._sent_digest,
            tuple(sums),
        )

    def received_point(self) -> PairPoint:
        """Return how the legs of the peer add up to the last one."""
        self.received_said = self.received_seq
        sums = [
            CurrencySum(currency, wrapped(each.accepted + each.refused))
            for currency, each in self._sorted()
        ]
        return PairPoint(
            self.peer,
            self._here,
            False,  # noqa: FBT003 - positional like the schema
            self.received_seq,
            self._received_digest,
            tuple(sums),
        )

    def row(self) -> PairRow:
        """Return the row that keeps it."""
        return PairRow(
            self.sent_seq,
            self._sent_digest,
            self.received_seq,
            self._received_digest,
            self._flows(),
            self.active_at,
            self.due,
            self.sent_said,
            self.received_said,
        )

    def vector(self, balances: tuple[CurrencySum, ...]) -> PairVector:
        """Return where the pair stands at a cut."""
        return PairVector(self.peer, self.sent_seq, self.received_seq, self._flows(), balances)

    def _flows(self) -> tuple[PairFlow, ...]:
        return tuple([each.flow(currency) for currency, each in self._sorted()])

    def _sorted(self) -> list[tuple[str, Money]]:
        return sorted(self.money.items())
