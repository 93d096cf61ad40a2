"""Panels: what each board of Grafana draws, as queries.

Owns: titles, units and queries, board by board.
Never: knows Grafana's JSON; `boards.py` does.
"""

from __future__ import annotations

from typing import Final, NamedTuple

NUMBER: Final = "short"
PER_S: Final = "ops"
SECONDS: Final = "s"
BYTES: Final = "bytes"
SHARE: Final = "percentunit"
BY_PARTITION: Final = "{{job}} {{partition}}"
BY_STORE: Final = "{{store}} {{partition}}"


class Panel(NamedTuple):
    """One drawing: (query, legend) pairs."""

    title: str
    unit: str
    queries: tuple[tuple[str, str], ...]


class Board(NamedTuple):
    """One page; `name` is its file and its address for ever."""

    name: str
    title: str
    panels: tuple[Panel, ...]


def _p99(metric: str, by: str) -> str:
    return f"histogram_quantile(0.99, sum by (le, {by}) (rate({metric}_bucket[5m])))"


def _rate(metric: str, by: str) -> str:
    return f"sum by ({by}) (rate({metric}_total[1m]))"


def _size(part: str) -> str:
    return f"sum by (job) (rate(ledger_group_size_records_{part}[5m]))"


GIVEN_UP: Final = _rate("ledger_transactions_aborted", "job")
WRITERS: Final = Board(
    "writers",
    "Ledger: writers",
    (
        Panel(
            "Decisions",
            PER_S,
            ((_rate("ledger_commands_decided", "job, outcome"), "{{job}} {{outcome}}"),),
        ),
        Panel(
            "Lag of inputs",
            NUMBER,
            (("sum by (job, topic) (ledger_partition_lag)", "{{job}} {{topic}}"),),
        ),
        Panel(
            "Ready; partitions that run",
            NUMBER,
            (
                ("min by (job) (ledger_process_ready)", "{{job}} ready"),
                ("sum by (job) (ledger_partition_running)", "{{job}} run"),
            ),
        ),
        Panel(
            "Halted or standing still",
            NUMBER,
            (
                ("sum by (job) (ledger_partition_halted)", "{{job}} halted"),
                ("sum by (job) (ledger_partition_stalled)", "{{job}} stalled"),
            ),
        ),
        Panel(
            "p99 of a commit", SECONDS, ((_p99("ledger_group_commit_seconds", "job"), "{{job}}"),)
        ),
        Panel(
            "Records of a transaction",
            NUMBER,
            ((f"{_size('sum')} / {_size('count')}", "{{job}}"),),
        ),
        Panel(
            "Transactions given up",
            SHARE,
            ((f"{GIVEN_UP} / {_rate('ledger_groups', 'job')}", "{{job}}"),),
        ),
        Panel(
            "Where the time goes",
            SHARE,
            ((_rate("ledger_partition_stop_seconds", "job, stop"), "{{job}} {{stop}}"),),
        ),
    ),
)
PARTITIONS: Final = Board(
    "partitions",
    "Ledger: partitions",
    (
        Panel("Lag", NUMBER, (("ledger_partition_lag", f"{BY_PARTITION} {{{{topic}}}}"),)),
        Panel(
            "Position", NUMBER, (("ledger_partition_position", f"{BY_PARTITION} {{{{topic}}}}"),)
        ),
        Panel(
            "Inputs and log records",
            PER_S,
            (
                (_rate("ledger_input_records", "job, partition"), f"{BY_PARTITION} in"),
                (_rate("ledger_log_records", "job, partition"), f"{BY_PARTITION} log"),
            ),
        ),
        Panel("Rows", NUMBER, (("ledger_partition_state_rows", BY_PARTITION),)),
        Panel(
            "Recoveries; reads short of the log",
            NUMBER,
            (
                ("increase(ledger_partition_recoveries_total[15m])", BY_PARTITION),
                ("increase(ledger_partition_alarms_total[15m])", f"{BY_PARTITION} short"),
            ),
        ),
        Panel(
            "Last recovery",
            SECONDS,
            (("ledger_partition_recovery_seconds", BY_PARTITION),),
        ),
        Panel(
            "Folded in recoveries",
            PER_S,
            ((_rate("ledger_partition_replayed", "job, partition"), BY_PARTITION),),
        ),
        Panel(
            "A cold owner would have to fold",
            NUMBER,
            (("ledger_partition_snapshot_behind_records", BY_PARTITION),),
        ),
        Panel(
            "Age of snapshots", SECONDS, (("ledger_partition_snapshot_age_seconds", BY_PARTITION),)
        ),
        Panel(
            "Garbage collector",
            SECONDS,
            (
                ("max by (job) (ledger_worker_gc_pause_max_seconds)", "{{job}} longest"),
                (_rate("ledger_worker_gc_pause_seconds", "job"), "{{job}} a second"),
            ),
        ),
    ),
)
SINKS: Final = Board(
    "sinks",
    "Ledger: sinks",
    (
        Panel("Lag", NUMBER, (("sum by (store) (ledger_sink_lag)", "{{store}}"),)),
        Panel("Written", PER_S, ((_rate("ledger_sink_written", "store"), "{{store}}"),)),
        Panel(
            "Attempts on a store that was away",
            PER_S,
            ((_rate("ledger_sink_retries", "store"), "{{store}}"),),
        ),
        Panel(
            "Halted or standing still",
            NUMBER,
            (
                ("sum by (store) (ledger_sink_halted)", "{{store}} halted"),
                ("sum by (store) (ledger_sink_stalled)", "{{store}} stalled"),
            ),
        ),
        Panel(
            "Waiting to be decoded",
            BYTES,
            (("sum by (store) (ledger_sink_queued_bytes)", "{{store}}"),),
        ),
        Panel("Position", NUMBER, (("ledger_sink_position", BY_STORE),)),
    ),
)
AUDITS: Final = Board(
    "audits",
    "Ledger: auditors",
    (
        Panel("Rows read back", PER_S, ((_rate("ledger_audit_rows", "store"), "{{store}}"),)),
        Panel("Buckets attested", PER_S, ((_rate("ledger_audit_buckets", "store"), "{{store}}"),)),
        Panel("Age of a round", SECONDS, (("ledger_audit_round_age_seconds", "{{store}}"),)),
        Panel(
            "Repairs",
            NUMBER,
            (
                ("sum by (store) (ledger_audit_repairs_total)", "{{store}} made anew"),
                ("sum by (store) (ledger_audit_repairs_failed_total)", "{{store}} not made"),
            ),
        ),
        Panel(
            "Attempts on what was away",
            PER_S,
            ((_rate("ledger_audit_retries", "store"), "{{store}}"),),
        ),
    ),
)
WEBHOOKS: Final = Board(
    "webhooks",
    "Ledger: webhooks and notices",
    (
        Panel("Lag", NUMBER, (("sum by (topic) (ledger_webhook_lag)", "{{topic}}"),)),
        Panel("Deliveries made", PER_S, ((_rate("ledger_webhook_kept", "topic"), "{{topic}}"),)),
        Panel("Attempts", PER_S, ((_rate("ledger_webhook_attempts", "state"), "{{state}}"),)),
        Panel(
            "Due and dead",
            NUMBER,
            # Every process tells the same of the one store.
            (("max by (state) (ledger_webhook_deliveries)", "{{state}}"),),
        ),
        Panel("Oldest one due", SECONDS, (("max(ledger_webhook_oldest_due_seconds)", "oldest"),)),
        Panel("Endpoints left alone", NUMBER, (("max(ledger_webhook_breakers_open)", "open"),)),
    ),
)
LAKE: Final = Board(
    "lake",
    "Ledger: lake",
    (
        Panel("Lag", NUMBER, (("sum by (table) (ledger_lake_lag)", "{{table}}"),)),
        Panel("Rows", PER_S, ((_rate("ledger_lake_rows", "table"), "{{table}}"),)),
        Panel("Snapshots", PER_S, ((_rate("ledger_lake_commits", "table"), "{{table}}"),)),
        Panel(
            "Begun again, and facts that came twice",
            PER_S,
            (
                (_rate("ledger_lake_retries", "table"), "{{table}} begun again"),
                (_rate("ledger_lake_repeats", "table"), "{{table}} twice"),
            ),
        ),
    ),
)
BOARDS: Final = (WRITERS, PARTITIONS, SINKS, AUDITS, WEBHOOKS, LAKE)
