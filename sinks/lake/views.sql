-- Views for analysts over the tables of the lake: the same names, columns and answers as those that
-- the PostgreSQL sink has. `postings`, `transactions` and `attempts` are there when this is run.
-- Plain SQL of DuckDB. A sum of BIGINT is a HUGEINT, so no sum is ever too large.

-- Every posting under the names that the journal has for it; the others are made of it.
CREATE OR REPLACE VIEW posted AS
SELECT "partition", sequence, entry, posting, decided_at, day, flow, command_id,
       account, owner, wallet_id, currency, exponent, amount_minor AS amount
FROM postings;

CREATE OR REPLACE MACRO balance_as_of(moment) AS TABLE
SELECT account, owner, currency, "partition", sum(amount) AS minor
FROM posted WHERE decided_at <= moment::TIMESTAMPTZ
GROUP BY account, owner, currency, "partition"
HAVING sum(amount) <> 0;

CREATE OR REPLACE VIEW trial_balance AS
SELECT account, currency,
       coalesce(sum(amount) FILTER (WHERE amount > 0), 0) AS debits,
       coalesce(-sum(amount) FILTER (WHERE amount < 0), 0) AS credits,
       sum(amount) AS balance
FROM posted GROUP BY account, currency;

CREATE OR REPLACE MACRO trial_balance_as_of(moment) AS TABLE
SELECT account, currency, sum(amount) AS balance
FROM posted WHERE decided_at <= moment::TIMESTAMPTZ
GROUP BY account, currency
HAVING sum(amount) <> 0;

-- Of a wallet's own accounts, to its good positive. What only moves between them, as a hold does, is
-- no movement of the wallet. A wallet lies in one partition: its sequence is its order.
CREATE OR REPLACE VIEW statement AS
SELECT wallet_id, currency, day, decided_at, "partition", sequence, entry, flow, command_id, amount,
       sum(amount) OVER (PARTITION BY wallet_id, currency ORDER BY sequence, entry) AS balance
FROM (
    SELECT wallet_id, currency, day, decided_at, "partition", sequence, entry, flow, command_id,
           -sum(amount) AS amount
    FROM posted WHERE wallet_id IS NOT NULL
    GROUP BY wallet_id, currency, day, decided_at, "partition", sequence, entry, flow, command_id
    HAVING sum(amount) <> 0
) AS movement;

CREATE OR REPLACE VIEW daily_movement AS
SELECT day, account, currency, postings, debits, credits, movement,
       sum(movement) OVER (PARTITION BY account, currency ORDER BY day) AS closing
FROM (
    SELECT day, account, currency, count(*) AS postings,
           coalesce(sum(amount) FILTER (WHERE amount > 0), 0) AS debits,
           coalesce(-sum(amount) FILTER (WHERE amount < 0), 0) AS credits,
           sum(amount) AS movement
    FROM posted GROUP BY day, account, currency
) AS moved;

-- What every event of a hold says, added up; what a transfer that came back gives is not captured.
CREATE OR REPLACE VIEW hold_now AS
SELECT wallet_id, transaction_id AS hold_id,
       max(counterparty) FILTER (WHERE event = 'HoldPlaced') AS to_wallet_id,
       max(currency) AS currency,
       sum(CASE WHEN event IN ('HoldPlaced', 'HoldIncremented') THEN amount_minor
                WHEN event IN ('HoldCaptured', 'TransferCompensated') THEN -amount_minor
                ELSE 0 END) - coalesce(sum(released_minor), 0) AS remaining,
       min(decided_at) FILTER (WHERE event = 'HoldPlaced') AS placed_at,
       -- The last word, also that there is no end.
       arg_max_null(due_at, sequence * 1000000 + change)
           FILTER (WHERE event IN ('HoldPlaced', 'HoldExtended')) AS expires_at
FROM transactions WHERE thing = 'HOLD'
GROUP BY wallet_id, transaction_id;

CREATE OR REPLACE MACRO aged_holds(moment) AS TABLE
SELECT wallet_id, hold_id, to_wallet_id, currency, remaining, placed_at, expires_at,
       moment::TIMESTAMPTZ - placed_at AS age,
       CASE WHEN moment::TIMESTAMPTZ < placed_at + INTERVAL 24 HOURS THEN 'under 1 day'
            WHEN moment::TIMESTAMPTZ < placed_at + INTERVAL 168 HOURS THEN '1 to 7 days'
            WHEN moment::TIMESTAMPTZ < placed_at + INTERVAL 720 HOURS THEN '7 to 30 days'
            ELSE '30 days and over' END AS bucket,
       coalesce(expires_at < moment::TIMESTAMPTZ, false) AS overdue
FROM hold_now WHERE remaining > 0;

CREATE OR REPLACE VIEW aged_hold AS SELECT * FROM aged_holds(now());

-- Earned is positive; a fee that was given back is a posting the other way, of its own day.
CREATE OR REPLACE VIEW fee_revenue AS
SELECT day, account, flow, currency, count(*) AS postings, -sum(amount) AS earned
FROM posted WHERE account LIKE 'REV.%' GROUP BY day, account, flow, currency;
