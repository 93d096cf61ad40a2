"""Names: every metric of workers, sinks, auditors and entrances, once.

Owns: name, kind, labels and meaning, and where a status has the value.
Never: measures. A name that is here is for ever: people's alerts hang on it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

Kind = Literal["counter", "gauge", "histogram"]

PARTITION: Final = ("job", "partition")
SINK: Final = ("store", "partition")
STORE: Final = ("store",)
TABLE: Final = ("table",)


@dataclass(frozen=True, slots=True)
class Metric:
    """One family; a counter is read as `<name>_total`, a histogram as `_bucket`, `_sum`, `_count`.

    `field` is where a status has the value as it is, empty where it needs more than a look.
    """

    name: str
    kind: Kind
    labels: tuple[str, ...]
    about: str
    field: str = ""


READY: Final = Metric("ledger_process_ready", "gauge", ("job",), "1 when it may be relied upon.")
GC_MAX: Final = Metric(
    "ledger_worker_gc_pause_max_seconds", "gauge", ("job",), "Longest collection of garbage."
)
GC_SECONDS: Final = Metric(
    "ledger_worker_gc_pause_seconds", "counter", ("job",), "Seconds in collections of garbage."
)
RUNNING: Final = Metric("ledger_partition_running", "gauge", PARTITION, "1 while it decides.")
HALTED: Final = Metric("ledger_partition_halted", "gauge", PARTITION, "1 while it is halted.")
STALLED: Final = Metric(
    "ledger_partition_stalled", "gauge", PARTITION, "1 when it has lag and does not advance."
)
DECIDED: Final = Metric(
    "ledger_commands_decided", "counter", (*PARTITION, "outcome"), "Decisions by outcome."
)
POSITION: Final = Metric(
    "ledger_partition_position", "gauge", (*PARTITION, "topic"), "Next offset of an input."
)
LAG: Final = Metric(
    "ledger_partition_lag", "gauge", (*PARTITION, "topic"), "Offsets of an input not decided yet."
)
GROUP_SIZE: Final = Metric(
    "ledger_group_size_records", "histogram", PARTITION, "Log records of one transaction."
)
COMMIT: Final = Metric(
    "ledger_group_commit_seconds", "histogram", PARTITION, "From begin to commit of a transaction."
)
STOPS: Final = Metric(
    "ledger_partition_stop_seconds", "counter", (*PARTITION, "stop"), "Wall seconds by stop."
)
SINK_HALTED: Final = Metric("ledger_sink_halted", "gauge", SINK, "1 while it is halted.")
SINK_STALLED: Final = Metric(
    "ledger_sink_stalled", "gauge", SINK, "1 when it has records waiting and does not advance."
)
AUDIT_AGE: Final = Metric(
    "ledger_audit_round_age_seconds",
    "gauge",
    STORE,
    "Since the partition that waits longest was read back whole.",
)
WEBHOOK_LAG: Final = Metric(
    "ledger_webhook_lag", "gauge", ("topic",), "Offsets of a topic of facts not read yet, at most."
)
WEBHOOK_KEPT: Final = Metric(
    "ledger_webhook_kept", "counter", ("topic",), "Deliveries made of the facts of a topic."
)
WEBHOOK_ATTEMPTS: Final = Metric(
    "ledger_webhook_attempts", "counter", ("state",), "Attempts by what the delivery is after them."
)
WEBHOOK_DELIVERIES: Final = Metric(
    "ledger_webhook_deliveries", "gauge", ("state",), "Deliveries that are due, and dead ones."
)
WEBHOOK_OLDEST: Final = Metric(
    "ledger_webhook_oldest_due_seconds", "gauge", (), "Age of the oldest delivery not made yet."
)
WEBHOOK_BREAKERS: Final = Metric(
    "ledger_webhook_breakers_open", "gauge", (), "Endpoints left alone for a while."
)
LAKE: Final = (
    Metric("ledger_lake_rows", "counter", TABLE, "Rows committed.", "rows"),
    Metric("ledger_lake_commits", "counter", TABLE, "Snapshots committed.", "commits"),
    Metric("ledger_lake_repeats", "counter", TABLE, "Facts that were there already.", "repeats"),
    Metric("ledger_lake_retries", "counter", TABLE, "Begun again: away, or moved.", "retries"),
    Metric("ledger_lake_lag", "gauge", TABLE, "Offsets not committed yet, at most.", "lag"),
)

# What a partition's status says as it is.
PLAIN: Final = (
    Metric("ledger_log_records", "counter", PARTITION, "Log records committed.", "log_records"),
    Metric("ledger_input_records", "counter", PARTITION, "Input records decided.", "records"),
    Metric("ledger_groups", "counter", PARTITION, "Transactions committed.", "groups"),
    Metric(
        "ledger_transactions_aborted", "counter", PARTITION, "Transactions given up.", "aborted"
    ),
    Metric("ledger_partition_recoveries", "counter", PARTITION, "Recoveries.", "recoveries"),
    Metric("ledger_partition_replayed", "counter", PARTITION, "Log records folded.", "replayed"),
    Metric("ledger_partition_alarms", "counter", PARTITION, "Reads short of the log.", "alarms"),
    Metric("ledger_partition_recovery_seconds", "gauge", PARTITION, "Last recovery.", "recovery_s"),
    Metric("ledger_partition_state_rows", "gauge", PARTITION, "Rows, estimated.", "state_rows"),
    Metric(
        "ledger_partition_snapshot_age_seconds",
        "gauge",
        PARTITION,
        "Since this owner wrote or took the last snapshot.",
        "snapshot_age_s",
    ),
    Metric(
        "ledger_partition_snapshot_behind_records",
        "gauge",
        PARTITION,
        "Log offsets a cold owner would have to fold.",
        "snapshot_behind",
    ),
)
SINKS: Final = (
    Metric("ledger_sink_written", "counter", SINK, "Decisions written.", "written"),
    Metric("ledger_sink_retries", "counter", SINK, "Attempts on a store that was away.", "retries"),
    Metric("ledger_sink_position", "gauge", SINK, "Next log offset to apply.", "position"),
    Metric("ledger_sink_lag", "gauge", SINK, "Log offsets not applied yet, at most.", "lag"),
    Metric("ledger_sink_queued_bytes", "gauge", SINK, "Bytes waiting to be decoded.", "queued"),
)
AUDITS: Final = (
    Metric("ledger_audit_buckets", "counter", STORE, "Buckets read back, attested.", "attested"),
    Metric("ledger_audit_rows", "counter", STORE, "Rows read back.", "rows"),
    Metric("ledger_audit_repairs", "counter", STORE, "Buckets made anew.", "repaired"),
    Metric(
        "ledger_audit_repairs_failed",
        "counter",
        STORE,
        "Repairs for which the log could not be read.",
        "unrepaired",
    ),
    Metric("ledger_audit_retries", "counter", STORE, "Attempts on what was away.", "away"),
)
METRICS: Final = (
    READY,
    GC_MAX,
    GC_SECONDS,
    RUNNING,
    HALTED,
    STALLED,
    DECIDED,
    POSITION,
    LAG,
    GROUP_SIZE,
    COMMIT,
    STOPS,
    SINK_HALTED,
    SINK_STALLED,
    WEBHOOK_LAG,
    WEBHOOK_KEPT,
    WEBHOOK_ATTEMPTS,
    WEBHOOK_DELIVERIES,
    WEBHOOK_OLDEST,
    WEBHOOK_BREAKERS,
    *PLAIN,
    *SINKS,
    *AUDITS,
    AUDIT_AGE,
    *LAKE,
)
HTTP_ALONE: Final = Metric(
    "ledger_http_alone", "gauge", (), "1 while it counts requests by itself: the store is away."
)
HTTP_SHARED_FAILURES: Final = Metric(
    "ledger_http_shared_failures", "counter", (), "Questions to the store of all entrances in vain."
)
HTTP_REFUSED: Final = Metric(
    "ledger_http_refused", "counter", ("code",), "Requests refused, by the code of the problem."
)
DOOR: Final = (READY, HTTP_ALONE, HTTP_SHARED_FAILURES, HTTP_REFUSED)
