"""Facts: the log of one partition in, what can be said of it out.

Owns: the order in which a Decision is folded and judged, and the checkpoint of a cut.
Never: compares two partitions.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, final

from ledger.chart import IN_FLIGHT, RESERVED
from ledger.view import AccountKey
from schemas.messages.decisions import Decision
from schemas.messages.events import CutTaken
from schemas.messages.recon import Checkpoint, CurrencySum, OpenItem, PairVector
from schemas.messages.vocabulary import ReconCheck
from streams.reconciliation.internal.accounts import Accounts
from streams.reconciliation.internal.checks import (
    ri01_entries,
    ri02_balances,
    ri04_postings,
    ri07_holds,
)
from streams.reconciliation.internal.facts_tables import Books, Waiting
from streams.reconciliation.internal.holds import Holds
from streams.reconciliation.internal.legs import Legs
from streams.reconciliation.internal.reader import Reader
from streams.reconciliation.internal.speaker import Speaker
from streams.reconciliation.internal.sums import wrapped
from streams.runtime.job import InputRecord, Output


@final
class FactsSteps:
    """Satisfies `streams.runtime.changelog.Steps`."""

    def __init__(self, books: Books, place: tuple[int, int], late_us: int) -> None:
        self._books: Final = books
        self._place: Final = place  # the partition, of how many
        self._reader: Final = Reader(books)
        self._accounts: Final = Accounts(books)
        self._legs: Final = Legs(books, self._accounts, late_us)
        self._holds: Final = Holds(books)

    def step(self, record: InputRecord) -> Sequence[Output]:
        """Follow the log by one record."""
        assert record.value is not None, "the log has no record without a value"
        taken = self._reader.take(record.offset, record.value)
        outputs: list[Output] = []
        if taken.wrong is not None:
            speaker = Speaker(self._books, self._place, taken.at, taken.sequence)
            speaker.found(ReconCheck.RI03, f"sequence {taken.sequence}", taken.wrong)
            outputs += speaker.outputs
        for each in taken.decisions:
            outputs += self._follow(each)
        return outputs

    def fire(self, until: int) -> Sequence[Output] | None:
        """Say what became due: a late CREDIT, or how a pair that is still adds up."""
        found = self._legs.fire(until)
        if found is None:
            return None
        due, peer, pair_seq = found
        speaker = Speaker(self._books, self._place, due)
        self._legs.due(peer, pair_seq, speaker)
        return speaker.outputs

    def _follow(self, taken: Waiting) -> list[Output]:
        decision = taken.decision
        if not decision.events and not decision.entries and not decision.balances:
            return []
        speaker = Speaker(self._books, self._place, decision.decided_at, decision.sequence)
        moved = self._accounts.take(decision.balances)
        self._judge(decision, moved, speaker)
        peers = self._legs.take(decision, speaker)
        between = [(owner, currency) for account, owner, currency in moved if account == IN_FLIGHT]
        if peers or between:
            self._legs.compare(peers, between, speaker)
        self._compare_holds(decision, moved, speaker)
        for event in decision.events:
            if isinstance(event, CutTaken):
                speaker.say(self._checkpoint(event, taken))
        return speaker.outputs

    def _judge(self, decision: Decision, moved: dict[AccountKey, int], speaker: Speaker) -> None:
        """The checks of a Decision alone: the first that fails names the break."""
        wrong = ri01_entries.failed(decision.entries)
        code = ReconCheck.RI01
        if wrong is None:
            wrong = ri04_postings.failed(decision.events, decision.entries)
            code = ReconCheck.RI04
        if wrong is None:
            wrong = ri02_balances.failed(decision.entries, moved)
            code = ReconCheck.RI02
        if wrong is not None:
            speaker.found(code, f"sequence {decision.sequence}", wrong)

    def _compare_holds(
        self, decision: Decision, moved: dict[AccountKey, int], speaker: Speaker
    ) -> None:
        """RI07, of wallets whose holds or reserved money moved."""
        touched = {(owner, currency) for account, owner, currency in moved if account == RESERVED}
        for event in decision.events:
            about = self._holds.take(event)
            if about is not None:
                touched.add(about)
        for wallet_id, currency in sorted(touched):
            reserved = self._accounts.balance((RESERVED, wallet_id, currency))
            wrong = ri07_holds.failed(self._holds.of(wallet_id), currency, reserved)
            speaker.stands(ReconCheck.RI07, f"{wallet_id} {currency}", wrong)

    def _checkpoint(self, event: CutTaken, taken: Waiting) -> Checkpoint:
        partition = self._place[0]
        pairs = self._legs.vectors(partition)
        items: tuple[OpenItem, ...] = self._legs.open_items()
        return Checkpoint(
            event.k,
            event.label,
            taken.offset,
            taken.decision.sequence,
            taken.chain,
            self._accounts.sums(),
            pairs,
            self._legs.open_count(),
            _open_sums(pairs),
            items,
        )


def _open_sums(pairs: Sequence[PairVector]) -> tuple[CurrencySum, ...]:
    """Add up what has no final answer: sent, neither settled nor taken back."""
    sums: dict[str, int] = {}
    for pair in pairs:
        for each in pair.flows:
            still = each.sent - each.settled - each.compensated
            sums[each.currency] = sums.get(each.currency, 0) + still
    return tuple(
        [CurrencySum(currency, wrapped(total)) for currency, total in sorted(sums.items())]
    )
