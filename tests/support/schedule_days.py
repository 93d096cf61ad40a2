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

SCHEDULE_KINDS = {"schedule": 3, "reschedule": 4, "occur": 4}


class ScheduleDays:
    """Operations about schedules."""

    def _schedule(self):
        wallet_id, payee = self._pair()
        kind = self.random.choice(tuple(ScheduledKind))
        references = {"TRANSFER": ("", "", "x"), "BILL": ("bill", "bill", "")}
        reference = self.random.choice(references.get(kind.name, ("ach", "sct", "card", "")))
        at = self.home(wallet_id).at
        first_at = at + self.random.choice((0, HOUR, DAY, -DAY, -PAST_MAX_US - 1, 4_000 * DAY))
        count, every = self.random.choice(((0, 1), (1, 1), (0, 1), (3, 2), (-1, 1), (0, 0)))
        until = self.random.choice((0, 0, first_at, first_at - 1))
        stop = self.random.choice((0, 0, 2, -1))
        recurrence = self.random.choice(tuple(Recurrence))
        body = CreateSchedule(
            *(kind, payee, self._currency(), self._amount(), first_at, recurrence),
            *(every, reference, count, until, stop),
        )
        # Now and then an id that is too long, or one that another schedule has.
        names = (None, None, None, None, "s" * 53, f"again-{wallet_id}")
        self._order(wallet_id, body, self.random.choice(names))

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
