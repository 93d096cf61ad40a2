"""Checks: one function per thing the ledger needs, each answering with a finding.

Owns: the checks in the order in which they make sense, and their advice.
Never: prints, changes anything. A check that needs the broker is skipped when it is away.
"""

from __future__ import annotations

import importlib.util
import os
import shutil
import sys
from collections.abc import Iterator, Mapping
from contextlib import closing
from difflib import get_close_matches
from pathlib import Path
from typing import Final

from ingress.sdk.stamp import now_us
from ops.doctor.clocks import clocks, skews
from ops.doctor.finding import Finding
from ops.doctor.records import (
    SAMPLED,
    clients_clocks,
    isolation,
    newest,
    partitioner,
    schema_ids,
    seals,
)
from ops.errors import NothingKnownError
from ops.partitions.plan import rows
from ops.reading import Record, TopicReader
from ops.settings import Settings, read_settings
from ops.stores import positions_in
from schemas.variables import KNOWN, unknown_in
from sinks.batch import Position
from sinks.errors import SinkError
from topics.catalog import EVENTS
from topics.errors import BrokerUnreachableError
from topics.execute import describe
from topics.plan import Cluster, check, plan

PYTHONS: Final = ((3, 11), (3, 13))
FREE_MIN_BYTES: Final = 2 * 1024**3
TAIL: Final = 200
TIMEOUT_S: Final = 5.0
STORES: Final = ("postgres", "cassandra", "redis")
# One module of each extra.
EXTRAS: Final = {"worker": "faust", "sinks": "psycopg", "stack": "jgo", "ops": "rich"}


def examine(env: Mapping[str, str]) -> Iterator[Finding]:
    """Yield every finding."""
    named, settings = environment(env)
    yield named
    yield python()
    yield extras()
    yield java()
    yield disk(settings.state_dir)
    broker = reach_broker(settings)
    yield broker
    stores: dict[str, Mapping[int, Position]] = {}
    for store in STORES:
        finding, positions = reach_store(settings, store)
        yield finding
        stores[store] = positions
    if broker.well:
        yield from topics(describe(settings.broker(), timeout_s=TIMEOUT_S))
        yield from records(settings, stores)
    yield workers(settings)


def environment(env: Mapping[str, str]) -> tuple[Finding, Settings]:
    """Check that every LEDGER_ variable is one; the rest is examined without those that are not."""
    unknown = unknown_in(env)
    settings = read_settings({name: value for name, value in env.items() if name not in unknown})
    if not unknown:
        return Finding("settings", well=True, found="every LEDGER_ variable is known"), settings
    name = unknown[0]
    meant = get_close_matches(name, KNOWN, 1)
    advice = (
        f"{'write ' + meant[0] if meant else 'unset it'}; docs/guides/settings.md lists them all"
    )
    found = f"{', '.join(unknown)} is no setting: every process would refuse to start"
    return Finding("settings", well=False, found=found, advice=advice), settings


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
    return room(shutil.disk_usage(existing).free, existing)


def room(free: int, existing: Path) -> Finding:
    """Judge the free bytes of a folder."""
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


def topics(cluster: Cluster) -> Iterator[Finding]:
    """Check topics against the catalogue."""
    problems = [problem.text() for problem in check(cluster)]
    drift = [action.text() for action in plan(cluster).actions]
    advice = "run `ledgerctl topics plan`"
    yield Finding("topics", not problems, "; ".join(problems) or "as the ledger needs them", advice)
    if not problems:
        yield Finding(
            "topic settings", not drift, "; ".join(drift) or "as in the catalogue", advice
        )


def records(settings: Settings, stores: Mapping[str, Mapping[int, Position]]) -> Iterator[Finding]:
    """Check the latest records of the topics that a wallet's commands and money pass."""
    sample: list[Record] = []
    count = 0
    try:
        for topic in SAMPLED:
            with closing(TopicReader(settings.broker(), topic.name, timeout_s=TIMEOUT_S)) as reader:
                count = reader.partitions
                sample += reader.read(last=TAIL)
    except Exception as error:  # noqa: BLE001 - whatever it is, it is the finding
        yield Finding("log", well=False, found=str(error), advice="run `ledgerctl verify log`")
        return
    log = [each for each in sample if each.topic == EVENTS.name]
    yield seals(log)
    yield partitioner(sample, count)
    yield schema_ids(sample)
    yield isolation(log, stores)
    yield clients_clocks(sample)
    yield clocks(skews(settings), newest(sample), now_us())


def reach_store(settings: Settings, store: str) -> tuple[Finding, Mapping[int, Position]]:
    """Check that a store answers and has been written; return where it stands."""
    advice = f"start it (`ledgerctl stack up`) or correct LEDGER_{store.upper()}"
    try:
        positions = positions_in(settings, store)
    except NothingKnownError:
        return Finding(store, well=True, found="not named; needed by its sink only"), {}
    except (SinkError, ModuleNotFoundError) as error:
        return Finding(store, well=False, found=str(error), advice=advice, away=True), {}
    applied = sum(position.sequence for position in positions.values())
    found = f"{len(positions)} partitions, {applied:,} Decisions"
    return Finding(store, well=True, found=found), positions


def workers(settings: Settings) -> Finding:
    """Check that no partition is halted and every worker has spoken lately."""
    found = rows(settings.state_dir, now_us())
    states = sorted({str(row["state"]) for row in found})
    halted = [str(row["partition"]) for row in found if row["state"] == "halted"]
    told = f"{len(found)} partitions: {', '.join(states)}" if found else "no worker runs here"
    advice = f"partition {', '.join(halted)}: see `ledgerctl partitions status`"
    return Finding("workers", not halted, told, advice)
