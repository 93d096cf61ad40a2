"""What traffic asks for in bulk and for later, and the wallets it is between.

Owns: those wallets, `OrderTraffic`, its kinds and how often each comes.
Never: delivers or commits anything.
"""

from schemas.messages.commands import (
    BulkItem,
    BulkTransfer,
    CancelSchedule,
    CompleteSchedule,
    CreateSchedule,
    PauseSchedule,
    ResumeSchedule,
    ScheduleIsActive,
    Transfer,
)
from schemas.messages.vocabulary import Recurrence, ScheduledKind
from tests.support.writers import wallet_at

PARTITIONS = 2
TREASURY = "bank"
WALLETS = [wallet_at(partition, number) for partition in range(PARTITIONS) for number in range(3)]
MERCHANTS = [wallet_at(partition, 3) for partition in range(PARTITIONS)]
ORDER_KINDS = {"bulk": 4, "schedule": 4}


class OrderTraffic:
    """A part of `Traffic`."""

    def _bulk(self):
        """To wallets of the payer's partition, and now and then to one that is not there."""
        payer = self._wallet()
        home = self._home(payer)
        here = [each for each in WALLETS if self._home(each) is home and each != payer]
        payees = self.random.choices((*(here * 4), "nobody", WALLETS[0]), k=3)
        items = [BulkItem(to, "EUR", 20 + n, f"r{n}") for n, to in enumerate(payees)]
        self._send(payer, BulkTransfer(tuple(items[: self.random.randint(1, 3)])))

    def _schedule(self):
        """Begin a schedule, change one, or pay as the scheduler would."""
        known = [(w, i) for w, body, i in self.sent if isinstance(body, CreateSchedule)]
        if not known or self.random.random() < 0.3:
            kind = self.random.choice(tuple(ScheduledKind))
            amount, at = self._amount(), self.writers[0].at
            body = CreateSchedule(kind, self._wallet(), "EUR", amount, at, Recurrence.DAILY)
            self._send(self._wallet(), body)
            return
        wallet_id, name = self.random.choice(known)
        changes = (PauseSchedule(name), ResumeSchedule(name), CancelSchedule(name, "why"))
        self._send(wallet_id, self.random.choice((*changes, CompleteSchedule(name))))
        paid = Transfer(self._wallet(), "EUR", 20)
        self._home(wallet_id).command(
            wallet_id, paid, f"{name}:1", conditions=(ScheduleIsActive(name),)
        )
