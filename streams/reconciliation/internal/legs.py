"""Legs: what this partition exchanges with every other one.

Owns: the rows of pairs and of CREDITs without an answer, points, and when they are late (RI05 of
one end, RI06).
Never: compares both ends; `match` does.

A point says how a direction adds up to a number: at every `POINT_EVERY`th leg, so that both ends
say it of the same ones, and once a pair was still for `STILL_US`, so that a pair with little
traffic is compared within seconds too.
"""

from __future__ import annotations

from collections.abc import Iterable
from hashlib import sha256
from typing import Final, final

from ledger.chart import IN_FLIGHT
from schemas.codec import decode, encode
from schemas.messages.decisions import Decision, Event, InputSource
from schemas.messages.events import LegReceived, LegSent, TransferCompensated, TransferSettled
from schemas.messages.legs import Leg
from schemas.messages.recon import CurrencySum, OpenItem, OpenRow, OpenTotalRow, PairVector
from schemas.messages.vocabulary import InboxState, InputTopic, LegKind, ReconCheck
from streams.reconciliation.internal.accounts import Accounts
from streams.reconciliation.internal.checks import ri05_pairs as ri05
from streams.reconciliation.internal.checks import ri06_in_flight as ri06
from streams.reconciliation.internal.facts_tables import ONE, Books
from streams.reconciliation.internal.pair import Pair
from streams.reconciliation.internal.speaker import Speaker

POINT_EVERY: Final = 1_000
STILL_US: Final = 2_000_000
LEG_DIGEST_BYTES: Final = 16
PEERS_MAX: Final = 4_096
ITEMS_MAX: Final = 100  # of the CREDITs that are open at a cut so many are named; all are counted
TAKEN: Final = {InboxState.CREDITED: True, InboxState.REFUSED: False}


@final
class Legs:
    """The pairs of one partition."""

    def __init__(self, books: Books, accounts: Accounts, late_us: int) -> None:
        self._books: Final = books
        self._accounts: Final = accounts
        self._late_us: Final = late_us

    def take(self, decision: Decision, speaker: Speaker) -> set[int]:
        """Fold the legs of a Decision; return the peers that it is about."""
        pairs: dict[int, Pair] = {}
        wrong: list[str] = []
        for event in decision.events:
            found = self._event(decision, event, pairs, speaker)
            if found is not None:
                wrong.append(found)
        if wrong:
            speaker.found(ReconCheck.RI05, _named(speaker.partition, pairs), "; ".join(wrong))
        for pair in pairs.values():
            self._still_later(pair, speaker.at)
            self._books.pairs.put(pair.peer, pair.row())
        return set(pairs)

    def compare(
        self, peers: Iterable[int], keys: Iterable[tuple[str, str]], speaker: Speaker
    ) -> None:
        """Hold IB accounts that moved, and those of peers, against what the legs say."""
        touched = {*keys}
        for peer in peers:
            touched |= {(str(peer), each) for each in self._pair(peer, {}, speaker).money}
        for owner, currency in sorted(touched):
            pair = Pair(speaker.partition, int(owner), self._books.pairs.get(int(owner)))
            balance = self._accounts.balance((IN_FLIGHT, owner, currency))
            flow = pair.of(currency).flow(currency)
            subject = f"{IN_FLIGHT}:{owner} {currency}"
            speaker.stands(ReconCheck.RI05, subject, ri05.off_balance(owner, balance, flow))

    def fire(self, until: int) -> tuple[int, int, int] | None:
        """Take the first thing that is due: its time, peer and number."""
        first = self._books.dues.first(1)
        if not first or first[0][0][0] > until:
            return None
        key = first[0][0]
        self._books.dues.delete(key)
        return key

    def due(self, peer: int, pair_seq: int, speaker: Speaker) -> None:
        """Say that a CREDIT is late, or how a pair that is still adds up."""
        if pair_seq == 0:
            self._still(peer, speaker)
            return
        row = self._books.open.get((peer, pair_seq))
        if row is None:
            return
        wrong = ri06.late(row, speaker.at)
        if wrong is not None:
            self._books.open.put((peer, pair_seq), _open(row, 0))
            speaker.stands(ReconCheck.RI06, _leg(peer, pair_seq), wrong)

    def vectors(self, partition: int) -> tuple[PairVector, ...]:
        """Return where the partition stands with every peer."""
        found = []
        for peer, row in self._books.pairs.first(PEERS_MAX):
            pair = Pair(partition, peer, row)
            balances = [
                CurrencySum(each, self._accounts.balance((IN_FLIGHT, str(peer), each)))
                for each in sorted(pair.money)
            ]
            found.append(pair.vector(tuple(balances)))
        return tuple(found)

    def open_count(self) -> int:
        """Return how many CREDITs have no final answer."""
        row = self._books.open_total.get(ONE)
        return 0 if row is None else row.count

    def open_items(self) -> tuple[OpenItem, ...]:
        """Return the first of them."""
        rows = self._books.open.first(ITEMS_MAX)
        return tuple(
            [
                OpenItem(*key, row.wallet_id, row.transfer_id, row.currency, row.amount, row.since)
                for key, row in rows
            ]
        )

    def _event(
        self, decision: Decision, event: Event, pairs: dict[int, Pair], speaker: Speaker
    ) -> str | None:
        if isinstance(event, LegSent):
            return self._sent(
                event.leg, self._pair(event.leg.dst_partition, pairs, speaker), speaker
            )
        if isinstance(event, LegReceived):
            pair = self._pair(event.src_partition, pairs, speaker)
            return self._received(decision, event, pair, speaker)
        if isinstance(event, (TransferSettled, TransferCompensated)):
            pair = self._pair(event.to_partition, pairs, speaker)
            return self._ended(decision, event, pair, speaker)
        return None

    def _pair(self, peer: int, pairs: dict[int, Pair], speaker: Speaker) -> Pair:
        if peer not in pairs:
            pairs[peer] = Pair(speaker.partition, peer, self._books.pairs.get(peer))
        return pairs[peer]

    def _sent(self, leg: Leg, pair: Pair, speaker: Speaker) -> str | None:
        wrong = ri05.misnumbered("sent", pair.sent_seq, leg.pair_seq)
        pair.sent(leg.pair_seq, sha256(encode(leg)).digest()[:LEG_DIGEST_BYTES])
        if leg.kind is LegKind.CREDIT:
            pair.of(leg.currency).sent += leg.amount
            self._opened(leg, pair, speaker)
        if leg.pair_seq % POINT_EVERY == 0:
            speaker.say(pair.sent_point())
        return wrong

    def _opened(self, leg: Leg, pair: Pair, speaker: Speaker) -> None:
        due = speaker.at + self._late_us
        row = OpenRow(
            leg.from_wallet_id, leg.transfer_id, leg.currency, leg.amount, speaker.at, due
        )
        key = pair.peer, leg.pair_seq
        if self._books.open.get(key) is None:
            self._count(1)
        self._books.open.put(key, row)
        self._books.dues.put((due, *key), b"")

    def _received(
        self, decision: Decision, event: LegReceived, pair: Pair, speaker: Speaker
    ) -> str | None:
        if event.state is InboxState.PARKED and event.pair_seq <= pair.received_seq:
            return None  # a repeat of what was forgotten long ago; nothing is done with it
        wrong = ri05.misnumbered("taken", pair.received_seq, event.pair_seq)
        pair.received(event.pair_seq, sha256(decision.input).digest()[:LEG_DIGEST_BYTES])
        if event.state in TAKEN:
            leg = decode(Leg, decision.input)
            money = pair.of(leg.currency)
            if TAKEN[event.state]:
                money.accepted += leg.amount
            else:
                money.refused += leg.amount
        if event.pair_seq % POINT_EVERY == 0:
            speaker.say(pair.received_point())
        return wrong

    def _ended(
        self,
        decision: Decision,
        event: TransferSettled | TransferCompensated,
        pair: Pair,
        speaker: Speaker,
    ) -> str | None:
        key = pair.peer, event.credit_seq
        row = self._books.open.get(key)
        if row is None:
            return f"CREDIT {event.credit_seq} was ended, but is not open"
        money = pair.of(row.currency)
        if isinstance(event, TransferSettled):
            money.settled += row.amount
        else:
            money.compensated += event.amount
        self._books.open.delete(key)
        self._count(-1)
        if row.due != 0:
            self._books.dues.delete((row.due, *key))
        speaker.stands(ReconCheck.RI06, _leg(*key), None)
        return ri05.unanswered(event, _answer(decision))

    def _count(self, more: int) -> None:
        self._books.open_total.put(ONE, OpenTotalRow(self.open_count() + more))

    def _still_later(self, pair: Pair, at: int) -> None:
        """Look again once nothing has happened for a while."""
        pair.active_at = at
        if pair.due == 0:
            pair.due = at + STILL_US
            self._books.dues.put((pair.due, pair.peer, 0), b"")

    def _still(self, peer: int, speaker: Speaker) -> None:
        pair = self._pair(peer, {}, speaker)
        pair.due = 0
        if pair.active_at + STILL_US > speaker.at:
            pair.due = pair.active_at + STILL_US
            self._books.dues.put((pair.due, peer, 0), b"")
        else:
            if pair.sent_said != pair.sent_seq:
                speaker.say(pair.sent_point())
            if pair.received_said != pair.received_seq:
                speaker.say(pair.received_point())
        self._books.pairs.put(peer, pair.row())


def _answer(decision: Decision) -> Leg | None:
    """Return the leg that a Decision answers, if it answers one."""
    source = decision.source
    if not isinstance(source, InputSource) or source.topic is not InputTopic.LEGS:
        return None
    return decode(Leg, decision.input)


def _open(row: OpenRow, due: int) -> OpenRow:
    return OpenRow(row.wallet_id, row.transfer_id, row.currency, row.amount, row.since, due)


def _leg(peer: int, pair_seq: int) -> str:
    return f"leg {pair_seq} to {peer}"


def _named(partition: int, pairs: Iterable[int]) -> str:
    return ", ".join(f"pair {partition}-{peer}" for peer in pairs)
