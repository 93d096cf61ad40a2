"""Views for analysts: trial balance, balances as of a time, statement, movement, holds, fees.

No table changes and nothing is emptied: these only read. Sums are numeric, because a sum of many
bigint amounts may be beyond 64 bits.
"""

from __future__ import annotations

from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

# Bodies BEGIN ATOMIC are bound to the tables of the schema they are made in: a replay beside the
# live rows has functions of its own.
VIEWS = (
    # Every posting with the time of its Decision; the others are made of it.
    """
    CREATE VIEW posted AS
    SELECT p.partition, p.sequence, p.entry, p.posting, e.decided_at,
           (e.decided_at AT TIME ZONE 'UTC')::date AS day, e.flow,
           p.account, p.owner, p.currency, p.amount
    FROM posting p JOIN journal_entry e USING (partition, sequence, entry)
    """,
    """
    CREATE FUNCTION balance_as_of(at timestamptz)
    RETURNS TABLE (account text, owner text, currency text, partition integer, minor numeric)
    LANGUAGE SQL STABLE
    BEGIN ATOMIC
        SELECT p.account, p.owner, p.currency, p.partition, sum(p.amount)
        FROM posted p WHERE p.decided_at <= balance_as_of.at
        GROUP BY p.account, p.owner, p.currency, p.partition
        HAVING sum(p.amount) <> 0;
    END
    """,
    """
    CREATE VIEW trial_balance AS
    SELECT account, currency,
           coalesce(sum(amount) FILTER (WHERE amount > 0), 0) AS debits,
           coalesce(-sum(amount) FILTER (WHERE amount < 0), 0) AS credits,
           sum(amount) AS balance
    FROM posting GROUP BY account, currency
    """,
    """
    CREATE FUNCTION trial_balance_as_of(at timestamptz)
    RETURNS TABLE (account text, currency text, balance numeric)
    LANGUAGE SQL STABLE
    BEGIN ATOMIC
        SELECT b.account, b.currency, sum(b.minor)
        FROM balance_as_of(trial_balance_as_of.at) b GROUP BY b.account, b.currency
        HAVING sum(b.minor) <> 0;
    END
    """,
    # Of a wallet's own accounts, to its good positive. What only moves between them, as a hold
    # does, is no movement of the wallet. A wallet lies in one partition: its sequence is its order.
    """
    CREATE VIEW statement AS
    SELECT wallet_id, currency, day, decided_at, partition, sequence, entry, flow, command_id,
           amount,
           sum(amount) OVER (PARTITION BY wallet_id, currency ORDER BY sequence, entry) AS balance
    FROM (
        SELECT p.owner AS wallet_id, p.currency, p.day, p.decided_at, p.partition, p.sequence,
               p.entry, p.flow, o.command_id, -sum(p.amount) AS amount
        FROM posted p JOIN outcome o USING (partition, sequence)
        WHERE p.account LIKE 'W.%' OR p.account LIKE 'M.%' OR p.account = 'PTS.MEMBER'
        GROUP BY p.owner, p.currency, p.day, p.decided_at, p.partition, p.sequence, p.entry, p.flow,
                 o.command_id
        HAVING sum(p.amount) <> 0
    ) AS movement
    """,
    """
    CREATE VIEW daily_movement AS
    SELECT day, account, currency, postings, debits, credits, movement,
           sum(movement) OVER (PARTITION BY account, currency ORDER BY day) AS closing
    FROM (
        SELECT day, account, currency, count(*) AS postings,
               coalesce(sum(amount) FILTER (WHERE amount > 0), 0) AS debits,
               coalesce(-sum(amount) FILTER (WHERE amount < 0), 0) AS credits,
               sum(amount) AS movement
        FROM posted GROUP BY day, account, currency
    ) AS moved
    """,
    """
    CREATE FUNCTION aged_holds(at timestamptz)
    RETURNS TABLE (
        wallet_id text, hold_id text, to_wallet_id text, currency text, remaining bigint,
        placed_at timestamptz, expires_at timestamptz, age interval, bucket text, overdue boolean
    )
    LANGUAGE SQL STABLE
    BEGIN ATOMIC
        SELECT h.wallet_id, h.hold_id, h.to_wallet_id, h.currency, h.remaining,
               o.decided_at, h.expires_at, aged_holds.at - o.decided_at,
               CASE WHEN aged_holds.at - o.decided_at < interval '1 day' THEN 'under 1 day'
                    WHEN aged_holds.at - o.decided_at < interval '7 days' THEN '1 to 7 days'
                    WHEN aged_holds.at - o.decided_at < interval '30 days' THEN '7 to 30 days'
                    ELSE '30 days and over' END,
               coalesce(h.expires_at < aged_holds.at, false)
        FROM hold_now h JOIN outcome o USING (partition, sequence)
        WHERE h.remaining > 0;
    END
    """,
    "CREATE VIEW aged_hold AS SELECT * FROM aged_holds(now())",
    # Earned is positive; a fee that was given back is a posting the other way, of its own day.
    """
    CREATE VIEW fee_revenue AS
    SELECT day, account, flow, currency, count(*) AS postings, -sum(amount) AS earned
    FROM posted WHERE account LIKE 'REV.%' GROUP BY day, account, flow, currency
    """,
)


def upgrade() -> None:
    for view in VIEWS:
        op.execute(view)
