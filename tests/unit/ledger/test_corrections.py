"""Corrections: adjustments that undo earlier ones, all or in part."""

from ledger.results import endings_of
from schemas.messages.vocabulary import StatusAction, TransactionState
from tests.support.given import accepted, given, opened, rejected, set_status, topped_up
from tests.support.looking import balance
from tests.unit.ledger.test_adjustments import (
    FROM,
    TO,
    TRANSITION,
    approve,
    done,
    posted,
    propose,
    state,
)


def test_a_correction_undoes_part_and_then_the_rest():
    start = given(opened("alice"), done("EXP.GOODWILL", 50))
    given(done("EXP.GOODWILL", 20, FROM, "part", corrects="adj"), rig=start.rig)
    row = start.rig.view.transactions.get(("alice", "adj"))
    assert (row.state, row.refunded) == (TransactionState.COMPLETED, 20)
    more = propose("EXP.GOODWILL", 31, FROM, "more", corrects="adj")
    start.when(more).then(rejected(TRANSITION, "corrects"))
    given(propose("EXP.GOODWILL", 30, FROM, "rest", corrects="adj"), rig=start.rig)
    decision = start.when(approve(adjustment_id="rest")).then(accepted())
    assert [each.command_id for each in endings_of(decision)] == ["rest"]
    assert state(start.rig) is TransactionState.REVERSED
    assert balance(start.rig.view, "alice") == 0


def test_a_correction_goes_the_other_way_on_the_same_account_and_currency():
    start = given(opened("alice", currencies=("EUR", "USD")), done("EXP.GOODWILL", 50))
    for changed in (
        {"account": "EXP.GOODWILL"},
        {"account": "EXP.FRAUD", "direction": FROM},
        {"account": "EXP.GOODWILL", "direction": FROM, "currency": "USD"},
    ):
        start.when(propose(command_id=None, corrects="adj", **changed)).then(
            rejected(TRANSITION, "corrects")
        )


def test_of_two_corrections_of_the_same_the_second_finds_nothing_left():
    start = given(opened("alice"), done("EXP.GOODWILL", 50))
    one = propose("EXP.GOODWILL", 50, FROM, "one", corrects="adj")
    two = propose("EXP.GOODWILL", 50, FROM, "two", corrects="adj")
    given(one, two, approve(adjustment_id="one"), rig=start.rig)
    start.when(approve(adjustment_id="two")).then(rejected(TRANSITION, "corrects"))


def test_a_lien_is_placed_on_a_frozen_wallet_and_released_by_its_correction():
    frozen = set_status("alice", StatusAction.FREEZE_BOTH)
    start = given(opened("alice"), topped_up("alice", 80), frozen)
    given(propose("W.LIEN", 50, FROM), rig=start.rig)
    decision = start.when(approve()).then(accepted())
    assert posted(decision) == [("W.AVL", "alice", 50), ("W.LIEN", "alice", -50)]
    assert balance(start.rig.view, "alice", "W.LIEN") == 50
    given(done("W.LIEN", 50, TO, "free", corrects="adj"), rig=start.rig)
    assert balance(start.rig.view, "alice") == 80
