"""Journeys of the catalogue: entries that were really posted, held against the document's rows.

Owns: `Journal`, which carries out commands on two partitions and compares entry by entry.
Never: posts anything itself.
"""

from tests.support.builders import Rig
from tests.unit.ledger.catalogue_rows import ROWS
from tests.unit.ledger.catalogue_rows import treasury_lines_of as lines_of


class Journal:
    """Two partitions, and every entry that they posted of a flow in the rows."""

    def __init__(self, names, **rig):
        self.names = names  # wallet id -> the document's letter
        self.rigs = (Rig(0, **rig), Rig(1, **rig))
        self.seen = []

    def given(self, wallet_id, body, command_id=None):
        """Carry out a command that the rows do not speak of, where its wallet lives."""
        rig = self.rigs[self.rigs[0].place.partition_of(wallet_id)]
        decision = rig.command(wallet_id, body, command_id)
        assert decision.reason is None, (decision.reason, decision.detail)
        return decision

    def do(self, wallet_id, body, command_id=None):
        """Carry out a command, and all legs that follow."""
        decision = self.given(wallet_id, body, command_id)
        self.take(decision)
        while any(each.legs for each in self.rigs):
            for one, other in (self.rigs, self.rigs[::-1]):
                while one.legs:
                    self.take(other.leg(one.legs.pop(0)))
        return decision

    def take(self, decision):
        """Compare the entries of a Decision with the rows."""
        for entry in decision.entries:
            if entry.flow in ROWS:
                rows = lines_of(entry.flow)
                assert self.compared(entry, rows) == rows, entry.flow
                self.seen.append(entry.flow)

    def compared(self, entry, rows):
        """The entry's lines in the document's names; an owner counts where the document has one."""
        named = {code for code, owner, _, _ in rows if owner}
        return sorted(
            (
                each.account,
                self.names.get(each.owner, each.owner) if each.account in named else "",
                each.currency,
                each.amount,
            )
            for each in entry.postings
        )

    def net(self, account, currency="EUR"):
        """What an account class holds over both partitions, whoever owns it."""
        return sum(
            row.minor
            for rig in self.rigs
            for (code, _, unit), row in rig.view.accounts.rows.items()
            if (code, unit) == (account, currency)
        )
