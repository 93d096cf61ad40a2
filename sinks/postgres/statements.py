"""The SQL of the sink.

Owns: the compare-and-advance of the position, the COPY targets, the guarded changes of rows.
Never: an ON CONFLICT on an append-only table.
"""

from __future__ import annotations

from typing import Final

READ_POSITION: Final = """
    SELECT next_offset, sequence, chain, topic_id FROM sink_offset WHERE partition = %s
"""
# Both answer with one row, or with none when the store stands elsewhere.
FIRST_POSITION: Final = """
    INSERT INTO sink_offset (next_offset, sequence, chain, topic_id, partition)
    VALUES (%s, %s, %s, %s, %s) ON CONFLICT (partition) DO NOTHING
"""
ADVANCE_POSITION: Final = """
    UPDATE sink_offset SET next_offset = %s, sequence = %s, chain = %s, topic_id = %s
    WHERE partition = %s AND next_offset = %s AND sequence = %s
"""

# Table, columns, binary types. COPY needs every type said: the binary form carries none.
COPY_OUTCOMES: Final = (
    """COPY outcome (partition, sequence, decided_at, source, source_offset, wallet_id, command_id,
       outcome, reason, detail, stage, duplicate_of) FROM STDIN (FORMAT binary)""",
    "int4 int8 timestamptz text int8 text text text text text text int8",
)
COPY_ENTRIES: Final = (
    """COPY journal_entry (partition, sequence, entry, flow, decided_at)
       FROM STDIN (FORMAT binary)""",
    "int4 int8 int2 text timestamptz",
)
COPY_POSTINGS: Final = (
    """COPY posting (partition, sequence, entry, posting, account, owner, currency, amount)
       FROM STDIN (FORMAT binary)""",
    "int4 int8 int2 int2 text text text int8",
)
COPY_HOLDS: Final = (
    """COPY hold (wallet_id, hold_id, partition, sequence, to_wallet_id, currency, placed,
       expires_at) FROM STDIN (FORMAT binary)""",
    "text text int4 int8 text text int8 timestamptz",
)
COPY_HOLD_STEPS: Final = (
    """COPY hold_step (partition, sequence, step, wallet_id, hold_id, authorized, captured,
       released) FROM STDIN (FORMAT binary)""",
    "int4 int8 int2 text text int8 int8 int8",
)
COPY_TRANSACTION_STEPS: Final = (
    """COPY transaction_step (partition, sequence, step, wallet_id, transaction_id, kind, before,
       state, reason, actor, decided_at) FROM STDIN (FORMAT binary)""",
    "int4 int8 int2 text text text text text text text timestamptz",
)
COPY_WALLETS: Final = (
    "COPY wallet (wallet_id, partition, kind, opened_at) FROM STDIN (FORMAT binary)",
    "text int4 text timestamptz",
)

CHANGE_HOLDS: Final = """
    UPDATE hold SET
        status = coalesce(change.status, hold.status),
        expires_at = CASE WHEN change.extended THEN change.expires_at ELSE hold.expires_at END
    FROM unnest(%s::text[], %s::text[], %s::text[], %s::boolean[], %s::timestamptz[])
        AS change (wallet_id, hold_id, status, extended, expires_at)
    WHERE hold.wallet_id = change.wallet_id AND hold.hold_id = change.hold_id
"""
CHANGE_WALLETS: Final = """
    UPDATE wallet SET
        tier = coalesce(change.tier, wallet.tier),
        status = coalesce(change.status, wallet.status),
        debit_blocked = coalesce(change.debit_blocked, wallet.debit_blocked),
        credit_blocked = coalesce(change.credit_blocked, wallet.credit_blocked)
    FROM unnest(%s::text[], %s::text[], %s::text[], %s::boolean[], %s::boolean[])
        AS change (wallet_id, tier, status, debit_blocked, credit_blocked)
    WHERE wallet.wallet_id = change.wallet_id
"""
# The position already makes this exactly once; the guard holds even if somebody edits it.
PUT_BALANCES: Final = """
    INSERT INTO wallet_balance AS held
        (partition, account, owner, currency, minor, owner_sequence)
    SELECT %s, new.*
    FROM unnest(%s::text[], %s::text[], %s::text[], %s::bigint[], %s::bigint[]) AS new
    ON CONFLICT (owner, account, currency, partition)
    DO UPDATE SET minor = excluded.minor, owner_sequence = excluded.owner_sequence
    WHERE held.owner_sequence < excluded.owner_sequence
"""
# When it began stays as it was first written.
PUT_TRANSACTIONS: Final = """
    INSERT INTO wallet_transaction AS held
        (partition, wallet_id, transaction_id,
         kind, state, currency, amount, fee, done, refunded, fee_refunded, reserve, disputed,
         other_currency, other_amount, maker, counterparty, rail, reference, due_at, due_sleeps,
         opened_sequence, opened_at, changed_sequence, changed_at)
    SELECT %s, new.*
    FROM unnest(
        %s::text[], %s::text[], %s::text[], %s::text[], %s::text[], %s::bigint[], %s::bigint[],
        %s::bigint[], %s::bigint[], %s::bigint[], %s::bigint[], %s::bigint[], %s::text[],
        %s::bigint[], %s::text[], %s::text[], %s::text[], %s::text[], %s::timestamptz[],
        %s::boolean[], %s::bigint[], %s::timestamptz[], %s::bigint[], %s::timestamptz[]
    ) AS new
    ON CONFLICT (wallet_id, transaction_id)
    DO UPDATE SET
        kind = excluded.kind, state = excluded.state, currency = excluded.currency, amount =
        excluded.amount, fee = excluded.fee, done = excluded.done, refunded = excluded.refunded,
        fee_refunded = excluded.fee_refunded, reserve = excluded.reserve, disputed =
        excluded.disputed, other_currency = excluded.other_currency, other_amount =
        excluded.other_amount, maker = excluded.maker, counterparty = excluded.counterparty,
        rail = excluded.rail, reference = excluded.reference, due_at = excluded.due_at,
        due_sleeps = excluded.due_sleeps, changed_sequence = excluded.changed_sequence,
        changed_at = excluded.changed_at
    WHERE held.changed_sequence < excluded.changed_sequence
"""
