"""The units of a bucket, in rows of bounded size."""

from streams.reconciliation.stores.members import ROW, Members
from streams.reconciliation.stores.tables import TABLES, Books
from streams.runtime.fakes_local import FakeDisk
from streams.runtime.overlay import OverlayState

MANY = [f"wallet:{number}" for number in range(2 * ROW + 5)]


def test_units_join_leave_and_keep_their_order():
    books = Books(OverlayState(TABLES, FakeDisk().open()))
    members, others = Members(books, 0), Members(books, 1)
    assert list(members.units(3)) == []
    for unit in MANY:
        members.join(3, unit)
    others.join(3, "other")
    members.join(4, "elsewhere")
    assert list(members.units(3)) == MANY
    for unit in (MANY[0], MANY[ROW], MANY[-1]):
        members.leave(3, unit)
    members.leave(3, "nobody")
    members.join(3, "new")
    left = [unit for unit in MANY if unit not in {MANY[0], MANY[ROW], MANY[-1]}]
    assert list(members.units(3)) == [*left, "new"]
    assert (list(others.units(3)), list(members.units(4))) == (["other"], ["elsewhere"])


def test_no_row_grows_beyond_its_bound():
    books = Books(OverlayState(TABLES, FakeDisk().open()))
    members = Members(books, 0)
    for unit in MANY:
        members.join(0, unit)
    sizes = [len(books.members.get((0, 0, number)).units) for number in range(3)]
    assert sizes == [ROW, ROW, 5]
