"""Orders: what may lie on top of any command of a random day.

Owns: which conditions a command carries, and what a client sends again.
Never: a rule; what is drawn here may hold or not, and be malformed.
"""

from schemas.messages.commands import AvailableAtLeast, VoidHold, WalletSequenceIs
from tests.support.builders import balance

# Of all commands. A dry run is remembered like any other: its id may come again, and is free.
CONDITIONAL = 0.15
DRY = 0.08


class OrderDays:
    """The envelope of commands."""

    def _again(self):
        """A client sends a command id again, with the same content or with another."""
        if self.ordered:
            wallet_id, body, command_id, conditions = self.random.choice(self.ordered)
            body = self.random.choice((body, VoidHold("other")))
            conditions = self.random.choice((conditions, conditions, self._conditions(wallet_id)))
            self._order(wallet_id, body, command_id, conditions)

    def _sometimes(self, wallet_id):
        """The conditions of a command that has none of its own: mostly none."""
        return self._conditions(wallet_id) if self.random.random() < CONDITIONAL else ()

    def _conditions(self, wallet_id):
        """Conditions of which some hold, some do not and a few are malformed."""
        view = self.home(wallet_id).view
        row = view.wallets.get(wallet_id)
        stands = 0 if row is None else row.sequence
        has = 0 if row is None else balance(view, wallet_id)
        wanted = self.random.choice((0, 1, has, has, has + 1, 500, -1))
        code = self.random.choice(("EUR", "EUR", "EUR", "USD", "XXX"))
        known = self.random.choice((stands, stands, stands + 1, 0, -1))
        both = (AvailableAtLeast(code, wanted), WalletSequenceIs(known))
        return self.random.choice((both, both[:1], both[1:], both[::-1], (both[1],) * 9))
