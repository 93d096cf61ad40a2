"""Zombies: workers that slept past their time.

Owns: how one is recognised asleep, and how it may end when it wakes.
Never: puts one to sleep; a journey does.
"""

from pathlib import Path

from streams.runtime.host.exits import ExitCode

# How a worker that woke up after its time may notice it.
OVERTAKEN = {
    ExitCode.FENCED,
    ExitCode.GENERATION_LOST,
    ExitCode.GAP,
    ExitCode.UNKNOWN_OUTCOME,
    ExitCode.BARRIER_MISSED,
    ExitCode.STUCK,  # its watchdog counts the time it slept
}


def is_frozen(pid):
    """Whether a process is stopped; no for one that is not there."""
    path = Path(f"/proc/{pid}/stat")
    status = path.read_text(encoding="utf-8") if path.exists() else ")"
    return status.rpartition(")")[2].split()[:1] == ["T"]
