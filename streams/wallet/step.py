"""The step: one input or due timer in, one Decision out, applied to the overlay.

Owns: the making of a Decision, its time and its sequence, and the fold of committed ones.
Never: I/O; asks no clock but the records' own append times.
"""

from __future__ import annotations

from collections.abc import Sequence
from hashlib import sha256
from typing import Final, cast, final

from ledger.decider import decide
from ledger.dry_run import without_effect
from ledger.effects import apply
from ledger.fold import close_group, fold_group, note
from ledger.heads import head_of
from ledger.inputs import CommandInput, ControlInput, Input, LegInput, TimerInput
from ledger.place import Place
from ledger.programme import Programme
from ledger.sealing import CHAIN_HEADER, LogError, SealedGroup, SealReader
from ledger.verdict import Verdict
from ledger.view import ONE, PartitionView
from schemas.codec import CodecError, decode_partly
from schemas.messages.decisions import Decision, InputSource, Source, TimerSource
from schemas.messages.legs import Leg
from schemas.messages.rows import TimerRow
from schemas.messages.vocabulary import LegKind, RejectionReason
from schemas.messages.vocabulary import Outcome as Said
from streams.runtime.job import (
    Group,
    InputRecord,
    LogRecord,
    Outcome,
    Output,
    Positions,
    ReadInput,
    Replayed,
)
from streams.wallet.catalogued import INPUT_TOPICS
from streams.wallet.genesis import Current, Programmes
from streams.wallet.outputs import dead_letter_of, outputs_of, resent
from streams.wallet.reading import Refusal, read
from streams.wallet.seal import seal_group
from streams.wallet.trial import Trial

Decided = tuple[Decision, Output | None]
OUTCOMES: Final = tuple(Said)
ENGINE: Final = 1  # raised when the same input would be decided otherwise
MAX_KEY_BYTES: Final = 256
# What a Decision writes beside its input, no less than it is: few entries, or a bulk's.
FEW_ENTRIES: Final = 4
FEW_BYTES: Final = 1_024
ENTRY_BYTES: Final = 256
FORGETTABLE: Final = frozenset(
    {
        RejectionReason.MISROUTED,
        RejectionReason.KEY_MISMATCH,
    }
)
DROPPED: Final = frozenset({RejectionReason.UNREADABLE, RejectionReason.TOO_LARGE})
SENDERS_ANSWER: Final = frozenset({LegKind.ACK, LegKind.NACK})


@final
class Answer:
    """A Decision without its seal, and what goes with it: a dead letter, or a shadow's word."""

    __slots__ = ("aside", "decision", "size")

    def __init__(self, decision: Decision, aside: Output | None, size: int) -> None:
        self.decision: Final = decision
        self.aside: Final = aside
        self.size: Final = size


@final
class WalletPartition:
    """The single writer of one partition: satisfies `streams.runtime.job.PartitionJob`."""

    def __init__(self, view: PartitionView, place: Place, programmes: Programmes) -> None:
        self.view: Final = view
        self.place: Final = place
        self._programmes: Final = programmes
        self._reader: SealReader | None = None
        self._last_group: list[Decision] = []

    def step(self, record: InputRecord) -> Answer:
        """Decide one record of an input topic."""
        topic = INPUT_TOPICS[record.topic]
        at = max(head_of(self.view).decided_at, record.append_time)
        given = read(record, topic, self.place)
        key = (record.key or b"")[:MAX_KEY_BYTES]
        source = InputSource(topic, record.offset, record.append_time, key)
        decision, shadow = self._decide(given, source, record.value or b"", at)
        aside = shadow or dead_letter_of(decision, record)  # what is assessed is no dead letter
        would_be = decision.dry_run
        made = len(decision.entries if would_be is None else would_be.entries)
        output = FEW_BYTES if made <= FEW_ENTRIES else made * ENTRY_BYTES
        return Answer(decision, aside, 2 * decision.input_length + output)

    def fire(self, until: int) -> Answer | None:
        """Decide the first timer due by `until`, or by the time already reached."""
        first = self.view.timers.first(1)
        if not first:
            return None
        timer: TimerRow = first[0][1]
        reached = head_of(self.view).decided_at
        if timer.due > max(until, reached):
            return None
        source = TimerSource(timer.kind, timer.due, timer.wallet_id, timer.timer_id)
        decision, _ = self._decide(TimerInput(timer), source, b"", max(reached, timer.due))
        return Answer(decision, None, 1_024)

    def seal(self, outcomes: Sequence[Outcome], positions: Positions) -> Group:
        """Encode the group with its seal and chain; list its outputs, legs first."""
        answers = cast("Sequence[Answer]", outcomes)  # the runtime hands back what `step` gave
        decisions = [answer.decision for answer in answers]
        legs, others = outputs_of(decisions)
        aside = [answer.aside for answer in answers if answer.aside is not None]
        sealed, chain = seal_group(decisions, legs, positions, head_of(self.view).chain)
        close_group(self.view, chain)
        return Group(sealed, (*legs, *others, *aside), _tally(decisions))

    def replay(self, record: LogRecord) -> Replayed | None:
        """Fold the next committed log record once its group is whole."""
        group = self._take(record)
        if group is None:
            return None
        fold_group(self.view, group.decisions, group.chain)
        self._last_group = group.decisions
        seal = group.decisions[-1].seal
        assert seal is not None, "the reader hands out sealed groups only"
        return Replayed(group.next_offset, {p.topic: p.offset for p in seal.next_positions})

    def resend(self, read_input: ReadInput) -> tuple[Output, ...]:
        """Outputs of the last group replayed; dead letters are read again from where they came."""
        return resent(self._last_group, read_input)

    def _take(self, record: LogRecord) -> SealedGroup | None:
        if self._reader is None:
            head = head_of(self.view)
            self._reader = SealReader(self.place.partition, _decision, head.sequence, head.chain)
        chain = None
        for name, value in record.headers:
            if name == CHAIN_HEADER:
                chain = value
                break
        try:
            return self._reader.take(record.offset, record.value, chain)
        except CodecError as error:
            where = f"log partition {self.place.partition}, offset {record.offset}"
            raise LogError(f"{where}: unreadable: {error}") from error

    def _decide(self, given: Input | Refusal, source: Source, value: bytes, at: int) -> Decided:
        """Return the Decision, and what a ruleset in shadow says about it."""
        view, address = self.view, address_of(given)
        sequence = head_of(view).sequence + 1
        trial = self._trial()
        current = self._current(trial, address[0])
        verdict = self._verdict(given, at, current.programme)
        would_be, asked = None, None
        if _is_dry(given):
            verdict, would_be = without_effect(view, verdict, sequence)
        elif trial is not None:
            asked = trial.ask(given, verdict.risk, at)
        entries, balances = apply(view, verdict.events, at, sequence)
        decision = Decision(
            self.place.ledger_id,
            self.place.partition,
            sequence,
            ENGINE,
            at,
            source,
            *_input(verdict, value),
            *address,
            *_identity(given, verdict),
            current.policy_version,
            current.ruleset_hash,
            verdict.outcome,
            verdict.reason,
            verdict.detail,
            verdict.stage,
            verdict.duplicate_of,
            verdict.risk,
            verdict.events,
            entries,
            balances,
            None,
            would_be,
        )
        note(view, decision)
        return decision, None if asked is None else asked.beside(decision)

    def _current(self, trial: Trial | None, wallet_id: str) -> Current:
        candidate = None if trial is None else trial.decider(wallet_id)
        if candidate is not None:
            return candidate
        return self._programmes.current(self.view.policy.get(ONE), self.view.ruleset.get(ONE))

    def _trial(self) -> Trial | None:
        row = self.view.candidate.get(ONE)
        return None if row is None else Trial(self.view, self.place, self._programmes, row)

    def _verdict(self, given: Input | Refusal, at: int, programme: Programme) -> Verdict:
        if isinstance(given, Refusal):
            return Verdict(Said.REJECTED, (), given.reason, given.detail)
        return decide(self.view, given, at, programme, self.place)


def _tally(decisions: Sequence[Decision]) -> dict[str, int]:
    """Count the outcomes of a group by name: a few comparisons of identity each."""
    said = [decision.outcome for decision in decisions]
    return {outcome.value: said.count(outcome) for outcome in OUTCOMES}


def _decision(value: bytes) -> Decision:
    return decode_partly(Decision, value)


def _input(verdict: Verdict, value: bytes) -> tuple[bytes, int, bytes]:
    """Return the input, its length and, when it is not kept, its hash."""
    if verdict.reason in DROPPED:
        return b"", len(value), sha256(value).digest()
    return value, len(value), b""


def _identity(given: Input | Refusal, verdict: Verdict) -> tuple[bytes, bytes]:
    """Return fingerprint and checks; empty where the command id is not taken by this Decision."""
    if not isinstance(given, CommandInput) or verdict.reason in FORGETTABLE or _is_dry(given):
        return b"", b""
    return given.fingerprint, given.field_checks


def _is_dry(given: Input | Refusal) -> bool:
    """Tell whether this only asks what would happen."""
    if isinstance(given, CommandInput):
        return given.command.dry_run
    return isinstance(given, Refusal) and given.dry_run


def address_of(given: Input | Refusal) -> tuple[str, str]:
    """Return the wallet an input addresses and the id it goes by."""
    if isinstance(given, CommandInput):
        return given.command.wallet_id, given.command.command_id
    if isinstance(given, LegInput):
        return _addressee(given.leg), given.leg.transfer_id
    if isinstance(given, TimerInput):
        return given.timer.wallet_id, given.timer.timer_id
    if isinstance(given, ControlInput):
        return "", given.control.control_id
    return given.wallet_id, given.command_id


def _addressee(leg: Leg) -> str:
    return leg.from_wallet_id if leg.kind in SENDERS_ANSWER else leg.to_wallet_id
