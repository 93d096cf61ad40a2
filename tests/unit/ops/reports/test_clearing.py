"""Clearing accounts: what is open is the newest that came, and is overdue by its oldest part."""

import random
from collections import deque

import pytest

from ops.reports.clearing import TERMS, standing
from ops.reports.period import Period, date_of
from ops.reports.safeguarding import business_days
from tests.support.builders import DAY
from tests.unit.ops.reports.test_sheets import made, planted, rows

CARD = ("RAIL.RCV", "card", "EUR")  # five business days
MONDAY = 19_723  # 2024-01-01


def test_what_came_back_to_zero_is_whole():
    found = standing(CARD, {MONDAY: (100, 0), MONDAY + 30: (0, 100)}, MONDAY + 60)
    assert (found.open, found.overdue, found.age, found.quality) == (0, 0, 0, 100)


def test_what_leaves_first_is_what_came_first():
    found = standing(CARD, {MONDAY: (100, 0), MONDAY + 9: (50, 100)}, MONDAY + 9)
    assert (found.open, found.oldest, found.overdue, found.quality) == (50, MONDAY + 9, 0, 100)


@pytest.mark.parametrize(
    ("today", "age", "overdue", "quality"),
    [
        (MONDAY + 4, 4, 0, 100),
        (MONDAY + 7, 5, 0, 100),  # the weekend does not count
        (MONDAY + 8, 6, 60, 40),
        (MONDAY + 14, 10, 60, 40),
        (MONDAY + 15, 11, 100, 0),
    ],
)
def test_the_share_that_is_older_than_its_term_is_missing(today, age, overdue, quality):
    found = standing(CARD, {MONDAY: (60, 0), MONDAY + 7: (40, 0)}, today)
    assert (found.open, found.age, found.overdue, found.quality) == (100, age, overdue, quality)


def test_a_credit_waits_as_a_debit_does():
    found = standing(("SUSP", "unknown", "EUR"), {MONDAY: (0, 70)}, MONDAY + 60)
    assert (found.open, found.overdue, found.quality) == (-70, -70, 0)


def test_quality_is_rounded_down():
    found = standing(CARD, {MONDAY: (1, 0), MONDAY + 30: (999, 0)}, MONDAY + 30)
    assert (found.overdue, found.quality) == (1, 99)


@pytest.mark.parametrize("seed", range(50))
def test_it_is_a_queue(seed):
    dice, days, queue = random.Random(seed), {}, deque()
    for day in range(MONDAY, MONDAY + 40):
        moved = dice.randint(-90, 100)
        days[day] = (max(0, moved), max(0, -moved))
        left = abs(moved)
        while left and queue and (queue[0][1] > 0) is not (moved > 0):
            first, amount = queue.popleft()
            taken = min(left, abs(amount))
            left -= taken
            if abs(amount) > taken:
                queue.appendleft((first, amount - taken if amount > 0 else amount + taken))
        if left:
            queue.append((day, left if moved > 0 else -left))
    today = MONDAY + 40
    found = standing(CARD, days, today)
    assert found.open == sum(amount for _, amount in queue)
    assert found.oldest == (queue[0][0] if queue else 0)
    late = [amount for day, amount in queue if business_days(day, today) > TERMS["RAIL.RCV"].days]
    assert found.overdue == sum(late)


def test_a_day_of_cards_is_in_time_and_everything_else_is_zero():
    report = made("clearing", Period(cut=20))
    told = {(row[0], row[1]): (row[2], row[3].minor, row[8]) for row in rows(report)}
    assert told["IB", "EUR"] == ("ledger operations", 0, 100)
    who, minor, quality = told["RAIL.RCV:card", "EUR"]
    assert (who, quality) == ("treasury", 100)
    assert minor > 0
    assert all(proof.holds for proof in report.proofs)
    assert ("treasury", 1, 1, 0, 100) in rows(report, 1)


def test_what_is_late_fails_and_names_who_answers():
    def ten_days_later(decision):
        object.__setattr__(decision, "decided_at", decision.decided_at + 10 * DAY)

    report = made("clearing", Period(cut=20), planted("cut-20", ten_days_later))
    (late,) = [each.text for each in report.proofs if not each.holds]
    row = next(row for row in rows(report) if row[0] == "RAIL.RCV:card")
    assert late == (
        f"RAIL.RCV:card EUR: {row[7].shown()} is older than 5 business days, "
        f"the oldest of {row[4]}: treasury"
    )
    assert rows(report)[0] == row, "the worst comes first"
    assert date_of(MONDAY).isoformat() == "2024-01-01"
