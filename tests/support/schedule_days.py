"""Schedules of a random day: created, changed, and paid by as the scheduler would.

Owns: their operations.
Never: a rule; many of them are malformed, late or about nothing.
"""

from ledger.guards.schedules import PAST_MAX_US
from schemas.messages.commands import (
    CancelSchedule,
    CompleteSchedule,
    CreateSchedule,
    PauseSchedule,
    PayBill,
    ResumeSchedule,
    ScheduleIsActive,
    Transfer,
    Withdraw,
)
from schemas.messages.vocabulary import Recurrence, ScheduledKind
from tests.support.builders import DAY, HOUR

SCHEDULE_KINDS = {"schedule": 5, "reschedule": 6, "occur": 6}
WRONG = 0.35
PAYEES = ("alice", "bob", "eve-2")


class ScheduleDays:
    """Operations about schedules."""

    def open_schedules(self):
        """Something to change is there from the start."""
        for wallet_id in ("alice", "eve-2"):
            rig = self.home(wallet_id)
            body = CreateSchedule(
                *(ScheduledKind.TRANSFER, "bob", "EUR", 7, rig.at + DAY, Recurrence.DAILY)
            )
            rig.command(wallet_id, body, "rent")

    def _schedule(self):
        """Mostly something that is possible; else one thing about it is not."""
        wallet_id = self._wallet()
        at = self.home(wallet_id).at
        kind = self.random.choice(tuple(ScheduledKind))
        given = {
            "kind": kind,
            "payee": self.random.choice([each for each in PAYEES if each != wallet_id]),
            "currency": self.random.choice(("EUR", "EUR", "USD")),
            "amount": self.random.choice((1, 50, 500, 4_000)),
            "first_at": at + self.random.choice((0, HOUR, DAY, -HOUR)),
            "recurrence": self.random.choice(tuple(Recurrence)),
            "reference": {"TRANSFER": "", "BILL": "bill"}.get(kind.name, "sct"),
            "stop_after": self.random.choice((0, 0, 2)),
        }
        if self.random.random() < WRONG:
            given.update(self.random.choice(self._wrong(wallet_id, at)))
        # Now and then an id that is too long, or one that another schedule has.
        name = self.random.choice((None,) * 8 + ("s" * 53, f"again-{wallet_id}"))
        self._order(wallet_id, CreateSchedule(**given), name)

    def _wrong(self, wallet_id, at):
        return (
            {"payee": wallet_id},
            {"payee": "a/b"},
            {"reference": self.random.choice(("", "x", "card", "a/b"))},
            {"currency": "XXX"},
            {"amount": self._amount()},
            {"first_at": at + self.random.choice((-PAST_MAX_US - 1, 4_000 * DAY))},
            {"every": self.random.choice((0, 2, 367))},
            {"count": self.random.choice((-1, 1, 2, 36_601))},
            {"until": at - self.random.choice((1, 2 * DAY))},
            {"stop_after": self.random.choice((-1, 1_001))},
        )

    def _reschedule(self):
        wallet_id, schedule_id = self._one_schedule()
        reason = self.random.choice(("", "why", "a\nb"))
        bodies = (
            PauseSchedule(schedule_id, reason),
            PauseSchedule(schedule_id),
            ResumeSchedule(schedule_id),
            ResumeSchedule(schedule_id),
            CancelSchedule(schedule_id, reason),
            CompleteSchedule(schedule_id),
            CompleteSchedule(f"{schedule_id}/"),
        )
        self._order(wallet_id, self.random.choice(bodies))

    def _occur(self):
        """What the scheduler gives, for a schedule that may be over; it may come twice."""
        wallet_id, schedule_id = self._one_schedule()
        amount = self._amount()
        bodies = (
            Transfer(self._anybody(), "EUR", amount),
            PayBill("water", "EUR", amount, "b"),
            Withdraw("EUR", amount, "ach", "me"),
        )
        body = self.random.choice(bodies)
        command_id = f"{schedule_id}:{self.random.randrange(1, 4)}"
        self._order(wallet_id, body, command_id, (ScheduleIsActive(schedule_id),))

    def _one_schedule(self):
        """The key of a schedule; of something unknown when there is none."""
        keys = [key for rig in self.rigs for key in sorted(rig.view.schedules.rows)]
        return self.random.choice(keys) if keys else ("alice", "unknown")
