"""Checks: one function per thing the ledger needs, each answering with a finding.

Owns: the checks in the order in which they make sense, and their advice.
Never: prints, changes anything. A check that needs the broker is skipped when it is away.
"""

from __future__ import annotations

import importlib.util
import os
import shutil
import sys
import time
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from ledger.sealing import LogError
from ops.errors import NothingKnownError
from ops.partitions.plan import rows
from ops.reading import TopicReader, sealed_tail
from ops.settings import Settings
from ops.stores import positions_in
from sinks.errors import SinkError
from topics.catalog import EVENTS
from topics.errors import BrokerUnreachableError
from topics.execute import describe
from topics.plan import check, plan

PYTHONS: Final = ((3, 11), (3, 13))
FREE_MIN_BYTES: Final = 2 * 1024**3
TAIL: Final = 200
TIMEOUT_S: Final = 5.0
NS_PER_US: Final = 1_000
# One module of each extra.
EXTRAS: Final = {"worker": "faust", "sinks": "psycopg", "stack": "jgo", "ops": "rich"}


@dataclass(frozen=True, slots=True)
class Finding:
    """What a check says: well or not, what was found, what to do. `away`: a server is missing."""

    check: str
    well: bool
    found: str
    advice: str = ""
    away: bool = False


def examine(settings: Settings) -> Iterator[Finding]:
    """Yield every finding."""
    yield python()
    yield extras()
    yield java()
    yield disk(settings.state_dir)
    broker = reach_broker(settings)
    yield broker
    if broker.well:
        yield from topics(settings)
        yield log_tail(settings)
    for store in ("postgres", "cassandra", "redis"):
        yield reach_store(settings, store)
    yield workers(settings)


def python() -> Finding:
    """Check the version of Python."""
    low, high = PYTHONS
    version = sys.version_info[:2]
    advice = f"use Python {low[0]}.{low[1]} to {high[0]}.{high[1]}"
    return Finding("python", low <= version <= high, sys.version.split()[0], advice)


def extras() -> Finding:
    """Check which extras are installed."""
    missing = [name for name, module in EXTRAS.items() if not _present(module)]
    advice = f"pip install 'wallet-ledger[{','.join(missing)}]'"
    return Finding("extras", not missing, f"missing: {', '.join(missing) or 'none'}", advice)


def _present(module: str) -> bool:
    """Whether a module can be imported; one that replaced itself in `sys.modules` can."""
    return module in sys.modules or importlib.util.find_spec(module) is not None


def java() -> Finding:
    """Check that a Java is found; only the local stack needs one."""
    from ops.stack import java as search  # noqa: PLC0415 - of the stack only
    from ops.stack.errors import NoJavaError  # noqa: PLC0415

    try:
        found = search.find(dict(os.environ))
    except NoJavaError as error:
        return Finding("java", well=False, found=str(error), advice="needed by the local stack")
    return Finding("java", well=True, found=f"Java {found.major} at {found.path}")


def disk(folder: Path) -> Finding:
    """Check the space where workers keep their state."""
    existing = next(
        each for each in (folder.absolute(), *folder.absolute().parents) if each.exists()
    )
    free = shutil.disk_usage(existing).free
    advice = f"free {FREE_MIN_BYTES // 1024**3} GB or set LEDGER_STATE_DIR to another disk"
    return Finding(
        "disk", free >= FREE_MIN_BYTES, f"{free / 1e9:.1f} GB free at {existing}", advice
    )


def reach_broker(settings: Settings) -> Finding:
    """Check that Kafka answers."""
    advice = "start it (`ledgerctl stack up`) or correct LEDGER_KAFKA"
    try:
        cluster = describe(settings.broker(), timeout_s=TIMEOUT_S)
    except (BrokerUnreachableError, NothingKnownError) as error:
        return Finding("kafka", well=False, found=str(error), advice=advice, away=True)
    found = f"{cluster.brokers} broker(s) at {cluster.address}"
    return Finding("kafka", well=True, found=found)


def topics(settings: Settings) -> Iterator[Finding]:
    """Check topics against the catalogue."""
    cluster = describe(settings.broker(), timeout_s=TIMEOUT_S)
    problems = [problem.text() for problem in check(cluster)]
    drift = [action.text() for action in plan(cluster).actions]
    advice = "run `ledgerctl topics plan`"
    yield Finding("topics", not problems, "; ".join(problems) or "as the ledger needs them", advice)
    if not problems:
        yield Finding(
            "topic settings", not drift, "; ".join(drift) or "as in the catalogue", advice
        )


def log_tail(settings: Settings) -> Finding:
    """Check that the latest groups of every partition are readable and sealed."""
    damage: list[LogError] = []
    try:
        with closing(TopicReader(settings.broker(), EVENTS.name, timeout_s=TIMEOUT_S)) as reader:
            seen = sum(1 for _ in sealed_tail(reader.read(last=TAIL), damage.append))
    except Exception as error:  # noqa: BLE001 - whatever it is, it is the finding
        return Finding("log", well=False, found=str(error), advice="run `ledgerctl verify log`")
    found = "; ".join(map(str, damage)) or f"the last {seen} Decisions are sealed"
    return Finding("log", not damage, found, "run `ledgerctl verify log`")


def reach_store(settings: Settings, store: str) -> Finding:
    """Check that a store answers and has been written."""
    advice = f"start it (`ledgerctl stack up`) or correct LEDGER_{store.upper()}"
    try:
        positions = positions_in(settings, store)
    except NothingKnownError:
        return Finding(store, well=True, found="not named; needed by its sink only")
    except (SinkError, ModuleNotFoundError) as error:
        return Finding(store, well=False, found=str(error), advice=advice, away=True)
    applied = sum(position.sequence for position in positions.values())
    return Finding(store, well=True, found=f"{len(positions)} partitions, {applied:,} Decisions")


def workers(settings: Settings) -> Finding:
    """Check that no partition is halted and every worker has spoken lately."""
    found = rows(settings.state_dir, time.time_ns() // NS_PER_US)
    states = sorted({str(row["state"]) for row in found})
    halted = [str(row["partition"]) for row in found if row["state"] == "halted"]
    told = f"{len(found)} partitions: {', '.join(states)}" if found else "no worker runs here"
    advice = f"partition {', '.join(halted)}: see `ledgerctl partitions status`"
    return Finding("workers", not halted, told, advice)
