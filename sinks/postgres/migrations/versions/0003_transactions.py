"""Transactions as they stand, and every step they went.

The tables are emptied, because these know nothing of the past: the sink folds the log again.
"""

from __future__ import annotations

from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

CHANGES = (
    """
    TRUNCATE sink_offset, outcome, journal_entry, posting, hold, hold_step, wallet, wallet_balance
    """,
    # Text that does not apply is empty, not null, as in the log. due_at has no meaning while the
    # timer sleeps, that is while money is under way, but for the time it will wake up with.
    """
    CREATE TABLE wallet_transaction (
        wallet_id text NOT NULL,
        transaction_id text NOT NULL,
        partition integer NOT NULL,
        kind text NOT NULL,
        state text NOT NULL,
        currency text NOT NULL,
        amount bigint NOT NULL,
        fee bigint NOT NULL,
        done bigint NOT NULL,
        refunded bigint NOT NULL,
        fee_refunded bigint NOT NULL,
        reserve bigint NOT NULL,
        disputed bigint NOT NULL,
        other_currency text NOT NULL,
        other_amount bigint NOT NULL,
        maker text NOT NULL,
        counterparty text NOT NULL,
        rail text NOT NULL,
        reference text NOT NULL,
        due_at timestamptz,
        due_sleeps boolean NOT NULL,
        opened_sequence bigint NOT NULL,
        opened_at timestamptz NOT NULL,
        changed_sequence bigint NOT NULL,
        changed_at timestamptz NOT NULL,
        PRIMARY KEY (wallet_id, transaction_id)
    ) WITH (fillfactor = 80)
    """,
    # What reconciliation asks: a reference of the rail, and whatever has stood somewhere too long.
    """
    CREATE INDEX wallet_transaction_reference ON wallet_transaction (reference)
    WHERE reference <> ''
    """,
    "CREATE INDEX wallet_transaction_state ON wallet_transaction (kind, state, changed_at)",
    """
    CREATE TABLE transaction_step (
        partition integer NOT NULL,
        sequence bigint NOT NULL,
        step smallint NOT NULL,
        wallet_id text NOT NULL,
        transaction_id text NOT NULL,
        kind text NOT NULL,
        before text NOT NULL,
        state text NOT NULL,
        reason text NOT NULL,
        actor text NOT NULL,
        decided_at timestamptz NOT NULL,
        PRIMARY KEY (partition, sequence, step)
    )
    """,
    "CREATE INDEX transaction_step_transaction ON transaction_step (wallet_id, transaction_id)",
)


def upgrade() -> None:
    for statement in CHANGES:
        op.execute(statement)
