"""Holds that are incremented or extended: what each step authorised, and holds as they stand now.

The tables are emptied: they lack what the log has said of holds so far, and a sink whose store has
no position folds the log from its beginning.
"""

from __future__ import annotations

from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

CHANGES = (
    """
    TRUNCATE sink_offset, outcome, journal_entry, posting, hold, hold_step, wallet, wallet_balance
    """,
    # What it was placed with; who wants to know what it is worth now asks hold_now.
    "ALTER TABLE hold RENAME COLUMN authorized TO placed",
    "ALTER TABLE hold_step ADD COLUMN authorized bigint NOT NULL",
    # Steps are added up when somebody asks: the sink adds no money.
    """
    CREATE VIEW hold_now AS
    SELECT h.wallet_id, h.hold_id, h.partition, h.sequence, h.to_wallet_id, h.currency,
           (h.placed + coalesce(sum(s.authorized), 0))::bigint AS authorized,
           coalesce(sum(s.captured), 0)::bigint AS captured,
           coalesce(sum(s.released), 0)::bigint AS released,
           (h.placed + coalesce(sum(s.authorized - s.captured - s.released), 0))::bigint
               AS remaining,
           h.status, h.expires_at
    FROM hold h LEFT JOIN hold_step s USING (wallet_id, hold_id)
    GROUP BY h.wallet_id, h.hold_id
    """,
)


def upgrade() -> None:
    for statement in CHANGES:
        op.execute(statement)
