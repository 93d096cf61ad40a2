"""Sheets between cuts of a small day: they prove themselves, roll forward, and stay as closed."""

from dataclasses import replace
from datetime import date, timedelta
from functools import cache

import pytest

from ledger.sealing import CHAIN_HEADER
from ops.reading import Record, raise_damage, sealed
from ops.reports.balance_sheet import balance_sheet, profit_and_loss
from ops.reports.cash_flow import CashFlow
from ops.reports.clearing import Clearing
from ops.reports.errors import ReportError
from ops.reports.fold import Asked, BooksAlone, fold
from ops.reports.general_ledger import GeneralLedger
from ops.reports.paper import Amount
from ops.reports.period import Period
from ops.reports.safeguarding import Safeguarding, business_days
from ops.reports.settlement import Settlement
from ops.reports.statement import Statement
from ops.reports.subsidiary import subsidiary
from ops.reports.trial_balance import trial_balance
from schemas.codec import decode, encode
from schemas.messages.commands import TopUp, Transfer
from schemas.messages.control import Control, TakeCut
from schemas.messages.decisions import Decision
from streams.wallet.genesis import genesis_policy
from tests.support.builders import DAY, SECOND
from tests.support.writers import Writer, delivered, wallet_at
from topics.catalog import CONTROL, EVENTS

ANN, BEN, CAY = wallet_at(0), wallet_at(0, 1), wallet_at(1)
EVERYTHING = Period()
ZONE = genesis_policy().zone
DAYS = {10: "2025-06-01", 20: "2025-06-02", 30: "2025-06-01"}
MAKERS = {
    "trial-balance": lambda: BooksAlone(trial_balance),
    "general-ledger": GeneralLedger,
    "subsidiary": lambda: BooksAlone(subsidiary("")),
    "balance-sheet": lambda: BooksAlone(balance_sheet),
    "profit-and-loss": lambda: BooksAlone(profit_and_loss),
    "cash-flow": CashFlow,
    "statement": lambda: Statement(ANN),
    "settlement": lambda: Settlement(ANN),
    "safeguarding": Safeguarding,
    "clearing": Clearing,
}


@cache
def log():
    """Two partitions, cut three times; the third cut repeats a label that is closed."""
    here, there = Writer(0), Writer(1)
    here.open(ANN, 1_000)
    here.open(BEN)
    there.open(CAY)
    for cut, label in DAYS.items():
        here.command(ANN, Transfer(BEN, "EUR", cut), f"near{cut}")
        here.command(ANN, Transfer(CAY, "EUR", 2 * cut), f"far{cut}")
        here.commit()
        there.commit()
        delivered(here, there)
        delivered(there, here)
        for writer in (here, there):
            writer.at += SECOND
            control = Control(f"cut-{cut}", writer.at, "ann", TakeCut(cut, label), "")
            writer.say(encode(control), str(writer.partition).encode(), CONTROL.name)
            writer.commit()
    late = TopUp("EUR", 500, "card", "late")
    here.command(ANN, late, "late", issued_at=here.at - 2 * DAY)
    here.commit()
    records = [
        Record(EVENTS.name, each.partition, one.offset, 0, one.key, one.value, dict(one.headers))
        for each in (here, there)
        for one in each.log
    ]
    assert all(record.headers[CHAIN_HEADER] for record in records)
    return tuple(sealed(iter(records), raise_damage))


def made(name, period=EVERYTHING, placed=None, partitions=None):
    single = name in ("statement", "settlement")
    partitions = partitions or ([0] if single else [0, 1])
    asked = Asked(name, name, MAKERS[name](), period, ZONE)
    return fold(log() if placed is None else placed, partitions, asked)


def rows(report, section=0):
    return [tuple(row) for row in report.sections[section].rows]


def shown(report):
    sections = [(each.title, [*each.rows], each.totals) for each in report.sections]
    return report.facts, sections, report.proofs, report.stands


@pytest.mark.parametrize("name", MAKERS)
def test_every_sheet_proves_itself(name):
    report = made(name, Period(cut=20))
    # Cards that nobody settled are in time to the last cent: there is no shortfall either.
    assert report.holds, report.proofs


@pytest.mark.parametrize("name", MAKERS)
def test_one_cent_makes_the_proof_red(name):
    assert not made(name, Period(cut=20), with_a_cent_more()).holds


@pytest.mark.parametrize("name", ["trial-balance", "balance-sheet", "profit-and-loss"])
def test_one_cent_breaks_the_sheets_own_proof_too(name):
    report = made(name, Period(cut=20), with_a_cent_more())
    assert any("0.01 EUR" in each.text or "0.01" in each.text for each in report.proofs[:-1])
    assert [each.holds for each in report.proofs[:-1]].count(False) > 0


def with_a_cent_more():
    """The log with one posting of a near transfer changed by a cent."""

    def one_more(decision):
        posting = decision.entries[0].postings[0]
        object.__setattr__(posting, "amount", posting.amount + 1)

    return planted("near10", one_more)


def planted(command_id, change):
    """The log with the Decisions of a command changed after they were read."""
    found = []
    for placed in log():
        decision = placed.decision
        if decision.command_id == command_id:
            decision = decode(Decision, placed.value)
            change(decision)
        found.append(replace(placed, decision=decision))
    return found


def test_cards_that_are_too_old_leave_a_shortfall():
    def ten_days_later(decision):
        object.__setattr__(decision, "decided_at", decision.decided_at + 10 * DAY)

    report = made("safeguarding", Period(cut=20), planted("cut-20", ten_days_later))
    assert [each.text for each in report.proofs if not each.holds] == [
        f"EUR has a shortfall of {rows(report, 1)[0][6].shown()}: fund it today"
    ]


@pytest.mark.parametrize("name", MAKERS)
def test_a_closed_day_never_changes(name):
    before = [each for each in log() if each.decision.command_id not in ("late", "cut-30")]
    period = Period(to_day="2025-06-02")
    assert shown(made(name, period, before)) == shown(made(name, period))


def test_two_cuts_roll_forward_into_one_another():
    first, second = (
        made("trial-balance", Period(cut=10)),
        made("trial-balance", Period(from_cut=10, cut=20)),
    )
    closing = {
        row[:2]: (row[5] or Amount(0, "EUR")).minor - (row[6] or Amount(0, "EUR")).minor
        for row in rows(first)
    }
    opening = {row[:2]: row[2].minor for row in rows(second)}
    assert {key: minor for key, minor in opening.items() if minor} == {
        key: minor for key, minor in closing.items() if minor
    }


def test_a_statement_by_hand():
    report = made("statement", Period(from_day="2025-06-02", to_day="2025-06-02"))
    told = [(row[0], row[2], row[5] and row[5].minor, row[6].minor) for row in rows(report)]
    (_, _, _, opening) = told[0]
    assert told[1:] == [
        ("2025-06-02", "Transfer", -20, opening - 20),
        ("2025-06-02", "Transfer", -40, opening - 60),
    ]
    assert report.stands[0].chain


def test_what_is_late_is_booked_on_the_open_day():
    booked = {row[4]: row[0] for row in rows(made("statement"))}
    assert (booked["near10"], booked["near20"], booked["near30"]) == (
        "2025-06-01",
        "2025-06-02",
        "open",  # its cut repeats a label that is closed, and so closes nothing
    )


def test_what_is_late_is_effective_on_the_day_it_was_asked_for():
    effective = {row[4]: row[1] for row in rows(made("statement"))}
    asked, decided = (date.fromisoformat(effective[each]) for each in ("late", "near30"))
    assert decided - asked == timedelta(days=2)


def test_what_the_log_does_not_have_is_refused():
    for period, what in (
        (Period(cut=99), "has not come to cut 99"),
        (Period(cut=15), "never took cut 15"),
        (Period(to_day="2025-07-01"), "close of 2025-07-01"),
        (Period(from_cut=99), "no cut 99"),
    ):
        with pytest.raises(ReportError, match=what):
            made("trial-balance", period)


def test_business_days_leave_out_weekends():
    thursday = 0  # 1970-01-01
    assert [business_days(thursday, thursday + each) for each in range(6)] == [0, 1, 1, 1, 2, 3]
