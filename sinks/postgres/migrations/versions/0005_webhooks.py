"""Webhooks and notices: who is told, what is to be told to whom, and each attempt of it.

These are no fold of the log and are not emptied: they remember what was already told.
"""

from __future__ import annotations

from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

TABLES = (
    """
    CREATE TABLE webhook_position (
        topic text NOT NULL,
        partition integer NOT NULL,
        topic_id text NOT NULL,
        next_offset bigint NOT NULL,
        PRIMARY KEY (topic, partition)
    )
    """,
    """
    CREATE TABLE webhook_subscription (
        subscription_id text PRIMARY KEY,
        channel text NOT NULL,
        address text NOT NULL,
        owner text NOT NULL,
        wallets text[] NOT NULL,
        types text[] NOT NULL,
        reasons text[] NOT NULL,
        private_allowed boolean NOT NULL,
        quiet_begins smallint,
        quiet_ends smallint,
        quiet_zone text,
        secret text NOT NULL,
        former_secret text NOT NULL,
        former_until timestamptz,
        standing text NOT NULL,
        why text NOT NULL DEFAULT '',
        since timestamptz NOT NULL,
        created_at timestamptz NOT NULL DEFAULT now(),
        failures integer NOT NULL DEFAULT 0,
        open_until timestamptz
    )
    """,
    # Its key is what keeps a repeat from being told: rows stay.
    """
    CREATE TABLE webhook_delivery (
        subscription_id text NOT NULL REFERENCES webhook_subscription,
        event_id text NOT NULL,
        message_id text NOT NULL,
        type text NOT NULL,
        wallet_id text NOT NULL,
        body text NOT NULL,
        state text NOT NULL,
        attempts integer NOT NULL DEFAULT 0,
        due_at timestamptz NOT NULL,
        created_at timestamptz NOT NULL DEFAULT now(),
        ended_at timestamptz,
        PRIMARY KEY (subscription_id, event_id)
    ) WITH (fillfactor = 80)
    """,
    """
    CREATE INDEX webhook_delivery_due ON webhook_delivery (subscription_id, due_at)
    WHERE state = 'DUE'
    """,
    "CREATE INDEX webhook_delivery_dead ON webhook_delivery (subscription_id) WHERE state = 'DEAD'",
    """
    CREATE TABLE webhook_attempt (
        attempt_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
        subscription_id text NOT NULL,
        event_id text NOT NULL,
        attempt integer NOT NULL,
        at timestamptz NOT NULL,
        took_ms integer NOT NULL,
        status integer,
        error text NOT NULL
    )
    """,
    "CREATE INDEX webhook_attempt_of ON webhook_attempt (subscription_id, event_id, attempt_id)",
)


def upgrade() -> None:
    for table in TABLES:
        op.execute(table)
