"""SQL of webhooks: subscriptions, what is due to whom, attempts.

Owns: every statement on the tables `webhook_*`.
Never: runs one.
"""

from __future__ import annotations

from typing import Final, LiteralString

# --- positions

POSITIONS: Final = "SELECT partition, topic_id, next_offset FROM webhook_position WHERE topic = %s"
# No row is told by `rowcount`: another process was faster, and nothing of ours is to be kept.
FIRST: Final = """
    INSERT INTO webhook_position (topic, partition, topic_id, next_offset)
    VALUES (%(topic)s, %(partition)s, %(topic_id)s, %(after)s)
    ON CONFLICT (topic, partition) DO NOTHING
"""
ADVANCE: Final = """
    UPDATE webhook_position SET next_offset = %(after)s
    WHERE topic = %(topic)s AND partition = %(partition)s AND topic_id = %(topic_id)s
      AND next_offset = %(before)s
"""

# --- subscriptions

COLUMNS: Final = """
    s.subscription_id, s.channel, s.address, s.owner, s.wallets, s.types, s.reasons,
    s.private_allowed, s.quiet_begins, s.quiet_ends, s.quiet_zone, s.secret, s.former_secret,
    s.former_until, s.standing, s.since
"""
SUBSCRIPTIONS: Final[LiteralString] = (
    "SELECT" + COLUMNS + "FROM webhook_subscription s WHERE %(every)s OR s.standing = 'ACTIVE'"
    " ORDER BY s.created_at, s.subscription_id"
)
ADD: Final = """
    INSERT INTO webhook_subscription (
        subscription_id, channel, address, owner, wallets, types, reasons, private_allowed,
        quiet_begins, quiet_ends, quiet_zone, secret, former_secret, former_until, standing, since
    ) VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s)
    ON CONFLICT (subscription_id) DO NOTHING
"""
ROTATE: Final = """
    UPDATE webhook_subscription SET secret = %s, former_secret = %s, former_until = %s
    WHERE subscription_id = %s AND secret = %s
"""
DISABLE: Final = """
    UPDATE webhook_subscription SET standing = 'DISABLED', why = %s
    WHERE subscription_id = %s AND standing = 'ACTIVE'
"""
# What somebody is sending just now is left to that somebody: waiting for it could be for ever.
DROP_DUE: Final = """
    UPDATE webhook_delivery SET state = 'DEAD', ended_at = clock_timestamp()
    WHERE (subscription_id, event_id) IN (
        SELECT subscription_id, event_id FROM webhook_delivery
        WHERE subscription_id = %s AND state = 'DUE' FOR UPDATE SKIP LOCKED
    )
"""

# --- deliveries

DELIVER: Final = """
    INSERT INTO webhook_delivery
        (subscription_id, event_id, message_id, type, wallet_id, body, state, due_at)
    SELECT *, 'DUE', now() FROM unnest(%s::text[], %s::text[], %s::text[], %s::text[], %s::text[],
                                       %s::text[])
    ON CONFLICT (subscription_id, event_id) DO NOTHING
"""
# The oldest first, one endpoint at a time: a row found here may be taken by another meanwhile.
WAITING: Final = """
    SELECT subscription_id FROM (
        SELECT s.subscription_id, (
            SELECT min(d.due_at) FROM webhook_delivery d
            WHERE d.subscription_id = s.subscription_id AND d.state = 'DUE'
        ) AS due_at
        FROM webhook_subscription s
        WHERE s.standing = 'ACTIVE' AND (s.open_until IS NULL OR s.open_until <= now())
          AND NOT s.subscription_id = ANY(%s)
    ) AS oldest
    WHERE due_at <= now() ORDER BY due_at LIMIT 16
"""
CLAIM: Final[LiteralString] = (  # only constants of this file are put together
    "SELECT d.event_id, d.message_id, d.type, d.body, d.attempts, s.failures, now(),"
    + COLUMNS
    + "FROM webhook_delivery d JOIN webhook_subscription s USING (subscription_id)"
    " WHERE d.subscription_id = %s AND d.state = 'DUE' AND d.due_at <= now()"
    " ORDER BY d.due_at LIMIT 1 FOR UPDATE OF d SKIP LOCKED"
)
POSTPONE: Final = """
    UPDATE webhook_delivery SET due_at = %s WHERE subscription_id = %s AND event_id = %s
"""
KEEP_ATTEMPT: Final = """
    INSERT INTO webhook_attempt (subscription_id, event_id, attempt, at, took_ms, status, error)
    VALUES (%s, %s, %s, clock_timestamp(), %s, %s, %s)
"""
MOVE: Final = """
    UPDATE webhook_delivery
    SET state = %(state)s, attempts = %(attempts)s,
        due_at = clock_timestamp() + make_interval(secs => %(wait_s)s),
        ended_at = CASE WHEN %(state)s <> 'DUE' THEN clock_timestamp() END
    WHERE subscription_id = %(subscription_id)s AND event_id = %(event_id)s
"""
FAILED: Final = """
    UPDATE webhook_subscription SET failures = failures + 1
    WHERE subscription_id = %s RETURNING failures
"""
OPEN: Final = """
    UPDATE webhook_subscription
    SET open_until = clock_timestamp() + make_interval(secs => %s) WHERE subscription_id = %s
"""
ANSWERED: Final = """
    UPDATE webhook_subscription SET failures = 0, open_until = NULL
    WHERE subscription_id = %s AND failures > 0
"""
RETRY: Final = """
    UPDATE webhook_delivery SET state = 'DUE', attempts = 0, due_at = now(), ended_at = NULL
    WHERE subscription_id = %s AND state = 'DEAD' AND (%s::text IS NULL OR event_id = %s)
"""
DELIVERIES: Final = """
    SELECT d.subscription_id, d.event_id, d.message_id, d.type, d.wallet_id, d.state, d.attempts,
           d.due_at, d.created_at, a.status, a.error
    FROM webhook_delivery d LEFT JOIN LATERAL (
        SELECT status, error FROM webhook_attempt
        WHERE subscription_id = d.subscription_id AND event_id = d.event_id
        ORDER BY attempt_id DESC LIMIT 1
    ) AS a ON true
    WHERE d.subscription_id = %(subscription_id)s
      AND (%(state)s::text IS NULL OR d.state = %(state)s)
    ORDER BY d.created_at DESC, d.event_id LIMIT %(limit)s
"""
STANDING: Final = """
    SELECT count(*) FILTER (WHERE d.state = 'DUE'), count(*) FILTER (WHERE d.state = 'DEAD'),
           coalesce(extract(epoch FROM now() - min(d.created_at) FILTER (WHERE d.state = 'DUE')), 0)
    FROM webhook_delivery d JOIN webhook_subscription s USING (subscription_id)
    WHERE s.standing = 'ACTIVE' AND d.state IN ('DUE', 'DEAD')
"""
OPEN_BREAKERS: Final = """
    SELECT count(*) FROM webhook_subscription WHERE standing = 'ACTIVE' AND open_until > now()
"""
