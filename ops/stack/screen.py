"""How a stack looks on a terminal and as JSON.

Owns: the tables.
Never: asks a server anything.
"""

from collections.abc import Iterable, Mapping
from dataclasses import asdict
from pathlib import Path

from rich.table import Table

from ops.stack.runfile import Row, RunFile

PAGE_BYTES = 4096
COLOURS = {"running": "green", "starting": "yellow", "waiting": "yellow", "failed": "red"}


def status_table(run: RunFile) -> Table:
    """Return the table of servers and processes."""
    table = Table(title=f"stack: {run.phase}", title_justify="left")
    for heading in ("name", "state", "pid", "port", "ready after", "restarts", "memory"):
        table.add_column(heading, no_wrap=True)
    for row in run.rows:
        table.add_row(*_cells(row))
    return table


def endpoint_table(env: Mapping[str, str]) -> Table:
    """Return the table of the variables that lead to the servers."""
    table = Table(show_header=False, box=None)
    for name, value in env.items():
        table.add_row(name, value)
    return table


def as_json(run: RunFile) -> dict[str, object]:
    """Return everything `status --json` says."""
    rows = [{**asdict(row), "rss_mb": rss_mb(row.pid)} for row in run.rows]
    return {
        "phase": run.phase,
        "owner_pid": run.owner.pid,
        "endpoints": run.endpoints.env(),
        "services": rows,
    }


def unhealthy(rows: Iterable[Row]) -> list[str]:
    """Return the names of what should run and does not."""
    return [row.name for row in rows if row.state != "running"]


def rss_mb(pid: int | None) -> int | None:
    """Return the resident memory of one process."""
    try:
        statm = Path(f"/proc/{pid}/statm").read_text(encoding="ascii")
    except OSError:
        return None
    return int(statm.split()[1]) * PAGE_BYTES // 1_000_000


def _cells(row: Row) -> Iterable[str]:
    colour = COLOURS.get(row.state, "red")
    how = f" ({row.exit_code})" if row.exit_code is not None and row.state != "running" else ""
    memory = rss_mb(row.pid)
    return (
        row.name,
        f"[{colour}]{row.state}{how}[/]",
        _text(row.pid),
        _text(row.port),
        f"{row.ready_s:.1f} s" if row.ready_s is not None else "",
        str(row.restarts) if row.kind == "process" else "",
        f"{memory} MB" if memory is not None else "",
    )


def _text(number: int | None) -> str:
    return "" if number is None else str(number)
