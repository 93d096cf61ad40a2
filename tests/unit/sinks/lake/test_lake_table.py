"""A table of the lake: rows and offsets in one snapshot, and two writers of which one wins."""

import json

import pytest
from pyiceberg.types import LongType

from schemas.codec import decode
from schemas.messages.facts import PostingFact
from sinks.crash import AFTER_OFFSET, BEFORE_OFFSET
from sinks.errors import SettingsError, StoreMoved, TopicReplaced
from sinks.lake.catalog import open_catalog
from sinks.lake.columns import schema_of, taken
from sinks.lake.table import NO_RETRIES, OFFSETS, LakeTable, Standing, newest_of_ours
from tests.support.lakes import POSTINGS, facts_of_rigs, rigs_of_day

TOPIC = "id-1"
NAME = "ledger.postings"


class Killed(Exception):
    pass


@pytest.fixture(scope="module")
def values():
    parts = facts_of_rigs(rigs_of_day(length=20))[POSTINGS.topic.name]
    return max(parts, key=len)[:30]


@pytest.fixture
def opened(tmp_path):
    def open_table(crash=lambda _point: None):
        table = LakeTable(open_catalog(str(tmp_path)), POSTINGS, crash)
        return table, table.standing(TOPIC)

    return open_table


@pytest.fixture
def stored(tmp_path):
    return lambda: open_catalog(str(tmp_path)).load_table(NAME)


def write(table, values, before, offset):
    found = taken(POSTINGS, [(0, each) for each in values], dict(before.places), table.arrow)
    after = Standing({0: offset}, found.places)
    table.append(TOPIC, found.rows, after)
    return after


def test_rows_and_where_they_end_are_one_snapshot(opened, stored, values):
    table, begun = opened()
    assert begun == Standing()
    first = write(table, values[:10], begun, 19)
    second = write(table, values[10:], first, 59)
    assert opened()[1] == second
    rows = stored().scan().to_arrow().to_pylist()
    facts = [decode(PostingFact, each) for each in values]
    assert sorted(row["posting_id"] for row in rows) == sorted(each.posting_id for each in facts)
    found = {row["posting_id"]: row for row in rows}
    for each in facts:
        row = found[each.posting_id]
        assert row["amount_minor"] == each.amount_minor
        assert row["decided_at"].timestamp() * 1_000_000 == pytest.approx(each.decided_at, abs=1)
        assert row["wallet_id"] == each.wallet_id
        assert row["decided_at"].date() == row["day"]


@pytest.mark.parametrize("repeated_elsewhere", ["0", "4"])
def test_of_two_writers_at_one_place_one_commits_and_nothing_is_doubled(
    opened, stored, values, repeated_elsewhere
):
    """Also where somebody told every client to repeat commits upon what another wrote."""
    table, begun = opened()
    write(table, values[:3], begun, 5)
    with stored().transaction() as change:
        change.set_properties({NO_RETRIES[0]: repeated_elsewhere})
    (one, begun), (zombie, same) = opened(), opened()
    assert begun == same
    write(one, values[3:20], begun, 39)
    with pytest.raises(StoreMoved):
        write(zombie, values[3:20], same, 39)
    assert stored().scan().count() == 20
    assert zombie.standing(TOPIC).offsets == {0: 39}


def test_two_writers_of_an_empty_table(opened, stored, values):
    (one, begun), (other, same) = opened(), opened()
    write(one, values, begun, 59)
    with pytest.raises(StoreMoved):
        write(other, values, same, 59)
    assert stored().scan().count() == len(values)


@pytest.mark.parametrize(("point", "rows"), [(BEFORE_OFFSET, 0), (AFTER_OFFSET, 30)])
def test_a_death_at_the_commit_leaves_all_or_nothing(opened, stored, values, tmp_path, point, rows):
    def die(reached):
        if reached == point:
            raise Killed

    table, begun = opened(die)
    with pytest.raises(Killed):
        write(table, values, begun, 59)
    assert stored().scan().count() == rows
    assert list(tmp_path.rglob("*.parquet"))
    after = opened()[1]
    assert after.offsets == ({0: 59} if rows else {})


def test_a_snapshot_of_others_is_passed_over_and_stops_a_commit(opened, stored, values):
    table, begun = opened()
    after = write(table, values[:20], begun, 39)
    stored().append(stored().scan(limit=1).to_arrow())  # an engine with its own hands in it
    assert OFFSETS not in stored().current_snapshot().summary.additional_properties
    with pytest.raises(StoreMoved):
        write(table, values[20:], after, 59)
    assert table.standing(TOPIC) == after


def test_a_table_that_was_rolled_back_is_filled_from_there(opened, stored, values):
    table, begun = opened()
    first = write(table, values[:10], begun, 19)
    old = stored().current_snapshot().snapshot_id
    write(table, values[10:], first, 59)
    stored().manage_snapshots().rollback_to_snapshot(old).commit()
    table, begun = opened()
    assert begun == first
    write(table, values[10:], begun, 59)
    assert stored().scan().count() == len(values)


def test_rows_without_offsets_are_not_added_to(opened, stored, values):
    table, begun = opened()
    found = taken(POSTINGS, [(0, each) for each in values], {}, table.arrow)
    stored().append(found.rows)
    with pytest.raises(TopicReplaced, match="no snapshot that says"):
        opened()
    assert begun == Standing()


def test_a_topic_of_another_ledger_is_refused(opened, values):
    table, begun = opened()
    write(table, values, begun, 59)
    with pytest.raises(TopicReplaced, match="id-1"):
        table.standing("id-2")


def test_a_table_that_was_dropped_is_made_anew(opened, stored, values, tmp_path):
    table, begun = opened()
    open_catalog(str(tmp_path)).drop_table(NAME)
    with pytest.raises(StoreMoved):
        write(table, values, begun, 59)
    assert table.standing(TOPIC) == Standing()


def test_a_column_that_the_facts_gained_is_added_and_the_old_rows_have_none(opened, stored, values):
    table, begun = opened()
    after = write(table, values[:10], begun, 19)
    with stored().update_schema() as change:
        change.delete_column("flow")
        change.add_column("of_tomorrow", LongType())
    table, _ = opened()
    write(table, values[10:], after, 59)
    rows = stored().scan().to_arrow()
    assert rows["flow"].null_count == 10
    assert rows["of_tomorrow"].null_count == len(values)


def test_old_snapshots_are_forgotten_and_their_rows_are_not(opened, stored, values, monkeypatch):
    monkeypatch.setattr("sinks.lake.table.SNAPSHOTS_MAX", 2)
    monkeypatch.setattr("sinks.lake.table.SNAPSHOTS_KEPT", 1)
    table, after = opened()
    for number, value in enumerate(values[:4]):
        after = write(table, [value], after, 2 * number + 1)
    assert len(stored().metadata.snapshots) <= 2
    assert stored().scan().count() == 4
    assert opened()[1] == after


def test_a_table_says_what_its_columns_mean(opened, stored):
    opened()
    fields = stored().schema().fields
    assert [each.name for each in fields] == list(PostingFact.__match_args__)
    assert all(each.doc for each in fields)
    assert fields == schema_of(POSTINGS).fields
    assert str(stored().spec().fields[0].transform) == "day"
    assert newest_of_ours(stored()) is None


def test_any_catalog_by_a_file_of_its_properties(tmp_path):
    place = tmp_path / "lake.json"
    place.write_text(
        json.dumps(
            {
                "type": "sql",
                "uri": f"sqlite:///{tmp_path / 'other.db'}",
                "warehouse": f"file://{tmp_path / 'away'}",
            }
        )
    )
    LakeTable(open_catalog(str(place)), POSTINGS).standing(TOPIC)
    assert (tmp_path / "other.db").exists()
    for text in ("[]", "{", '{"type": 1}'):
        place.write_text(text)
        with pytest.raises(SettingsError, match=r"lake\.json"):
            open_catalog(str(place))
