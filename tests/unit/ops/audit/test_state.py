"""State: a store held against a fold of its log, and every way in which it differs."""

from dataclasses import fields

from ops.audit.state import SHOWN, encoded, folded, state_differences
from streams.wallet.tables import TABLES, WALLETS
from tests.unit.ops.ledger_day import day, groups_of


def rows():
    return encoded(folded(groups_of(day()[0])))


def test_a_fold_of_the_log_is_what_its_writer_stored():
    for writer in day():
        assert state_differences(encoded(folded(groups_of(writer))), writer.rows) == []


def test_a_planted_difference_is_named_by_table_and_key():
    good = rows()
    key = next(each for each in sorted(good) if each.startswith(WALLETS.prefix))
    missing = {each: row for each, row in good.items() if each != key}
    assert state_differences(good, missing) == [f"wallets: 1 rows, such as {key[1:]!r} missing"]
    assert state_differences(missing, good) == [f"wallets: 1 rows, such as {key[1:]!r} extra"]
    (difference,) = state_differences(good, {**good, key: good[key][:-1] + b"\x7f"})
    assert difference == f"wallets: 1 rows, such as {key[1:]!r} different"


def test_any_row_that_is_missing_is_missed():
    good = rows()
    for key in good:
        (difference,) = state_differences(good, {k: r for k, r in good.items() if k != key})
        assert difference.endswith("missing")


def test_a_flipped_bit_in_any_row_is_found():
    good = rows()
    for key, row in good.items():
        flipped = bytes([*row[:-1], row[-1] ^ 1])
        assert len(state_differences(good, {**good, key: flipped})) == 1


def test_many_differences_are_counted_and_a_few_shown():
    good = {WALLETS.prefix + b"%02d" % each: b"" for each in range(20)}
    (difference,) = state_differences(good, {})
    assert difference.startswith("wallets: 20 rows, such as b'00' missing; ")
    assert difference.count("missing") == SHOWN


def test_a_fold_of_nothing_has_no_rows():
    assert encoded(folded([])) == {}
    assert {each.name for each in TABLES} == {each.name for each in fields(folded([]))}
