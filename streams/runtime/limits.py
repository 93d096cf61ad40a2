"""Every limit of a partition, with its reason.

Owns: the numbers.
Never: reads the environment; a composition root may build another `Limits`.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Limits:
    """The bounds of one partition's loop; measured on 2 cores with broker and load on them."""

    # A transaction costs 5-14 ms whatever it holds: 1,000 records spread that to about 10 us each,
    # 5,000 would take 24 ms to commit and double the latency.
    group_records: int = 1_000
    # Buffers of every reader of the log are bounded by this.
    group_bytes: int = 8 * 1024 * 1024
    # How long an open group at least waits for company while the mailbox is empty; see `group.py`.
    group_wait_s: float = 0.010
    # How long a group may go on taking records while there is a backlog: bounds the latency of its
    # first record.
    group_busy_s: float = 0.060
    # A producer that commits back to back falls into a retry mode of 25 ms.
    commit_gap_s: float = 0.005
    # Timers per group; while more are due no record is taken.
    group_timers: int = 500
    # Hand-overs waiting per input topic: one being decided, one ready.
    pending_hand_overs: int = 2
    # Idle: how often due timers are looked for, and how far behind the wall clock.
    idle_s: float = 0.050
    idle_lag_us: int = 2_000_000
    # A clock this far ahead would stay in decided_at for ever.
    future_us: int = 3_600_000_000
    # Decoded rows that the partitions of a process keep together, per generation; two generations,
    # about 0.6 KB a row. A row that is not here costs 5 us more, and folding asks for one or two.
    cached_rows: int = 100_000
    # Recovery: records per read, rows that the partitions of a process keep back before a write,
    # seconds without progress that raise the alarm. A row changed again before it is written is
    # written once, and what was folded last is read without the store: by turns in one run, 150,000
    # cost 35-49 us a Decision, 300,000 cost 26-30 us and 50 MB more, 450,000 cost 25-34 us.
    replay_records: int = 1_000  # 226 k records/s; 4,000 read at once are half as fast
    replay_rows: int = 300_000
    replay_stall_s: float = 60.0
    # Backoff between attempts while the broker is away.
    retry_first_s: float = 0.2
    retry_last_s: float = 3.0
    # How long a confirmation of our generation may take after an error: several heartbeats of 0.5
    # s.
    confirm_s: float = 5.0
    # How often a halted partition looks for its release.
    release_poll_s: float = 1.0
    # Deaths inside the same group before the partition halts instead.
    deaths: int = 3


LIMITS = Limits()
