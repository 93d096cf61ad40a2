"""Migrate: bring the tables to the newest version, once, whoever starts first.

Owns: the advisory lock under which migrations run.
Never: deletes rows, unless all of them with the position: where tables lack what earlier versions
left out of them, the sink folds the log again.
"""

from __future__ import annotations

from pathlib import Path
from typing import Final

from alembic import command
from alembic.config import Config
from sqlalchemy import create_engine, text
from sqlalchemy.exc import InterfaceError, OperationalError
from sqlalchemy.pool import NullPool

from sinks.errors import StoreAway
from sinks.postgres.connection import connect

MIGRATIONS: Final = Path(__file__).with_name("migrations")
# Any number, the same in every process of ours: "ledger" in ASCII.
LOCK_KEY: Final = 0x6C_65_64_67_65_72
NEWEST: Final = "head"


def migrate(dsn: str, version: str = NEWEST) -> None:
    """Upgrade to a version; a second process waits for the first."""
    engine = create_engine(
        "postgresql+psycopg://",
        creator=lambda: connect(dsn, "ledger-migrate", autocommit=False),
        poolclass=NullPool,
    )
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    try:
        with engine.begin() as connection:
            connection.execute(text(f"SELECT pg_advisory_xact_lock({LOCK_KEY})"))
            config.attributes["connection"] = connection
            command.upgrade(config, version)
    except (OperationalError, InterfaceError) as error:
        raise StoreAway(f"PostgreSQL cannot be migrated now: {error.orig}") from error
    finally:
        engine.dispose()
