"""The full comparison: log = inputs = outputs = RocksDB = PostgreSQL = Cassandra = Redis.

Owns: what must be equal to what, in words for every difference.
Never: repairs, waits for a lagging store (`running.py` does that first), trusts `balances[]`.
"""

from collections import Counter

from ops.audit.state import state_differences, stored
from schemas.messages.vocabulary import Outcome, RejectionReason, Stage
from sinks.digests import differences

SHOWN = 5
# These answers take no command id: another command may use it.
NAMELESS = frozenset(
    {
        RejectionReason.MISROUTED,
        RejectionReason.KEY_MISMATCH,
        RejectionReason.IDEMPOTENCY_MISMATCH,
        RejectionReason.MALFORMED_FIELD,
    }
)


def log_differences(witness):
    """Chain, seals and sequences were checked while reading; the rest is arithmetic."""
    totals = witness.totals
    found = list(totals.findings)
    found += [
        f"trial balance of {key}: {sum_}" for key, sum_ in totals.trial_balance().items() if sum_
    ]
    found += [f"in flight: {minor} {code}" for code, minor in totals.in_flight().items() if minor]
    if totals.open_transfers:
        found.append(f"open transfers: {_some(totals.open_transfers)}")
    if witness.in_transit():
        found.append(f"legs never taken: {witness.in_transit()}")
    if witness.unsealed:
        found.append(f"{witness.unsealed} Decisions without a seal")
    return found


def input_differences(witness, topics):
    """Each input record has one answer, and the answer is about these very bytes."""
    found = []
    for place, records in topics.inputs.items():
        answers = witness.answered[place]
        kind, partition = place
        where = f"{kind}[{partition}]"
        if unanswered := records.keys() - answers.keys():
            found.append(f"{where}: no Decision for offsets {_some(unanswered)}")
        if invented := answers.keys() - records.keys():
            found.append(f"{where}: Decisions for offsets that hold no record {_some(invented)}")
        other = [at for at in records.keys() & answers.keys() if records[at] != answers[at]]
        if other:
            found.append(f"{where}: the Decision answers other bytes at {_some(other)}")
    return found


def output_differences(witness, topics):
    """Results, legs and dead letters say what the log says, no more and no less."""
    pairs = (
        ("results", set(topics.results), witness.results),
        ("legs", topics.legs, witness.legs),
        ("dead letters", set(topics.letters), witness.letters),
    )
    found = []
    for what, seen, wanted in pairs:
        if missing := wanted - seen:
            found.append(f"{what}: {len(missing)} are missing, such as {_some(missing)}")
        if extra := seen - wanted:
            found.append(f"{what}: {len(extra)} are not in the log, such as {_some(extra)}")
    return found + client_differences(topics.results.values())


def client_differences(results):
    """No client was ever told two things: one FINAL outcome a command, repeats are DUPLICATE."""
    finals = Counter(
        (result.wallet_id, result.command_id)
        for result in results
        if result.stage is Stage.FINAL
        and result.outcome is not Outcome.DUPLICATE
        and result.reason not in NAMELESS
    )
    twice = [command for command, count in finals.items() if count > 1]
    return [f"commands with two FINAL outcomes: {_some(twice)}"] if twice else []


def state_differences_of(witness, partition, folder):
    """The owner's RocksDB holds the fold of the log, byte by byte."""
    found = state_differences(witness.rows(partition), stored(folder))
    return [f"RocksDB, partition {partition}: {each}" for each in found]


def store_differences(witness, stores):
    """Every store's digests equal the log's, view by view and partition by partition."""
    return [
        f"{name}, partition {partition}: {each}"
        for name, digests in stores.items()
        for partition in range(witness.partitions)
        for each in differences(witness.digests(partition), digests[partition])
    ]


def _some(things):
    shown = [str(each)[:80] for each in sorted(things, key=str)[:SHOWN]]
    return f"{', '.join(shown)} ({len(things)} in all)"
