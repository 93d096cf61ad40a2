"""Settings of the stream workers.

Owns: LEDGER_KAFKA and what begins like it, LEDGER_STATE_DIR, LEDGER_WORKER, LEDGER_ENV,
LEDGER_LEDGER_ID, LEDGER_SESSION_TIMEOUT_S, LEDGER_SNAPSHOTS, LEDGER_SNAPSHOT_RECORDS,
LEDGER_CRASH_POINT, LEDGER_METRICS, LEDGER_TRACES, LEDGER_LOG_FORMAT; `schemas/native.py` reads
LEDGER_PURE.
Never: holds a business number; those are Policy.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Final, TypeVar

import fsspec
from fsspec.utils import get_protocol

from eyes.address import Address, read_address
from eyes.spans import read_collector
from schemas.access.kafka import VARIABLES as KAFKA_VARIABLES
from schemas.access.kafka import Kafka, Servers, read_kafka
from schemas.access.tls import AccessError
from schemas.variables import unknown_in

T = TypeVar("T")

OWN: Final = frozenset(
    {
        *KAFKA_VARIABLES,
        "LEDGER_STATE_DIR",
        "LEDGER_WORKER",
        "LEDGER_ENV",
        "LEDGER_LEDGER_ID",
        "LEDGER_SESSION_TIMEOUT_S",
        "LEDGER_CRASH_POINT",
        "LEDGER_SNAPSHOTS",
        "LEDGER_SNAPSHOT_RECORDS",
        "LEDGER_PURE",
        "LEDGER_METRICS",
        "LEDGER_TRACES",
        "LEDGER_LOG_FORMAT",
    }
)
# The broker refuses less than 3 s by default, and Faust more than its request timeout.
SHORTEST_SESSION_S: Final = 3.0
LONGEST_SESSION_S: Final = 60.0
# Names become parts of group ids, transactional ids and folders.
NAME: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,63}")


class SettingsError(Exception):
    """A setting is missing, malformed or unknown; the message names the variable."""


@dataclass(frozen=True, slots=True)
class Settings:
    """Everything a worker is told by its environment."""

    kafka: Servers
    state_dir: Path
    worker: str
    env: str = "local"
    ledger_id: str = "main"
    session_timeout_s: float = 10.0
    snapshots: str = ""  # a folder or an address of fsspec; empty: none are taken
    snapshot_records: int = 10_000  # a cold owner folds these in about half a second
    crash_point: str = ""
    metrics: Address | None = None  # where the page of metrics listens; None: nowhere
    traces: str = ""  # the collector of spans; empty: none are made

    @classmethod
    def from_env(cls, env: Mapping[str, str]) -> Settings:
        """Read and check the environment."""
        if unknown := unknown_in(env):
            raise SettingsError(f"unknown setting {unknown[0]}; known: {', '.join(sorted(OWN))}")
        return cls(
            kafka=_kafka(env),
            state_dir=Path(_required(env, "LEDGER_STATE_DIR", "the folder of local state")),
            worker=_name("LEDGER_WORKER", _required(env, "LEDGER_WORKER", "this worker's name")),
            env=_name("LEDGER_ENV", env.get("LEDGER_ENV") or "local"),
            ledger_id=_name("LEDGER_LEDGER_ID", env.get("LEDGER_LEDGER_ID") or "main"),
            session_timeout_s=_session(env.get("LEDGER_SESSION_TIMEOUT_S") or "10"),
            snapshots=_place(env.get("LEDGER_SNAPSHOTS", "")),
            snapshot_records=_count(
                "LEDGER_SNAPSHOT_RECORDS", env.get("LEDGER_SNAPSHOT_RECORDS") or "10000"
            ),
            crash_point=env.get("LEDGER_CRASH_POINT", ""),
            metrics=_read(read_address, env.get("LEDGER_METRICS", "")),
            traces=_read(read_collector, env.get("LEDGER_TRACES", "")),
        )

    @property
    def folder(self) -> Path:
        """The worker's own folder: no other process opens anything inside."""
        return self.state_dir / self.worker

    def shown(self) -> dict[str, str]:
        """Return the settings for the log. A password before an @ is masked."""
        return {
            each.name: re.sub(r"(?<=:)[^:@/,]+(?=@)", "***", str(getattr(self, each.name)))
            for each in fields(self)
        }


def _required(env: Mapping[str, str], name: str, meaning: str) -> str:
    value = env.get(name, "")
    if not value:
        raise SettingsError(f"{name} is missing: {meaning}")
    return value


def _kafka(env: Mapping[str, str]) -> Kafka:
    _brokers(_required(env, "LEDGER_KAFKA", "the broker as host:port"))
    try:
        return read_kafka(env)
    except AccessError as error:
        raise SettingsError(str(error)) from error


def _brokers(text: str) -> None:
    for broker in text.split(","):
        host, _, port = broker.strip().rpartition(":")
        if not host or not port.isdecimal():
            raise SettingsError("LEDGER_KAFKA is host:port, comma separated")


def _place(text: str) -> str:
    """Refuse an address that no installed file system serves."""
    try:
        fsspec.get_filesystem_class(get_protocol(text))
    except (ValueError, ImportError) as error:
        raise SettingsError(
            f"LEDGER_SNAPSHOTS is a folder or an fsspec address: {error}"
        ) from error
    return text


def _read(reader: Callable[[str], T], text: str) -> T:
    try:
        return reader(text)
    except ValueError as error:
        raise SettingsError(str(error)) from error


def _name(variable: str, text: str) -> str:
    if NAME.fullmatch(text) is None:
        raise SettingsError(f"{variable}={text!r}: letters, digits and _ . - only, at most 64")
    return text


def _count(variable: str, text: str) -> int:
    if not text.isdecimal() or int(text) < 1:
        raise SettingsError(f"{variable}={text}: a whole number, at least 1")
    return int(text)


def _session(text: str) -> float:
    try:
        seconds = float(text)
    except ValueError:
        seconds = 0.0
    if not SHORTEST_SESSION_S <= seconds <= LONGEST_SESSION_S:
        raise SettingsError(
            f"LEDGER_SESSION_TIMEOUT_S={text}: seconds between "
            f"{SHORTEST_SESSION_S:g} and {LONGEST_SESSION_S:g}"
        )
    return seconds
