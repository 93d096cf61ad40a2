"""The table: every process that enters a broker, and the least it needs there.

Owns: who reads and writes which topic, which groups and transactional ids are whose.
Never: names a user; a process is `User:ledger-<name>` unless the plan is told otherwise.

A client that assigns its partitions by hand still asks for the coordinator of the group it names,
so it needs to describe that group, and no more.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from topics.acl.entry import CLUSTER, Entry
from topics.catalog import (
    ALIASES,
    ATTEMPTS,
    AUTOMATION_LOG,
    AUTOMATION_NOTICES,
    AUTOMATION_RULES,
    BALANCES,
    CHECKPOINTS,
    COMMANDS,
    CONTROL,
    DEAD_LETTERS,
    EVENTS,
    EXTERNAL_STATEMENTS,
    FACTS_LOG,
    INSTRUCTIONS,
    JOB_COMMANDS,
    LEGS,
    MATCH_LOG,
    OCCURRENCES,
    POSTINGS,
    PUBLISH_LOG,
    RECON_EVENTS,
    RECON_FACTS,
    RESULTS,
    RISK_LOG,
    SCHEDULER_LOG,
    SETTLEMENT_LOG,
    SHADOW,
    SIGHTINGS,
    SINK_ATTESTATIONS,
    STATEMENTS,
    STORES_LOG,
    TOPICS,
    TOTALS,
    TRANSACTIONS,
)
from topics.topic import Topic

RECOVERY: Final = "ledger-recovery-assigns-by-hand"
SDK: Final = "ledger-sdk"
SINKS: Final = "ledger-sinks"
AUDITORS: Final = "ledger-audit"
PUBLISHED: Final = (POSTINGS, BALANCES, TRANSACTIONS, ATTEMPTS, TOTALS)


@dataclass(frozen=True, slots=True)
class Process:
    """What one process does at the brokers; groups and ids may hold `{env}`."""

    reads: tuple[Topic, ...]
    writes: tuple[Topic, ...] = ()
    names: tuple[str, ...] = ()  # groups it only names
    joins: str = ""  # the group it is a member of
    joins_below: str = ""  # groups of its own choice begin so
    transactions: str = ""  # its transactional ids begin so
    looks: bool = False  # reads settings of its topics and of brokers
    looks_at_lists: bool = False  # reads these very lists

    def entries(self, principal: str, env: str) -> Iterator[Entry]:
        """Yield the least that the process needs."""
        for operation, kind, names, prefixed in self._needs():
            for name in names:
                yield Entry(principal, operation, kind, name.format(env=env), prefixed)

    def _needs(self) -> Iterator[tuple[str, str, Iterable[str], bool]]:
        """Yield operation, kind and names; a name that is empty is none."""
        reads, writes = ([topic.name for topic in each] for each in (self.reads, self.writes))
        yield "read", "topic", reads, False
        yield "write", "topic", writes, False
        yield "describe", "group", self.names, False
        yield "read", "group", filter(None, [self.joins]), False
        yield "read", "group", filter(None, [self.joins_below]), True
        yield "write", "transactional_id", filter(None, [self.transactions]), True
        if self.looks:
            yield "describe_configs", "topic", {*reads, *writes}, False
            yield "describe_configs", "cluster", [CLUSTER], False
        if self.looks_at_lists:
            yield "describe", "cluster", [CLUSTER], False


def _worker(job: str, inputs: tuple[Topic, ...], log: Topic, outputs: tuple[Topic, ...]) -> Process:
    """Return a stream worker: it recovers from its log, and writes it with what it sends."""
    return Process(
        reads=(*inputs, log),
        writes=(log, *outputs),
        names=(RECOVERY,),
        joins=f"{{env}}-{job}",
        transactions=f"{{env}}-{job}-",
        looks=True,
    )


_SINK: Final = Process(reads=(EVENTS,), names=(SINKS,))
_CLIENT: Final = Process(reads=(RESULTS, ALIASES), writes=(COMMANDS,), names=(SDK,))

PROCESSES: Final[dict[str, Process]] = {
    "wallet": _worker(
        "wallet",
        (LEGS, CONTROL, JOB_COMMANDS, COMMANDS),
        EVENTS,
        (LEGS, RESULTS, DEAD_LETTERS, SHADOW),
    ),
    "settlement": _worker(
        "settlement", (EVENTS,), SETTLEMENT_LOG, (JOB_COMMANDS, STATEMENTS, INSTRUCTIONS)
    ),
    "scheduler": _worker("scheduler", (EVENTS,), SCHEDULER_LOG, (JOB_COMMANDS, OCCURRENCES)),
    "automation": _worker(
        "automation",
        (AUTOMATION_RULES, EVENTS),
        AUTOMATION_LOG,
        (JOB_COMMANDS, AUTOMATION_NOTICES),
    ),
    "facts": _worker("facts", (EVENTS,), FACTS_LOG, (RECON_FACTS,)),
    "match": _worker("match", (RECON_FACTS,), MATCH_LOG, (RECON_EVENTS,)),
    "publish": _worker("publish", (EVENTS,), PUBLISH_LOG, PUBLISHED),
    "stores": _worker("stores", (EVENTS, SINK_ATTESTATIONS), STORES_LOG, (RECON_EVENTS,)),
    "risk": _worker("risk", (SIGHTINGS, EVENTS), RISK_LOG, (SIGHTINGS, CONTROL)),
    "sink-postgres": _SINK,
    "sink-cassandra": _SINK,
    "sink-redis": _SINK,
    "webhooks": Process(reads=(TRANSACTIONS, ATTEMPTS, AUTOMATION_NOTICES), names=(SINKS,)),
    "auditor": Process(
        reads=(EVENTS, RECON_EVENTS), writes=(SINK_ATTESTATIONS,), names=(AUDITORS, SINKS)
    ),
    # Records of what operators did; see ADR 43 for what this right is worth.
    "entrance": Process(reads=(RESULTS, ALIASES), writes=(COMMANDS, CONTROL), names=(SDK,)),
    "producer": _CLIENT,
    "aliases": Process(reads=(ALIASES, RESULTS), writes=(ALIASES, COMMANDS), names=(SDK,)),
    "signer": Process(reads=(EVENTS, CHECKPOINTS), writes=(CHECKPOINTS,), names=(SDK,)),
    # Facts alone: what other topics hold may still be aborted, or is nobody's to analyse.
    "analyst": Process(reads=PUBLISHED, names=(SDK,), joins_below="analyst-"),
    "operator": Process(
        reads=TOPICS,
        writes=(COMMANDS, CONTROL, AUTOMATION_RULES, EXTERNAL_STATEMENTS, RECON_EVENTS),
        names=(SDK, SINKS),
        transactions="external-statements",
        looks=True,
        looks_at_lists=True,
    ),
}
