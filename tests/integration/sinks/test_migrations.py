"""A database of an earlier version: what it left out is there again when its sink has folded on."""

from contextlib import closing

import psycopg
import pytest

from sinks.postgres.migrate import migrate

BEFORE_HOLD_CHANGES, BEFORE_TRANSACTIONS = "0001", "0002"


@pytest.mark.parametrize("version", [BEFORE_HOLD_CHANGES, BEFORE_TRANSACTIONS])
def test_a_database_of_an_earlier_version_is_filled_from_the_beginning(places, fed, version):
    migrate(places.postgres, version)
    with psycopg.connect(places.postgres) as connection:
        connection.execute(
            "INSERT INTO sink_offset SELECT n, 7, 7, '\\x00', 'topic' FROM generate_series(0, 2) n"
        )
        connection.execute(
            "INSERT INTO wallet (wallet_id, partition, kind, opened_at)"
            " VALUES ('of-another-ledger', 0, 'CUSTOMER', now())"
        )
    migrate(places.postgres)
    with closing(places.open_reads("postgres")) as reads:
        assert reads.positions() == {}
        assert reads.wallet("of-another-ledger") is None
    places.start("postgres")
    places.wait_for("postgres", fed)
    places.assert_holds_exactly("postgres", fed)
