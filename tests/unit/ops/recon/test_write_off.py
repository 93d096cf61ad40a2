"""`recon write-off`: nobody alone, and the entry is the ledger's."""

import pytest

from ops.errors import DocumentError, OvertakenError
from ops.recon import writing_off
from ops.recon.authorities import read_authorities
from ops.recon.booking import booked, commands_of
from schemas.messages.decisions import Decision
from streams.reconciliation.external.exceptions.workflow import State
from tests.support.desk import BOOK, PROPOSE, Decided, Ledger, do, investigated, proposed, the_case


def test_a_write_off_is_booked_by_the_ledger_once_somebody_else_agrees(log, run, ledger, capsys):
    case_id = proposed(log, run)
    assert do(run, "ann", "write-off", "approve", case_id, *log.book) == 2
    assert "ann is not among the people" in capsys.readouterr().err
    assert ledger.asked == []
    assert do(run, "bea", "write-off", "approve", case_id, *log.book) == 0
    case = the_case(log)
    assert (case.state, case.entry_id) == (State.WRITTEN_OFF, "2/21/0")
    proposal, approval = ledger.asked
    assert (proposal.wallet_id, proposal.body.amount, proposal.body.maker) == ("w-1", 5_00, "ann")
    assert (proposal.body.ticket, proposal.body.account) == (case_id, "EXP.GOODWILL")
    assert approval.body.adjustment_id == proposal.command_id == f"writeoff-{case_id}-3"
    assert approval.body.checker == "bea"


def test_its_maker_cannot_approve_it_though_among_the_people(log, run, ledger, capsys):
    case_id = investigated(log, run)
    book = log.state / "book.toml"
    book.write_text(BOOK + 'ann = "analyst"\n', encoding="utf-8")
    assert do(run, "ann", "write-off", "propose", case_id, *PROPOSE, *log.book) == 0
    assert do(run, "ann", "write-off", "approve", case_id, *log.book) == 2
    assert "ann may not approve what ann asked for" in capsys.readouterr().err
    assert (ledger.asked, the_case(log).approvals) == ([], ())


def test_a_large_one_waits_for_the_second_and_for_the_role(log, run, ledger, capsys):
    case_id = proposed(log, run, "500.00")
    assert do(run, "bea", "write-off", "approve", case_id, *log.book) == 0
    assert "not booked yet: 2 approvals are needed, there are 1" in capsys.readouterr().out
    assert ledger.asked == []
    assert do(run, "zoe", "write-off", "book", case_id) == 2
    assert do(run, "bea", "write-off", "approve", case_id, *log.book) == 2
    ledger.needed = 2
    assert do(run, "cid", "write-off", "approve", case_id, *log.book) == 0
    assert [each.body.checker for each in ledger.asked[1:]] == ["bea", "cid"]
    assert the_case(log).entry_id == "2/22/0"


def test_more_than_anybody_may_give_up_is_not_even_proposed(log, run, capsys):
    case_id = investigated(log, run, "1000.01")
    assert do(run, "ann", "write-off", "propose", case_id, *PROPOSE, *log.book) == 2
    assert "nobody may write off 100001 EUR" in capsys.readouterr().err


def test_what_the_ledger_refused_stays_proposed_and_can_be_declined(log, run, ledger, capsys):
    case_id = proposed(log, run)
    ledger.refusing = "ApproveAdjustment"
    assert do(run, "bea", "write-off", "approve", case_id, *log.book) == 1
    assert "the ledger refused writeoff-" in capsys.readouterr().err
    assert the_case(log).state is State.WRITE_OFF_PROPOSED
    assert do(run, "ann", "write-off", "decline", case_id) == 0
    assert do(run, "ann", "write-off", "propose", case_id, *PROPOSE, *log.book) == 0
    ledger.refusing, ledger.asked = "", []
    assert do(run, "bea", "write-off", "approve", case_id, *log.book) == 0
    assert ledger.asked[0].command_id == f"writeoff-{case_id}-6"  # not the refused one again


def test_a_booking_that_stopped_half_way_asks_for_the_same_again(log, run, ledger, monkeypatch):
    case_id = proposed(log, run)

    def die(*_):
        raise OvertakenError("the operator's machine is gone")

    monkeypatch.setattr(writing_off, "book", die)
    assert do(run, "bea", "write-off", "approve", case_id, *log.book) == 1
    monkeypatch.undo()
    case = the_case(log)
    assert case.state is State.WRITE_OFF_PROPOSED
    first, again = Ledger(), Ledger()
    assert booked(commands_of(case), first) == booked(commands_of(case), again) == "2/21/0"
    assert first.asked == again.asked


def test_a_policy_that_wants_more_is_told(log, run, ledger, capsys):
    ledger.needed = 2
    case_id = proposed(log, run)
    assert do(run, "bea", "write-off", "approve", case_id, *log.book) == 1
    assert "policy wants one more" in capsys.readouterr().err
    assert the_case(log).state is State.WRITE_OFF_PROPOSED


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("[[authority]", "no TOML"),
        ("[other]", "unknown key 'other'"),
        ("authority = 1", "[[authority]] is a list"),
        ('[[authority]]\ncurrency = "EUR"', "authority 1 has exactly the fields"),
        (BOOK.replace('"10.00"', '"ten"'), "authority 1.up_to"),
        (BOOK.replace('"1000.00"', "1000.00"), "authority 2.up_to"),
        (BOOK.replace('"EUR"', '"QQQ"'), "authority 1.currency"),
        (BOOK.replace("approvals = 2", "approvals = true"), "authority 2.approvals"),
        (BOOK.replace('"lead"\n', "3\n"), "authority 2.role"),
        (BOOK + "dan = 4", "people.dan"),
    ],
)
def test_a_wrong_book_names_the_field(tmp_path, text, named):
    path = tmp_path / "book.toml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(DocumentError) as error:
        read_authorities(path)
    assert named in str(error.value)


def test_only_what_is_needed_of_a_decision_is_faked():
    assert set(vars(Decided())) <= set(Decision.__init__.__annotations__)
