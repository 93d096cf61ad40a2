"""What the topics for analysts promise beyond their schemas.

Owns: per topic its purpose, grain, id of a repeat, order, and rules of quality as plain SQL over
tables that are named as the topics, with underscores for dots. The tests run the SQL on a
lived day.
Never: repeats a field, a key or a retention; those are the schema's and the catalogue's.
"""

from __future__ import annotations

from typing import Final, NamedTuple

from topics.catalog import ATTEMPTS, BALANCES, POSTINGS, TOTALS, TRANSACTIONS
from topics.topic import Topic


class Rule(NamedTuple):
    """One rule of quality; its query counts what breaks it, so the answer must be 0."""

    name: str
    dimension: str
    about: str
    query: str


class Terms(NamedTuple):
    """What is promised of one topic."""

    topic: Topic
    purpose: str
    grain: str
    identity: str  # the field by which a repeat is known
    repeat: str
    rules: tuple[Rule, ...]


class Isolation(NamedTuple):
    """What a reader of one isolation level sees."""

    level: str
    sees: str
    so: str


ISOLATION: Final = (
    Isolation(
        "read_committed",
        "Records of committed transactions, each once, in the order of the log; nothing behind the"
        " first transaction that is still open.",
        "The one that sums and counts are right with. State it: not every client has it unasked.",
    ),
    Isolation(
        "read_uncommitted",
        "Also records of transactions that are open, and of those that were given up. What was"
        " given up is written again, under the same ids.",
        "Sums and counts are too high until repeats are dropped by id, and a total may count what"
        " is not there yet. Not for money.",
    ),
)

ORDER: Final = (
    "A fact lies in the partition of its Decision, in the order of the log: all of a wallet's facts"
    " are in one partition, by sequence. Between partitions there is no order."
)


COUNTED: Final = "as_many_as_the_control_totals_say"
COUNTED_DAYS: Final = (
    "Records, debits and credits of each partition, UTC day and currency are those of the control"
    " totals, as far as those were read as well."
)
DAYS: Final = """\
SELECT count(*) FROM (
  SELECT partition, day, currency FROM (
    SELECT partition, day, currency, 1 AS records,
      CASE WHEN amount_minor > 0 THEN amount_minor ELSE 0 END AS debit,
      CASE WHEN amount_minor < 0 THEN amount_minor ELSE 0 END AS credit
    FROM ledger_postings_v1
    UNION ALL
    SELECT partition, day, currency, -records,
      -CAST(debit_minor AS NUMERIC), -CAST(credit_minor AS NUMERIC)
    FROM ledger_totals_v1 WHERE topic = 'ledger.postings.v1'
  ) AS counted
  GROUP BY partition, day, currency
  HAVING sum(records) <> 0 OR sum(debit) <> 0 OR sum(credit) <> 0
) AS differing"""


def table_of(topic: Topic) -> str:
    """Return how a topic is called as a table."""
    return topic.name.replace(".", "_")


def _uneven(name: str, about: str, by: str) -> Rule:
    return Rule(
        name,
        "consistency",
        about,
        "SELECT count(*) FROM (\n"  # noqa: S608  made of words of this project
        f"  SELECT {by} FROM ledger_postings_v1\n"
        f"  GROUP BY {by} HAVING sum(amount_minor) <> 0\n"
        ") AS uneven",
    )


def _as_many(topic: Topic, about: str) -> Rule:
    """Compare how many records a partition published with its control totals."""
    return Rule(
        COUNTED,
        "completeness",
        about,
        "SELECT count(*) FROM (\n"  # noqa: S608  made of words of this project
        "  SELECT partition, currency FROM (\n"
        f"    SELECT partition, currency, 1 AS records FROM {table_of(topic)}\n"
        "    UNION ALL\n"
        "    SELECT partition, currency, -records FROM ledger_totals_v1\n"
        f"    WHERE topic = '{topic.name}'\n"
        "  ) AS counted\n"
        "  GROUP BY partition, currency HAVING sum(records) <> 0\n"
        ") AS differing",
    )


TERMS: Final = (
    Terms(
        POSTINGS,
        "Every line of every journal entry, to count money by.",
        "one posting of one journal entry",
        "posting_id",
        "A posting_id seen before is the same record again: drop it.",
        (
            _uneven(
                "every_entry_balances",
                "The postings of an entry sum to zero in each currency.",
                "partition, sequence, entry, currency",
            ),
            _uneven(
                "every_partition_balances",
                "All postings of a partition sum to zero in each currency, wherever a transaction"
                " of the log ends.",
                "partition, currency",
            ),
            Rule(COUNTED, "completeness", COUNTED_DAYS, DAYS),
        ),
    ),
    Terms(
        BALANCES,
        "What every account of every wallet has now.",
        "the newest balance of one account of a wallet in one currency",
        "balance_id",
        "A balance_id seen before is newer when its wallet_sequence is higher; else drop it.",
        (
            Rule(
                "equals_the_sum_of_its_postings",
                "consistency",
                "A balance is the sum of all postings of its account, read as far as it was.",
                "SELECT count(*) FROM wallet_balances_v1 AS b WHERE b.balance_minor <> (\n"
                "  SELECT coalesce(sum(p.amount_minor), 0) FROM ledger_postings_v1 AS p\n"
                "  WHERE p.wallet_id = b.wallet_id AND p.account = b.account\n"
                "  AND p.currency = b.currency\n"
                ")",
            ),
        ),
    ),
    Terms(
        TRANSACTIONS,
        "The life of each transaction, transfer, hold and card top-up, change by change.",
        "one change in one life",
        "change_id",
        "A change_id seen before is the same record again: drop it.",
        (
            _as_many(
                TRANSACTIONS,
                "Records of each partition and currency are those of the control totals, as far as"
                " those were read as well.",
            ),
        ),
    ),
    Terms(
        ATTEMPTS,
        "What was asked, which rules fired and what was done, to judge rules and limits by.",
        "one outgoing command that fraud rules or limits were asked about",
        "attempt_id",
        "An attempt_id seen before is the same record again: drop it.",
        (
            _as_many(
                ATTEMPTS,
                "As for transactions, where attempts are kept from the first on: the topic forgets"
                " them, the totals do not.",
            ),
            Rule(
                "an_outcome_is_one_of_two",
                "conformity",
                "ACCEPTED without a reason, or REJECTED with one.",
                "SELECT count(*) FROM risk_attempts_v1 WHERE NOT (\n"
                "  (outcome = 'ACCEPTED' AND reason IS NULL)\n"
                "  OR (outcome = 'REJECTED' AND reason IS NOT NULL)\n"
                ")",
            ),
        ),
    ),
    Terms(
        TOTALS,
        "The control totals that prove the other topics complete.",
        "what one partition published of one UTC day so far, by topic and currency",
        "total_id",
        "A total_id seen before is newer when its through_sequence is higher; else drop it.",
        (
            Rule(
                "debits_and_credits_are_even",
                "consistency",
                "Debits and credits of a day sum to zero in each currency.",
                "SELECT count(*) FROM ledger_totals_v1\n"
                "WHERE CAST(debit_minor AS NUMERIC) + CAST(credit_minor AS NUMERIC) <> 0",
            ),
        ),
    ),
)
