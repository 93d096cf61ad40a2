"""Totals: the running sums of a log, from its sealed Decisions alone.

Owns: outcomes by reason, trial balances, money in flight, open movements, covered inputs.
Never: reads a topic or a store; never trusts `balances[]`: it adds postings up itself and compares.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from typing import Final, final

from ledger.facts import said_of
from ledger.results import COMMAND_TOPICS
from schemas.messages.decisions import Decision, InputSource
from schemas.messages.events import (
    ReviewOpened,
    ReviewResolved,
    TransferCompensated,
    TransferDebited,
    TransferSettled,
)
from schemas.messages.journal import BalanceAfter, JournalEntry
from schemas.messages.vocabulary import InputTopic

AccountKey = tuple[int, str, str, str]  # partition, code, owner, currency


@final
class Totals:
    """Sums over every partition of one ledger. `findings` lists what does not add up, in words."""

    def __init__(self) -> None:
        self.decisions = 0
        self.commands = 0
        self.entries = 0
        self.outcomes: Final[Counter[tuple[str, str]]] = Counter()
        self.balances: Final[defaultdict[AccountKey, int]] = defaultdict(int)
        self.covered: Final[dict[tuple[int, InputTopic], int]] = {}
        self.open_transfers: Final[dict[tuple[str, str], tuple[str, int]]] = {}
        self.open_reviews: Final[set[tuple[str, str]]] = set()
        self.findings: Final[list[str]] = []

    def add(self, decision: Decision) -> None:
        """Add one sealed Decision; of each partition in order of sequence."""
        self.decisions += 1
        self._count(decision)
        for event in decision.events:
            if isinstance(event, TransferDebited):
                key = (event.from_wallet_id, event.transfer_id)
                self.open_transfers[key] = (event.currency, event.amount)
            elif isinstance(event, (TransferSettled, TransferCompensated)):
                self.open_transfers.pop((event.from_wallet_id, event.transfer_id), None)
            elif isinstance(event, ReviewOpened):
                self.open_reviews.add((event.wallet_id, event.review_id))
            elif isinstance(event, ReviewResolved):
                self.open_reviews.discard((event.wallet_id, event.review_id))
        for entry in decision.entries:
            self._post(decision, entry)
        for balance in decision.balances:
            self._compare(decision, balance)

    def trial_balance(self) -> dict[tuple[int, str], int]:
        """Return the sum of all accounts per (partition, currency): always zero."""
        sums: defaultdict[tuple[int, str], int] = defaultdict(int)
        for (partition, _, _, currency), minor in self.balances.items():
            sums[partition, currency] += minor
        return dict(sums)

    def in_flight(self) -> dict[str, int]:
        """Return, per currency, what was sent and neither applied nor given back."""
        sums: defaultdict[str, int] = defaultdict(int)
        for (_, account, _, currency), minor in self.balances.items():
            if account == "IB":
                sums[currency] -= minor
        return dict(sums)

    def _count(self, decision: Decision) -> None:
        source = decision.source
        if not isinstance(source, InputSource):
            return
        key = (decision.partition, source.topic)
        if source.offset < self.covered.get(key, 0):
            self._find(decision, f"answers offset {source.offset} of {source.topic} again")
        self.covered[key] = source.offset + 1
        if source.topic in COMMAND_TOPICS:
            self.commands += 1
            reason = decision.reason.name if decision.reason is not None else ""
            self.outcomes[said_of(decision), reason] += 1

    def _post(self, decision: Decision, entry: JournalEntry) -> None:
        self.entries += 1
        sums: defaultdict[str, int] = defaultdict(int)
        for posting in entry.postings:
            sums[posting.currency] += posting.amount
            key = (decision.partition, posting.account, posting.owner, posting.currency)
            self.balances[key] += posting.amount
        if any(sums.values()):
            self._find(decision, f"entry {entry.index} ({entry.flow}) does not balance")

    def _compare(self, decision: Decision, balance: BalanceAfter) -> None:
        key = (decision.partition, balance.account, balance.owner, balance.currency)
        if self.balances[key] != balance.minor:
            self._find(
                decision,
                f"states {balance.minor} for {balance.account}:{balance.owner} "
                f"{balance.currency}, its postings add up to {self.balances[key]}",
            )

    def _find(self, decision: Decision, what: str) -> None:
        self.findings.append(f"partition {decision.partition} #{decision.sequence} {what}")
