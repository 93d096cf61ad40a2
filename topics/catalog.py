"""Every topic of the ledger, once.

Owns: names, keys, message classes, retention, time type. `ledgerctl topics plan|apply` makes a
cluster equal to it.
Never: partition counts of a running cluster: those are given once, at creation, and are for the
life of the ledger, because the partition of a wallet is murmur2(wallet id) mod N.
"""

from __future__ import annotations

from typing import Final

from schemas.messages.aliases import AliasEntry
from schemas.messages.automation import ActivateRules, AutomationNotice
from schemas.messages.commands import WalletCommand
from schemas.messages.control import Control
from schemas.messages.decisions import Decision
from schemas.messages.external import StatementPart
from schemas.messages.facts import (
    AttemptFact,
    BalanceFact,
    ControlTotal,
    PostingFact,
    TransactionFact,
)
from schemas.messages.legs import Leg
from schemas.messages.recon import Attestation, ReconEvent, ReconFact
from schemas.messages.results import DeadLetter, Result
from schemas.messages.risk import Sighting
from schemas.messages.scheduler import OccurrenceAnswer
from schemas.messages.settlement import PayoutInstruction, PayoutStatement
from schemas.messages.shadow import ShadowAssessment
from topics.changelog import changelog_topic
from topics.topic import DAY_MS, FOREVER_MS, Topic

DEFAULT_PARTITIONS: Final = 8  # for life; production uses 64 to 256

COMMANDS: Final = Topic(
    name="wallet.commands.v1",
    key="wallet id",
    message=WalletCommand,
    retention_ms=30 * DAY_MS,
    written_by="anybody allowed",
    note="the public entrance; no transactional producers, so that no open transaction delays it",
    log_append_time=True,
)
LEGS: Final = Topic(
    name="ledger.legs.v1",
    key="destination wallet id",
    message=Leg,
    retention_ms=30 * DAY_MS,
    written_by="the wallet job",
    note="money between partitions; apart, so that an open transaction never delays user commands",
    log_append_time=True,
)
CONTROL: Final = Topic(
    name="ledger.control.v1",
    key="partition number",
    message=Control,
    retention_ms=30 * DAY_MS,
    written_by="operators, the HTTP entrance and jobs",
    note="policies and rulesets, with their content, one per partition; what operators did",
    log_append_time=True,
)
JOB_COMMANDS: Final = Topic(
    name="job.commands.v1",
    key="wallet id",
    message=WalletCommand,
    retention_ms=30 * DAY_MS,
    written_by="our own jobs",
    note="commands that jobs give in their transactions; apart, for the reason of the legs",
    log_append_time=True,
)
EVENTS: Final = Topic(
    name="ledger.events.v1",
    key="wallet id",
    message=Decision,
    retention_ms=FOREVER_MS,
    written_by="the wallet job",
    note="the truth: one Decision per input record; never deleted, never compacted",
    log_append_time=True,  # it is an input of other jobs, whose timers follow it
    compression="zstd",
)
RESULTS: Final = Topic(
    name="wallet.results.v1",
    key="wallet id",
    message=Result,
    retention_ms=7 * DAY_MS,
    written_by="the wallet job",
    note="the answer to each command",
)
DEAD_LETTERS: Final = Topic(
    name="wallet.commands.v1.dlq",
    key="original key",
    message=DeadLetter,
    retention_ms=90 * DAY_MS,
    written_by="the wallet job",
    note="bytes nobody could read or route, with their source coordinates",
)
SHADOW: Final = Topic(
    name="risk.shadow.v1",
    key="wallet id",
    message=ShadowAssessment,
    retention_ms=90 * DAY_MS,
    written_by="the wallet job",
    note="what a ruleset in shadow would say; not sent again after a recovery, nothing needs it",
)
STATEMENTS: Final = Topic(
    name="settlement.statements.v1",
    key="merchant's wallet id",
    message=PayoutStatement,
    retention_ms=FOREVER_MS,
    written_by="the settlement job",
    note="what each payout is made of; a repeated payout id is the same statement again",
)
INSTRUCTIONS: Final = Topic(
    name="settlement.instructions.v1",
    key="merchant's wallet id",
    message=PayoutInstruction,
    retention_ms=FOREVER_MS,
    written_by="the settlement job",
    note="payouts the ledger handed over, for the rails; a repeated ext_ref is the same one again",
)
EXTERNAL_STATEMENTS: Final = Topic(
    name="external.statements.v1",
    key="account outside",
    message=StatementPart,
    retention_ms=FOREVER_MS,
    written_by="ledgerctl recon import",
    note="files of banks and processors as they were read, each in one transaction, each once",
    log_append_time=True,  # it is to be an input of the job that matches
)
SETTLEMENT_LOG: Final = changelog_topic("settlement")
OCCURRENCES: Final = Topic(
    name="scheduler.occurrences.v1",
    key="payer's wallet id",
    message=OccurrenceAnswer,
    retention_ms=FOREVER_MS,
    written_by="the scheduler job",
    note="what became of each occurrence of a schedule; a repeated command id says how it ended",
)
SCHEDULER_LOG: Final = changelog_topic("scheduler")
CHECKPOINTS: Final = Topic(
    name="ledger.checkpoints.v1",
    key="partition number",
    message=None,
    retention_ms=FOREVER_MS,
    written_by="the signer of checkpoints, whose key no worker has",
    note="signed notes, as text: size, Merkle root and chain head of a partition of the log",
)
AUTOMATION_RULES: Final = Topic(
    name="automation.rules.v1",
    key="partition number",
    message=ActivateRules,
    retention_ms=FOREVER_MS,
    written_by="operators",
    note="rules of business automation, the whole document, one record per partition",
    log_append_time=True,  # from when they are in force
)
AUTOMATION_NOTICES: Final = Topic(
    name="automation.notices.v1",
    key="owner of the account",
    message=AutomationNotice,
    retention_ms=90 * DAY_MS,
    written_by="the automation job",
    note="what rules raised, took or could not do; a repeated notice id is the same notice again",
)
AUTOMATION_LOG: Final = changelog_topic("automation")

ALIASES: Final = Topic(
    name="wallet.aliases.v1",
    key="keyed hash of the alias",
    message=AliasEntry,
    retention_ms=FOREVER_MS,
    written_by="the service that owns the aliases",
    note="which wallet is behind an alias; the latest record of a key holds, none removes it",
    compacted=True,
)
RECON_FACTS: Final = Topic(
    name="recon.facts.v1",
    key="pair, cut or partition",
    message=ReconFact,
    retention_ms=FOREVER_MS,
    written_by="the facts job",
    note="what each partition says of itself, where the other end says the same",
    log_append_time=True,  # it is an input of the match job
)
RECON_EVENTS: Final = Topic(
    name="recon.events.v1",
    key="break or cut",
    message=ReconEvent,
    retention_ms=FOREVER_MS,
    written_by="the match and stores jobs, operators",
    note="cuts, breaks, repairs, what people did with them; a repeated event_id is the same again",
)
FACTS_LOG: Final = changelog_topic("facts")
MATCH_LOG: Final = changelog_topic("match")
SINK_ATTESTATIONS: Final = Topic(
    name="sink.attestations.v1",
    key="store and bucket",
    message=Attestation,
    retention_ms=90 * DAY_MS,
    written_by="the auditors of the stores",
    note="what each store really holds of a ledger partition, read back; repairs begun and ended",
    log_append_time=True,  # it is an input of the stores job
)
STORES_LOG: Final = changelog_topic("stores")
RECON_TOPICS: Final = (
    RECON_FACTS,
    RECON_EVENTS,
    FACTS_LOG,
    MATCH_LOG,
    SINK_ATTESTATIONS,
    STORES_LOG,
)

POSTINGS: Final = Topic(
    name="ledger.postings.v1",
    key="wallet id, or account:owner where it is no wallet's",
    message=PostingFact,
    retention_ms=FOREVER_MS,
    written_by="the publish job",
    note="every posting, flat, in the partition and order of the log; posting_id tells a repeat",
)
BALANCES: Final = Topic(
    name="wallet.balances.v1",
    key="wallet id|account|currency",
    message=BalanceFact,
    retention_ms=FOREVER_MS,
    written_by="the publish job",
    note="the newest balance of each account of a wallet, in the wallet's partition",
    compacted=True,
)
TRANSACTIONS: Final = Topic(
    name="wallet.transactions.v1",
    key="wallet id",
    message=TransactionFact,
    retention_ms=FOREVER_MS,
    written_by="the publish job",
    note="each change of a transaction, transfer, hold or card top-up; change_id tells a repeat",
)
ATTEMPTS: Final = Topic(
    name="risk.attempts.v1",
    key="wallet id",
    message=AttemptFact,
    retention_ms=30 * DAY_MS,
    written_by="the publish job",
    note="what was asked, which rules fired, what was done; attempt_id tells a repeat",
)
TOTALS: Final = Topic(
    name="ledger.totals.v1",
    key="topic|partition|day|currency",
    message=ControlTotal,
    retention_ms=FOREVER_MS,
    written_by="the publish job",
    note="how much was published of each day so far; the latest of a key proves the other topics",
    compacted=True,
)
PUBLISH_LOG: Final = changelog_topic("publish")
PUBLISH_TOPICS: Final = (POSTINGS, BALANCES, TRANSACTIONS, ATTEMPTS, TOTALS, PUBLISH_LOG)

SIGHTINGS: Final = Topic(
    name="risk.sightings.v1",
    key="hash of a device or card",
    message=Sighting,
    retention_ms=35 * DAY_MS,
    written_by="the risk job",
    note="which wallet used which device or card; a repeat says nothing new",
    log_append_time=True,  # it is an input of the same job, where all wallets of a device meet
)
RISK_LOG: Final = changelog_topic("risk")
RISK_TOPICS: Final = (SIGHTINGS, RISK_LOG)

LEDGER_TOPICS: Final = (
    COMMANDS,
    LEGS,
    CONTROL,
    JOB_COMMANDS,
    EVENTS,
    RESULTS,
    DEAD_LETTERS,
    SHADOW,
)
SETTLEMENT_TOPICS: Final = (SETTLEMENT_LOG, STATEMENTS, INSTRUCTIONS)
AUTOMATION_TOPICS: Final = (AUTOMATION_LOG, AUTOMATION_RULES, AUTOMATION_NOTICES)
SCHEDULER_TOPICS: Final = (SCHEDULER_LOG, OCCURRENCES)
TOPICS: Final = (
    *LEDGER_TOPICS,
    *SETTLEMENT_TOPICS,
    *AUTOMATION_TOPICS,
    *SCHEDULER_TOPICS,
    *RECON_TOPICS,
    EXTERNAL_STATEMENTS,
    ALIASES,
    CHECKPOINTS,
    *PUBLISH_TOPICS,
    *RISK_TOPICS,
)
