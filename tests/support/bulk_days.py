"""Bulk days: several transfers at once, of which some are good and one may not be.

Owns: what a bulk of a random day is made of.
Never: a rule; the ledger says which of them happen.
"""

from schemas.messages.commands import BulkItem, BulkTransfer
from tests.support.builders import INT64_MAX

BULK_KINDS = {"bulk": 12}
MOST = 6  # one more than the policy of random days allows
ODD = 0.12  # of items


class BulkDays:
    """Bulks."""

    def _bulk(self):
        payer = self._wallet()
        here = [each for each in self.neighbours(payer) if each != payer]
        items = tuple(self._item(here, place) for place in range(self.random.randint(0, MOST)))
        self._order(payer, BulkTransfer(items))

    def neighbours(self, wallet_id):
        """Whoever lives on the same partition, or would."""
        route = self.rigs[0].place.partition_of
        everybody = ("alice", "bob", "carl-1", "dora-1", "eve-2", "flo", "gus-1", "hal-1", "ida-2")
        return [each for each in everybody if route(each) == route(wallet_id)]

    def _item(self, here, place):
        if self.random.random() < ODD:
            return BulkItem(*self._oddity(place))
        payee, amount = self.random.choice(here), self.random.choice((1, 7, 20, 50, 100, 500))
        return BulkItem(payee, "EUR", amount, f"r{place}")

    def _oddity(self, place):
        """An item that something may be wrong with."""
        return self.random.choice(
            (
                (self._anybody(), self._currency(), self._amount(), f"r{place}"),
                (self._anybody(), "EUR", 3_000, f"r{place}"),
                (self._anybody(), "EUR", 5, "r0"),
                (self._anybody(), "EUR", 5, ""),
                ("nobody", "EUR", INT64_MAX, "r"),
            )
        )
