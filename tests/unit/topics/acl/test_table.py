"""Who may do what at the brokers: each topic has its writers and no others."""

import pytest

from ingress.sdk.client import reader_config
from sinks.audit.kafka import READER
from sinks.source import CONSUMER
from streams.app import JOBS
from streams.runtime.assembly import transactional_id
from streams.runtime.kafka import consumer_settings
from topics.acl.entry import EVERYTHING
from topics.acl.plan import wanted
from topics.acl.table import AUDITORS, PROCESSES, PUBLISHED, RECOVERY, SDK, SINKS
from topics.catalog import TOPICS

ENTRIES = wanted("prod", {})
JOB_PROCESSES = set(JOBS)
# What the catalogue says in words, by process.
WRITERS = {
    "anybody allowed": {"entrance", "producer", "aliases", "operator"},
    "operators, the HTTP entrance and jobs": {"operator", "entrance", "risk"},
    "operators": {"operator"},
    "our own jobs": {"settlement", "scheduler", "automation"},
    "ledgerctl recon import": {"operator"},
    "the signer of checkpoints, whose key no worker has": {"signer"},
    "the service that owns the aliases": {"aliases"},
    "the match and stores jobs, operators": {"match", "stores", "operator"},
    "the auditors of the stores": {"auditor"},
    **{f"the {job} job": {job} for job in JOB_PROCESSES},
}


def who(operation, kind, name):
    return {
        entry.principal.removeprefix("User:ledger-")
        for entry in ENTRIES
        if entry.operation == operation and entry.covers(kind, name)
    }


@pytest.mark.parametrize("topic", TOPICS, ids=lambda topic: topic.name)
def test_a_topic_has_exactly_its_writers(topic):
    assert who("write", "topic", topic.name) == WRITERS[topic.written_by]


@pytest.mark.parametrize("job", JOBS)
def test_a_worker_may_what_its_job_does(job):
    offer, process = JOBS[job], PROCESSES[job]
    log, *outputs = offer.others
    assert set(process.reads) == {*offer.inputs, log}
    assert set(process.writes) == {log, *outputs}
    assert who("write", "transactional_id", transactional_id("prod", job, 7)) == {job}
    assert who("read", "group", f"prod-{job}") == {job}


def test_an_analyst_reads_what_is_published_and_writes_nothing():
    allowed = {e for e in ENTRIES if e.principal == "User:ledger-analyst"}
    assert {e.name for e in allowed if e.kind == "topic"} == {topic.name for topic in PUBLISHED}
    assert {topic.written_by for topic in PUBLISHED} == {"the publish job"}
    assert {e.operation for e in allowed} == {"read", "describe"}
    assert {(e.kind, e.name, e.prefixed) for e in allowed if e.operation == "read"} - {
        ("topic", topic.name, False) for topic in PUBLISHED
    } == {("group", "analyst-", True)}


def test_nobody_may_everything_and_nobody_changes_lists_or_topics():
    assert [entry for entry in ENTRIES if entry.name == EVERYTHING or entry.denied] == []
    changing = {"all", "create", "delete", "alter", "alter_configs", "cluster_action"}
    assert {entry.operation for entry in ENTRIES} & changing == set()
    assert {e.kind for e in ENTRIES if e.prefixed} == {"group", "transactional_id"}


def test_groups_are_those_that_clients_name():
    assert consumer_settings("h:1")["group.id"] == RECOVERY
    assert reader_config("h:1")["group.id"] == SDK
    assert CONSUMER["group.id"] == SINKS
    assert READER["group.id"] == AUDITORS


def test_environments_do_not_touch_each_other():
    def named(env, kind):
        found = {e.name for e in wanted(env, {}) if e.kind == kind and e.name.startswith(env)}
        assert len(found) == len(JOBS)
        return found

    for kind in ("group", "transactional_id"):
        assert named("blue", kind).isdisjoint(named("green", kind))
