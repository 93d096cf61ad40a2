"""Journal, outcomes, holds, wallets, balances and the sink's position.

Never: sequences or defaults that give a row anything which is not in the log.
"""

from __future__ import annotations

from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

# Append-only tables are written by COPY without ON CONFLICT: their primary keys are the tripwire
# that would show a batch applied twice.
TABLES = (
    """
    CREATE TABLE sink_offset (
        partition integer PRIMARY KEY,
        next_offset bigint NOT NULL,
        sequence bigint NOT NULL,
        chain bytea NOT NULL,
        topic_id text NOT NULL
    )
    """,
    """
    CREATE TABLE outcome (
        partition integer NOT NULL,
        sequence bigint NOT NULL,
        decided_at timestamptz NOT NULL,
        source text NOT NULL,
        source_offset bigint NOT NULL,
        wallet_id text NOT NULL,
        command_id text NOT NULL,
        outcome text NOT NULL,
        reason text,
        detail text NOT NULL,
        stage text NOT NULL,
        duplicate_of bigint,
        PRIMARY KEY (partition, sequence)
    )
    """,
    "CREATE INDEX outcome_command ON outcome (command_id)",
    "CREATE INDEX outcome_wallet ON outcome (wallet_id, sequence)",
    """
    CREATE TABLE journal_entry (
        partition integer NOT NULL,
        sequence bigint NOT NULL,
        entry smallint NOT NULL,
        flow text NOT NULL,
        decided_at timestamptz NOT NULL,
        PRIMARY KEY (partition, sequence, entry)
    )
    """,
    """
    CREATE TABLE posting (
        partition integer NOT NULL,
        sequence bigint NOT NULL,
        entry smallint NOT NULL,
        posting smallint NOT NULL,
        account text NOT NULL,
        owner text NOT NULL,
        currency text NOT NULL,
        amount bigint NOT NULL,
        PRIMARY KEY (partition, sequence, entry, posting)
    )
    """,
    "CREATE INDEX posting_owner ON posting (owner, sequence) WHERE owner <> ''",
    """
    CREATE TABLE hold (
        wallet_id text NOT NULL,
        hold_id text NOT NULL,
        partition integer NOT NULL,
        sequence bigint NOT NULL,
        to_wallet_id text NOT NULL,
        currency text NOT NULL,
        authorized bigint NOT NULL,
        expires_at timestamptz,
        status text NOT NULL DEFAULT 'ACTIVE',
        PRIMARY KEY (wallet_id, hold_id)
    )
    """,
    """
    CREATE TABLE hold_step (
        partition integer NOT NULL,
        sequence bigint NOT NULL,
        step smallint NOT NULL,
        wallet_id text NOT NULL,
        hold_id text NOT NULL,
        captured bigint NOT NULL,
        released bigint NOT NULL,
        PRIMARY KEY (partition, sequence, step)
    )
    """,
    "CREATE INDEX hold_step_hold ON hold_step (wallet_id, hold_id)",
    """
    CREATE TABLE wallet (
        wallet_id text PRIMARY KEY,
        partition integer NOT NULL,
        kind text NOT NULL,
        opened_at timestamptz NOT NULL,
        tier text,
        status text,
        debit_blocked boolean,
        credit_blocked boolean
    )
    """,
    # Rows are updated all the time and no index covers what changes: room for updates in place.
    """
    CREATE TABLE wallet_balance (
        owner text NOT NULL,
        account text NOT NULL,
        currency text NOT NULL,
        partition integer NOT NULL,
        minor bigint NOT NULL,
        owner_sequence bigint NOT NULL,
        PRIMARY KEY (owner, account, currency, partition)
    ) WITH (fillfactor = 70)
    """,
)


def upgrade() -> None:
    for statement in TABLES:
        op.execute(statement)
