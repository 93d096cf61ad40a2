"""Escrows: the rest goes back, by command or at the end of their life."""

from schemas.messages.vocabulary import (
    StatusAction,
    TransactionState,
)
from tests.support.builders import (
    HOUR,
    MINUTE,
)
from tests.support.given import (
    accepted,
    given,
    happened,
    has,
    set_status,
    timer,
    waited,
)
from tests.unit.ledger.escrow_words import (
    escrow_is,
    fund,
    home,
    refund,
    release,
    row_of,
    two,
)
from tests.unit.ledger.rigs import carried


def test_an_untouched_escrow_is_refunded_whole_and_gives_its_count_back():
    example = home(fund(seller="bob"))
    decision = example.when(refund()).then(
        happened("EntryPosted", *["TransactionMoved"] * 3, "OutflowGivenBack"),
        escrow_is(TransactionState.REVERSED, refunded=200),
        has("alice", 1_000),
    )
    assert [each.row.state for each in decision.events[1:4]] == [
        TransactionState.CANCELLED,
        TransactionState.PROCESSING,
        TransactionState.REVERSED,
    ]
    back = decision.events[-1]
    assert (back.base_amount, back.whole) == (200, True)


def test_the_rest_gives_its_share_back():
    example = home(fund(seller="bob"), release(150))
    decision = example.when(refund()).then(
        escrow_is(TransactionState.COMPLETED, done=150, refunded=50, fee=4), has("alice", 850)
    )
    back = decision.events[-1]
    assert (back.base_amount, back.whole) == (50, False)


def test_an_escrow_ends_with_its_life():
    example = home(fund(seller="bob", ttl_s=60), release(150), waited(HOUR))
    decision = example.when(timer()).then(
        escrow_is(TransactionState.COMPLETED, done=150, refunded=50, fee=4), has("alice", 850)
    )
    assert decision.events[1].row.state is TransactionState.EXPIRED
    assert example.rig.fire() is None


def test_without_a_life_it_never_ends():
    for ttl_s in (None, 0):
        assert home(fund(seller="bob", ttl_s=ttl_s)).rig.fire() is None


def test_the_timer_sleeps_while_money_is_under_way():
    here, there = two(fund(ttl_s=3_600))
    due = row_of(here).due
    release(150)(here)
    assert row_of(here).due == -due
    assert [key[1] for key in here.view.timers.rows] == [2]  # the saga's only
    carried(here, there)
    carried(there, here)
    assert row_of(here).due == due
    release(50, "last")(here)
    here.wait(2 * HOUR)
    there.wait(2 * HOUR)
    set_status("bob-1", StatusAction.FREEZE_CREDIT)(there)
    carried(here, there)
    carried(there, here)
    given(rig=here).when(timer()).then(
        accepted(),
        escrow_is(TransactionState.COMPLETED, done=150, refunded=50, fee=4),
    )
    assert here.log[-1][0].decided_at > due


def test_a_minute_is_sixty_seconds():
    example = home(fund(seller="bob", ttl_s=60))
    assert row_of(example.rig).due == example.rig.at + MINUTE
