"""`wallet schedules`: each schedule as it stands, with the last word on its occurrences."""

from ledger.words import words_of
from ops.reading import Placed
from ops.wallet.schedules import schedules_of
from schemas.messages.commands import PauseSchedule
from schemas.messages.vocabulary import Recurrence, ScheduledKind
from tests.unit.streams.scheduler.town import DAY_US, HOUR_US, Town

FIELDS = ("schedule_id", "state", "why", "pays", "how_often", "last_number", "last_outcome")


def shown(town, wallet_id="ann"):
    log = [Placed(each, place, 1, b"") for place, each in enumerate(town.writer.decisions)]
    rows = schedules_of(wallet_id, log, town.history)
    return [tuple(row[name] for name in FIELDS) for row in rows]


def test_each_schedule_has_a_row():
    town = Town(funds=150)
    until = town.now() + 9 * DAY_US
    town.schedule()
    bill = {"kind": ScheduledKind.BILL, "payee": "water", "reference": "7"}
    town.schedule("water", 5, Recurrence.MONTHLY, every=2, count=6, until=until, **bill)
    later = town.now() + 3 * DAY_US
    town.schedule("once", 12_34, Recurrence.ONCE, first_at=later)
    town.wait(times=2)
    town.command(PauseSchedule("rent", "enough"), "pause")
    often = "MONTHLY, every 2, 6 times, until 2025-06-24T12:00:00.000+00:00"
    assert shown(town) == [
        (
            *("rent", "PAUSED", "enough", "TRANSFER bob 1.00 EUR", "DAILY", 2),
            "REJECTED INSUFFICIENT_FUNDS EUR",
        ),
        ("water", "COMPLETED", "", "BILL water 0.05 EUR", often, 1, "ACCEPTED FINAL"),
        ("once", "ACTIVE", "", "TRANSFER bob 12.34 EUR", "ONCE", None, ""),
    ]
    assert shown(town, "bob") == []


def test_the_history_says_where_a_schedule_stands():
    town = Town()
    town.schedule()
    town.wait(HOUR_US)
    town.command(PauseSchedule("rent"), "pause")
    said = [words_of(each.events) for each in town.writer.decisions]
    assert [each["ann"] for each in said if "SCHEDULE" in each.get("ann", "")] == [
        "SCHEDULE ACTIVE",
        "SCHEDULE PAUSED",
    ]
