"""Holds and transactions of a sample log: things that several Decisions are about.

Owns: their life in a sample; no rule keeps a transaction from going anywhere.
"""

from schemas.messages.decisions import TimerSource
from schemas.messages.events import (
    HoldCaptured,
    HoldExtended,
    HoldIncremented,
    HoldPlaced,
    HoldReleased,
    TransactionMoved,
    TransferCompensated,
)
from schemas.messages.rows import TransactionRow
from schemas.messages.vocabulary import (
    HoldStatus,
    Purpose,
    RejectionReason,
    TimerKind,
    TransactionKind,
    TransactionState,
)

NO_OUTFLOW = (-1, 0, 0, 0)


class SampleThings:
    """Makers of Decisions."""

    def hold(self):
        wallet, amount, hold = self.wallet(), self.amount(), self.id()
        self.holds[wallet, hold] = amount
        expires = self.random.choice((0, self.at + 10))
        event = HoldPlaced(wallet, hold, "shop", "EUR", amount, expires, 1, 1, 1, amount)
        lines = [("W.AVL", wallet, amount), ("W.RSV", wallet, -amount)]
        return self.decision(wallet, events=(event,), lines=lines, flow="F7.1")

    def grow_hold(self):
        if not self.holds:
            return self.hold()
        (wallet, hold), amount = self.random.choice(list(self.holds)), self.amount()
        self.holds[wallet, hold] += amount
        event = HoldIncremented(wallet, hold, "EUR", amount, 2, 1, 1, amount)
        lines = [("W.AVL", wallet, amount), ("W.RSV", wallet, -amount)]
        return self.decision(wallet, events=(event,), lines=lines, flow="F7.2")

    def extend_hold(self):
        if not self.holds:
            return self.hold()
        wallet, hold = self.random.choice(list(self.holds))
        event = HoldExtended(wallet, hold, self.random.choice((0, self.at + 20)))
        return self.decision(wallet, events=(event,))

    def end_hold(self):
        if not self.holds:
            return self.top_up()
        (wallet, hold), left = self.holds.popitem()
        kind = self.random.choice(("capture", "release", "refused"))
        lines = [("W.RSV", wallet, left), ("W.AVL", wallet, -left)]
        if kind == "release":
            event = HoldReleased(wallet, hold, "EUR", left, HoldStatus.EXPIRED)
            source = TimerSource(TimerKind.HOLD_EXPIRY, self.at, wallet, hold)
            return self.decision(wallet, events=(event,), lines=lines, flow="F7b.2", source=source)
        captured = HoldCaptured(wallet, hold, "EUR", left - 1, 1, HoldStatus.CAPTURED)
        if kind == "capture":
            return self.decision(wallet, events=(captured,), lines=lines, flow="F7.5")
        back = TransferCompensated(
            hold, Purpose.CAPTURE, wallet, 3, "EUR", left - 1, 0, hold, 1,
            RejectionReason.CREDIT_BLOCKED,
        )  # fmt: skip
        return self.decision(wallet, events=(captured, back), lines=lines, flow="F5b.2")

    def begin(self):
        """A transaction begins; two steps of it are taken at once."""
        wallet, transaction, amount = self.wallet(), self.id(), self.amount()
        maker = self.random.choice(("", "maker-1"))
        counterparty = self.random.choice(("", "shop", "b\x00b", "x" * 400))
        reference = self.random.choice(("", f"ref-{self.sequence % 7}"))
        due = self.random.choice((0, self.at + 5, -self.at))
        kind = self.random.choice(list(TransactionKind))
        first = TransactionRow(
            kind, TransactionState.PENDING, self.currency(), amount, 3, 0, 0, 0, amount // 10,
            "", 0, maker, counterparty, "sct", reference, due, *NO_OUTFLOW,
        )  # fmt: skip
        second = self.later(first, TransactionState.PROCESSING)
        self.transactions[wallet, transaction] = second
        key, begun = (wallet, transaction), TransactionState.INITIATED
        events = (
            TransactionMoved(*key, begun, "", "", first),
            TransactionMoved(*key, first.state, "sent", "", second),
        )
        return self.decision(wallet, events=events)

    def move(self):
        """A transaction goes on."""
        if not self.transactions:
            return self.begin()
        key = self.random.choice(list(self.transactions))
        before = self.transactions[key]
        row = self.later(before, self.random.choice(list(TransactionState)))
        self.transactions[key] = row
        event = TransactionMoved(*key, before.state, "R01", "office-1", row)
        return self.decision(key[0], events=(event,))

    def later(self, row, state):
        fields = {name: getattr(row, name) for name in TransactionRow.__match_args__}
        done = self.random.randint(0, row.amount)
        return TransactionRow(**{**fields, "state": state, "done": done, "disputed": done // 2})
