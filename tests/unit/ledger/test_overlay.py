"""An overlay: changes are seen in it, and nothing beneath changes."""

import pytest

from ledger.errors import InvariantError
from ledger.overlay import laid_over
from schemas.messages.rows import AccountRow, TimerRow
from schemas.messages.vocabulary import TimerKind
from tests.support.builders import Rig
from tests.support.looking import rows_of

KEY = ("REV.P2P", "", "EUR")
TIMER = (7, 0, "w", "t")


def test_what_is_put_or_deleted_is_seen_in_it_only():
    view = Rig().view
    view.accounts.put(KEY, AccountRow(5))
    before = rows_of(view)
    over = laid_over(view)
    assert over.accounts.get(KEY) == AccountRow(5)
    over.accounts.put(KEY, AccountRow(6))
    assert over.accounts.get(KEY) == AccountRow(6)
    over.accounts.delete(KEY)
    assert over.accounts.get(KEY) is None
    over.accounts.put(("X", "", "EUR"), AccountRow(1))
    assert rows_of(view) == before
    assert view.accounts.get(KEY) == AccountRow(5)


def test_one_overlay_may_lie_on_another():
    view = Rig().view
    first = laid_over(view)
    first.accounts.put(KEY, AccountRow(1))
    second = laid_over(first)
    second.accounts.put(KEY, AccountRow(2))
    assert (first.accounts.get(KEY), view.accounts.get(KEY)) == (AccountRow(1), None)


def test_timers_are_looked_at_and_never_changed():
    view = Rig().view
    row = TimerRow(TimerKind.HOLD_EXPIRY, 7, "w", "t")
    view.timers.put(TIMER, row)
    over = laid_over(view)
    assert over.timers.get(TIMER) == row
    assert over.timers.first(3) == [(TIMER, row)]
    with pytest.raises(InvariantError, match="a timer of w is set on an overlay: t"):
        over.timers.put(TIMER, row)
    with pytest.raises(InvariantError, match="a timer of w is dropped on an overlay: t"):
        over.timers.delete(TIMER)
