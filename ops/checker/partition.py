"""One partition: its log read once beside its inputs, every check of the log on the way.

Owns: which checks look at a step, and at the other topics of the partition after it.
Never: reads a store; `check.py` does, when every partition is known.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Final, TypeVar, final

from ops.audit.totals import Totals
from ops.auditor.auditor import Auditor, Given
from ops.checker.again import Again
from ops.checker.attempts import Attempts
from ops.checker.balances import Balances
from ops.checker.bounds import Bounds
from ops.checker.chain import Seals
from ops.checker.coverage import Coverage
from ops.checker.letters import Letters
from ops.checker.outcomes import Outcomes, Results
from ops.checker.report import Result
from ops.checker.rows import RowSums, rows_in
from ops.checker.sagas import Sagas
from ops.checker.steps import Inputs, Step, joined, sealed_steps
from ops.checker.targets import Told
from ops.checker.told import Kept
from ops.reading import Record, TopicReader
from schemas.codec import CodecError, decode
from schemas.messages.decisions import InputSource
from schemas.messages.legs import Leg
from schemas.messages.policy import Policy, Ruleset
from schemas.messages.results import DeadLetter
from schemas.messages.results import Result as Answer
from schemas.messages.vocabulary import InputTopic
from streams.wallet.catalogued import TOPIC_NAMES
from streams.wallet.step import DROPPED
from topics.catalog import DEAD_LETTERS, EVENTS, LEGS, RESULTS

M = TypeVar("M")
Readers = Callable[[str], TopicReader]  # by topic; the same reader serves every partition


@final
class Whole:
    """What the checks know of the whole ledger, partition by partition."""

    def __init__(
        self,
        results: dict[int, Result],
        told: Told,
        route: Callable[[str], int],
        genesis: tuple[Policy, Ruleset],
    ) -> None:
        self.results: Final = results
        self.policy: Final = genesis[0]
        self.auditor: Final = Auditor(route, *genesis)
        self.totals: Final = Totals()
        self.sagas: Final = Sagas(results[6])
        self.balances: Final = Balances(results[8])
        self.rows: Final = RowSums()
        self.attempts: Final = Attempts(results[11])
        self.letters: Final = Letters(results[15])
        self.kept: Final = Kept(results[17], told)
        self.sequences: Final[dict[int, int]] = {}
        self.shortened: Final[set[str]] = set()  # topics of which retention removed something


def check_partition(whole: Whole, readers: Readers, partition: int, again: Again) -> None:
    """Read everything of a partition once."""
    results = whole.results
    seals, coverage = Seals(results[14]), Coverage(results[2], results[5])
    outcomes, answers = Outcomes(results[1]), Results(results[1], results[5])
    bounds = Bounds(results[4], whole.policy)
    local = (seals, coverage, outcomes, answers, bounds, again)

    def damaged(what: str) -> None:
        seals.damaged(partition, what)

    inputs = {
        kind: Inputs(readers(name).read([partition]), readers(name).first(partition))
        for kind, name in TOPIC_NAMES.items()
    }
    log = sealed_steps(partition, readers(EVENTS.name).read([partition]), damaged)
    whole.sequences[partition] = 0
    for step in joined(log, inputs):
        for check in local:
            check.take(step)
        take(whole, step)
    again.end()
    coverage.end(inputs, partition)
    outcomes.end(inputs, partition)
    _other_topics(whole, readers, partition, answers)
    whole.kept.check_results(partition, answers.knows)
    whole.sagas.end_partition()
    whole.auditor.forget(partition)


def take(whole: Whole, step: Step) -> None:
    """Let every check that spans partitions look at a step."""
    decision, record = step.decision, step.record
    whole.sequences[decision.partition] = decision.sequence
    whole.totals.add(decision)
    whole.balances.take(step)
    whole.rows.add(rows_in(decision))
    whole.letters.take(step)
    whole.kept.take(step)
    whole.sagas.take(step)
    whole.attempts.seal(step.logged.attempt)
    given = None if record is None else given_of(record)
    for each in whole.auditor.take(decision, given):
        what = f"the second model differs in {each.what}: {each.expected}, not {each.found}"
        whole.results[7].add(step.where, what)
    source = decision.source
    if decision.reason in DROPPED or record is None or not isinstance(source, InputSource):
        return
    if source.topic is InputTopic.LEGS:
        value = record.value or b""
        whole.sagas.see(decision.partition, value, decode(Leg, value))


def given_of(record: Record) -> Given:
    """Return a record as the auditor takes it."""
    return Given(record.append_time_us, record.key, record.value)


def _other_topics(whole: Whole, readers: Readers, partition: int, answers: Results) -> None:
    for name in (LEGS.name, RESULTS.name, DEAD_LETTERS.name):
        if readers(name).first(partition) > 0:
            whole.shortened.add(name)
    for record, answer in decoded(readers(RESULTS.name), partition, Answer, whole.results[1]):
        answers.see(record.value or b"", answer)
    answers.end(whole=RESULTS.name not in whole.shortened)
    letters = decoded(readers(DEAD_LETTERS.name), partition, DeadLetter, whole.results[15])
    for _, letter in letters:
        whole.letters.see(letter)


def decoded(
    reader: TopicReader, partition: int, kind: type[M], result: Result
) -> Iterator[tuple[Record, M]]:
    """Yield the records of a topic that only we write; bytes that are no message are a finding."""
    for record in reader.read([partition]):
        try:
            yield record, decode(kind, record.value or b"")
        except CodecError as error:
            where = f"{record.topic}[{partition}] offset {record.offset}"
            result.add(where, f"is unreadable: {error}")
