"""The catalogue as other programs know it: names, times, retention and sizes are promises."""

from streams.automation.job import AutomationJob
from streams.publish.job import PublishJob
from streams.reconciliation.internal.facts_job import FactsJob
from streams.reconciliation.internal.match_job import MatchJob
from streams.reconciliation.stores.job import StoresJob
from streams.risk.job import RiskJob
from streams.scheduler.job import SchedulerJob
from streams.settlement.job import SettlementJob
from streams.wallet.job import WalletJob
from topics.catalog import (
    ALIASES,
    ATTEMPTS,
    AUTOMATION_NOTICES,
    BALANCES,
    CHECKPOINTS,
    COMMANDS,
    CONTROL,
    DEAD_LETTERS,
    EVENTS,
    JOB_COMMANDS,
    LEGS,
    RESULTS,
    SHADOW,
    SIGHTINGS,
    SINK_ATTESTATIONS,
    TOPICS,
    TOTALS,
)
from topics.plan import desired_config
from topics.topic import DAY_MS, FOREVER_MS


def test_names_are_promised():
    assert [topic.name for topic in TOPICS] == [
        "wallet.commands.v1",
        "ledger.legs.v1",
        "ledger.control.v1",
        "job.commands.v1",
        "ledger.events.v1",
        "wallet.results.v1",
        "wallet.commands.v1.dlq",
        "risk.shadow.v1",
        "settlement.changelog.v1",
        "settlement.statements.v1",
        "settlement.instructions.v1",
        "automation.changelog.v1",
        "automation.rules.v1",
        "automation.notices.v1",
        "scheduler.changelog.v1",
        "scheduler.occurrences.v1",
        "recon.facts.v1",
        "recon.events.v1",
        "facts.changelog.v1",
        "match.changelog.v1",
        "sink.attestations.v1",
        "stores.changelog.v1",
        "external.statements.v1",
        "wallet.aliases.v1",
        "ledger.checkpoints.v1",
        "ledger.postings.v1",
        "wallet.balances.v1",
        "wallet.transactions.v1",
        "risk.attempts.v1",
        "ledger.totals.v1",
        "publish.changelog.v1",
        "risk.sightings.v1",
        "risk.changelog.v1",
    ]


def test_every_input_of_a_job_takes_the_brokers_time():
    jobs = (WalletJob, SettlementJob, AutomationJob, SchedulerJob, FactsJob, MatchJob, StoresJob)
    jobs += (PublishJob, RiskJob)
    inputs = [topic for job in jobs for topic in job.inputs]
    assert {desired_config(topic, 1)["message.timestamp.type"] for topic in inputs} == {
        "LogAppendTime"
    }


def test_the_truth_is_never_deleted_and_never_compacted():
    config = desired_config(EVENTS, 3)
    assert (config["retention.ms"], config["retention.bytes"]) == ("-1", "-1")
    assert config["cleanup.policy"] == "delete"
    assert config["compression.type"] == "zstd"


def test_where_only_the_latest_counts_it_is_kept_for_ever():
    compacted = [topic for topic in TOPICS if topic.compacted]
    assert compacted == [ALIASES, BALANCES, TOTALS]
    for topic in compacted:
        config = desired_config(topic, 3)
        assert (config["cleanup.policy"], config["retention.ms"]) == ("compact", "-1")


def test_retention_in_days():
    days = {
        topic.name: topic.retention_ms // DAY_MS
        for topic in TOPICS
        if topic.retention_ms != FOREVER_MS
    }
    assert days == {
        COMMANDS.name: 30,
        LEGS.name: 30,
        CONTROL.name: 30,
        JOB_COMMANDS.name: 30,
        RESULTS.name: 7,
        DEAD_LETTERS.name: 90,
        SHADOW.name: 90,
        AUTOMATION_NOTICES.name: 90,
        ATTEMPTS.name: 30,
        SINK_ATTESTATIONS.name: 90,
        SIGHTINGS.name: 35,
    }


def test_a_batch_of_one_mebibyte_fits_everywhere():
    assert {desired_config(topic, 1)["max.message.bytes"] for topic in TOPICS} == {"1048576"}


def test_every_topic_says_who_writes_it_and_what():
    for topic in TOPICS:
        assert topic.written_by
        assert topic.note
        # A signed note is a text of its own form, and is read by those who have no schema of ours.
        assert topic.message is not None or topic is CHECKPOINTS
