"""Rounds: a row, a counter or a cover that is not as the log says is found, named and told once."""

from functools import cache

from ops.proof.checkpoint import Checkpoint
from ops.recon.found import Found
from ops.recon.rounds.held import of_this_hour
from ops.recon.rounds.safeguarding import cover_document, judged_now, said
from ops.recon.rounds.state import SHOWN, compare
from ops.recon.rounds.telling import begun
from schemas.messages.recon import ExceptionMoved, ReconEvent
from streams.reconciliation.external.exceptions.kinds import Kind
from streams.reconciliation.external.exceptions.workflow import State
from streams.reconciliation.rounds.ri13_safeguarding import Cover, failed
from streams.runtime.fakes_local import FakeDisk
from streams.wallet.tables import (
    ACCOUNTS,
    WALLETS,
)
from tests.support.checked import log_records
from tests.support.rounds import counters_of, held_by, state_of
from tests.support.traffic import PARTITIONS, Traffic

NOON = 1_773_000_000_000_000


@cache
def writers():
    return Traffic().run(3, 120).writers


def writer():
    return writers()[0]


# --- RI08


def differing(*changes):
    found = state_of(writer(), held_by(writer(), changes))
    return found, [(each.table, each.what) for each in found.rows]


def test_tables_that_are_the_fold_are_equal_by_hash():
    found, rows = differing()
    assert (rows, found.equal, found.differences) == ([], True, ())
    assert found.held.whole == found.state.hash
    assert next(found.lines()).startswith(
        f"partition 0, before offset {found.state.next_offset}: equal"
    )


def test_a_row_that_was_changed_lost_or_put_in_is_named():
    (account, row), (lost, _) = sorted(
        (key, row) for key, row in writer().rows.items() if key[:1] == ACCOUNTS.prefix
    )[:2]
    forged = WALLETS.prefix + b"mallory"
    found, rows = differing((account, row + b"\0"), (lost, None), (forged, row))
    assert rows == [
        ("wallets", "does not follow from the log"),
        ("accounts", "holds something else"),
        ("accounts", "is missing"),
    ]
    accounts, wallets = found.differences
    assert (accounts.kind, accounts.subject) == (Kind.RI08, "partition 0, table accounts")
    name = account[1:].decode().replace("\0", " ")
    assert accounts.detail == (
        f"2 rows before offset {found.state.next_offset}; {name} holds something else"
    )
    assert wallets.detail.endswith("; mallory does not follow from the log")
    assert any(line.startswith("difference: accounts row") for line in found.lines())
    assert not found.document()["equal"]


def test_an_owner_that_is_behind_is_compared_where_it_is():
    world = Traffic().run(3, 60)
    held = held_by(world.writers[0])
    later = world.run(4, 60).writers[0]
    assert held.next_offset < later.log[-1].offset
    assert state_of(later, held).equal, "lag is never a break"
    assert counters_of(later, PARTITIONS, held).equal


def test_tables_that_are_ahead_of_their_log_are_a_break():
    short = log_records(writer())
    last = [
        at for at, record in enumerate(short) if at and short[at - 1].offset + 1 < record.offset
    ]
    found = state_of(writer(), held_by(writer()), short[: last[-1]])
    applied, *_ = found.rows
    assert (applied.table, applied.key) == ("applied", "next offset")
    assert "is no end of a group of the log" in applied.what


def test_a_log_that_is_not_the_signed_one_is_told_and_no_break_of_the_tables():
    false = Checkpoint("test", 0, 3, bytes(32), bytes(32))
    found = compare(held_by(writer()), log_records(writer()), FakeDisk().open(), [false])
    assert (found.rows, found.equal) == ([], False)
    assert "the first 3 Decisions are not those that were signed" in list(found.lines())[-1]


def test_many_rows_are_one_break_a_table_and_a_list_that_can_be_read():
    forged = [(ACCOUNTS.prefix + b"x%d" % each, b"") for each in range(SHOWN + 9)]
    found, rows = differing(*forged)
    assert len(rows) == SHOWN + 9
    assert len(found.differences) == 1
    assert list(found.lines())[-1] == "and 9 rows more; --json lists them"


def test_a_sample_comes_round_all_partitions():
    hours = [of_this_hour((0, 3, 5), hour * 3_600_000_000) for hour in range(4)]
    assert hours == [(0,), (3,), (5,), (0,)]


# --- telling


def taken(judgement, found=None):
    """What is known once a judgement was said."""
    found = found or Found()
    for number, each in enumerate((*judgement.opened, *judgement.arrived)):
        found.take(ReconEvent(f"{each.case_id}-{number}-{type(each).__name__}", NOON, each))
    return found


SHORT = Cover("EUR", 10_00, 4_00, 1_00, 2_00)


def test_what_is_open_begins_nothing_again_and_what_is_back_begins_another():
    found, _ = differing((ACCOUNTS.prefix + b"x", b""))
    first = begun(found.differences, {})
    (case_id,) = [each.case_id for each in first.opened]
    known = taken(first)
    assert begun(found.differences, known.cases.by_id).opened == ()
    for number, verb in enumerate(("ASSIGN", "INVESTIGATE", "RESOLVE"), 1):
        end = "REVERSED" if verb == "RESOLVE" else ""
        step = ExceptionMoved(case_id, number, verb, "ann", "ann", end, "", "", "seen", None)
        known.take(ReconEvent(f"s{number}", NOON + number, step))
    assert known.cases.by_id[case_id].state is State.RESOLVED
    (again,) = begun(found.differences, known.cases.by_id).opened
    assert again.case_id != case_id


def test_a_wrong_row_is_not_ended_by_waiting():
    found, _ = differing((ACCOUNTS.prefix + b"x", b""))
    known = taken(begun(found.differences, {}))
    (case_id,) = known.cases.by_id
    step = ExceptionMoved(case_id, 1, "ARRIVE", "system", "", "", "", "", "equal", None)
    known.take(ReconEvent("s1", NOON, step))
    assert known.cases.by_id[case_id].state is State.OPEN


def test_a_shortfall_ends_once_it_is_covered_and_its_day_begins_nothing_again():
    broken = failed("2026-11-28", SHORT)
    known = taken(begun([broken], {}))
    (case,) = known.cases.by_id.values()
    assert (case.amount, case.currency, case.group) == (5_00, "EUR", "treasury")
    still = judged_now(known.cases.by_id, (SHORT,))
    assert still.arrived == ()
    funded = judged_now(known.cases.by_id, (SHORT._replace(safeguarded=9_00),))
    known = taken(funded, known)
    (case,) = known.cases.by_id.values()
    assert (case.state, case.steps[-1].note) == (State.RESOLVED, "covered, with a surplus of 0")
    assert begun([broken], known.cases.by_id).opened == (), "a closed day never changes"
    tomorrow = failed("2026-11-29", SHORT)
    assert len(begun([tomorrow], known.cases.by_id).opened) == 1


def test_a_currency_without_customers_is_covered():
    known = taken(begun([failed("2026-11-28", SHORT)], {}))
    assert len(judged_now(known.cases.by_id, ()).arrived) == 1


def test_a_cover_is_told_in_words_and_for_programs():
    assert said(SHORT) == "owed 10.00 EUR, SHORT of 5.00 EUR"
    assert said(SHORT._replace(safeguarded=9_00)) == "owed 10.00 EUR, covered, surplus 0.00 EUR"
    assert cover_document(SHORT)["missing"] == "500"
