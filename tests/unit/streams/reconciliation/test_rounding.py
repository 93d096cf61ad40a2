"""Small differences pass by themselves until the cap of the day is used."""

from streams.reconciliation.external.matching.open_items import Match
from streams.reconciliation.external.matching.rounding import rounded

CURRENCIES = {"l1": "EUR", "l2": "EUR", "l3": "EUR", "l4": "JPY", "l5": "EUR"}


def off(name, difference):
    return Match("tolerance", (name,), (f"x-{name}",), difference)


def test_the_smallest_pass_first_and_signs_do_not_cancel():
    matches = [off("l1", 5), off("l2", -3), off("l3", 2), off("l5", 0)]
    found = rounded(matches, CURRENCIES, {"EUR": 5}, {})
    assert [each.line_ids[0] for each in found.posted] == ["l3", "l2"]
    assert [each.line_ids[0] for each in found.waiting] == ["l1"]
    assert found.used == {"EUR": 5}
    assert rounded(reversed(matches), CURRENCIES, {"EUR": 5}, {}) == found


def test_what_the_day_used_before_counts():
    found = rounded([off("l2", -3)], CURRENCIES, {"EUR": 5}, {"EUR": 3})
    assert (found.posted, len(found.waiting), found.used) == ((), 1, {"EUR": 3})
    assert len(rounded([off("l2", -3)], CURRENCIES, {"EUR": 6}, {"EUR": 3}).posted) == 1


def test_a_currency_without_a_cap_waits():
    found = rounded([off("l4", 1)], CURRENCIES, {"EUR": 5}, {})
    assert (found.posted, len(found.waiting)) == ((), 1)
