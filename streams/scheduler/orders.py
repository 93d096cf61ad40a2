"""Orders: the commands that the scheduler gives, with ids that a repetition gives again.

Owns: what a schedule pays, as a command, and the ids of its commands.
Never: decides when.

The id of a payment is its schedule and number, so that one occurrence is paid once, however often
it is asked for. Its `issued_at` is when it was due, not when it was given: long after that, when
the ledger has forgotten the id, it is refused as stale and never paid a second time.
"""

from __future__ import annotations

from schemas.messages.commands import (
    CancelSchedule,
    Command,
    CompleteSchedule,
    PauseSchedule,
    PayBill,
    ScheduleIsActive,
    Transfer,
    WalletCommand,
    Withdraw,
)
from schemas.messages.rows import ScheduleRow
from schemas.messages.vocabulary import ScheduledKind
from streams.job_commands import commanded
from streams.runtime.job import Output


def occurrence_id(schedule_id: str, number: int) -> str:
    """Return the id of an occurrence's payment."""
    return f"{schedule_id}:{number}"


def payment_of(schedule: ScheduleRow) -> Command:
    """Return what an occurrence asks for."""
    payee, currency, amount = schedule.payee, schedule.currency, schedule.amount
    if schedule.kind is ScheduledKind.BILL:
        return PayBill(payee, currency, amount, schedule.reference)
    if schedule.kind is ScheduledKind.WITHDRAWAL:
        return Withdraw(currency, amount, schedule.reference, payee)
    return Transfer(payee, currency, amount)


def pay(
    partition: int, key: tuple[str, str], number: int, due: int, schedule: ScheduleRow
) -> Output:
    """Ask for the payment of an occurrence, as long as its schedule is active."""
    wallet_id, schedule_id = key
    command = WalletCommand(
        occurrence_id(schedule_id, number),
        wallet_id,
        due,
        payment_of(schedule),
        (ScheduleIsActive(schedule_id),),
    )
    return commanded(partition, command)


def pause(partition: int, key: tuple[str, str], number: int, at: int, why: str) -> Output:
    """Ask to pause a schedule, after the answer to one of its occurrences."""
    name = f"{occurrence_id(key[1], number)}-pause"
    return commanded(partition, WalletCommand(name, key[0], at, PauseSchedule(key[1], why)))


def cancel(partition: int, key: tuple[str, str], number: int, at: int, why: str) -> Output:
    """Ask to cancel a schedule, after the answer to one of its occurrences."""
    name = f"{occurrence_id(key[1], number)}-end"
    return commanded(partition, WalletCommand(name, key[0], at, CancelSchedule(key[1], why)))


def complete(partition: int, key: tuple[str, str], resumed: int, at: int) -> Output:
    """Say that a schedule has no more occurrences; asked anew each time it was resumed."""
    name = f"{key[1]}:done-{resumed}"
    return commanded(partition, WalletCommand(name, key[0], at, CompleteSchedule(key[1])))
