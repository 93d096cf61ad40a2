"""The risk job in one partition: its log out to all subjects, and its subjects out to all wallets.

Owns: rows and timers of subjects, and the records that flags are sent in.
Never: reads a clock; what it knows of time is what Decisions and the runtime say.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from hashlib import sha256
from typing import Final, final

from ledger.flags import FLAGGER
from schemas.codec import decode, encode
from schemas.messages.control import Control, RiskFlag
from schemas.messages.decisions import Decision
from schemas.messages.events import RulesetActivated
from schemas.messages.policy import Ruleset
from schemas.messages.risk import Party, Sighting, SubjectRow
from schemas.messages.rows import LiveFlag
from schemas.messages.vocabulary import ActivationMode, FlagKind
from streams.risk.bands import Bands
from streams.risk.counted import NOBODY, WINDOW_DAYS, Counted, day_begins, leaves_at, seen
from streams.risk.sightings import sightings_of
from streams.risk.tables import ONE, Books, SubjectKey
from streams.runtime.job import InputRecord, Output
from topics.catalog import CONTROL, SIGHTINGS
from topics.partitioning import partition_of, partition_of_key

WINDOW_S: Final = WINDOW_DAYS * 86_400
ID_CHARS: Final = 32


@final
class RiskSteps:
    """Satisfies `streams.runtime.changelog.Steps`."""

    def __init__(self, books: Books, partitions: int, genesis: Ruleset) -> None:
        self._books: Final = books
        self._partitions: Final = partitions
        self._genesis: Final = genesis
        self._ready: tuple[Ruleset, Bands] | None = None

    def step(self, record: InputRecord) -> Sequence[Output]:
        """Follow one Decision, or count one sighting."""
        assert record.value is not None, "neither the log nor sightings have records without one"
        if record.topic == SIGHTINGS.name:
            return self._count(decode(Sighting, record.value))
        decision = decode(Decision, record.value)
        for event in decision.events:
            if isinstance(event, RulesetActivated) and event.mode is ActivationMode.LIVE:
                self._books.ruleset.put(ONE, event.ruleset)
        return [self._sighted(each) for each in sightings_of(decision)]

    def fire(self, until: int) -> Sequence[Output] | None:
        """Let the first wallet go that is not counted any more."""
        first = self._books.dues.first(1)
        if not first or first[0][0][0] > until:
            return None
        due, key = first[0][0]
        row = self._books.subjects.get(key)
        assert row is not None, f"the end of a day of {key}, which has no row"
        return self._put(key, row, day_begins(row, due, self._band_of(FlagKind(key[0]))))

    def _sighted(self, sighting: Sighting) -> Output:
        key = sighting.subject.encode()
        partition = partition_of_key(key, self._partitions)
        return Output(SIGHTINGS.name, partition, key, encode(sighting))

    def _count(self, sighting: Sighting) -> Sequence[Output]:
        key = sighting.kind.value, sighting.subject
        row = self._books.subjects.get(key) or NOBODY
        band_of = self._band_of(sighting.kind)
        counted = seen(row, sighting.wallet_id, sighting.at, band_of)
        return () if counted is None else self._put(key, row, counted)

    def _put(self, key: SubjectKey, before: SubjectRow, counted: Counted) -> list[Output]:
        """Keep a subject, wake it when its first wallet leaves, and tell whom it concerns."""
        row = counted.row
        if before.parties:
            self._books.dues.delete((leaves_at(before.parties[0].day), key))
        if row.parties:
            self._books.subjects.put(key, row)
            self._books.dues.put((leaves_at(row.parties[0].day), key), b"")
        else:
            self._books.subjects.delete(key)
        return [self._flag(key, row, each) for each in counted.told]

    def _flag(self, key: SubjectKey, row: SubjectRow, party: Party) -> Output:
        kind, subject = key
        until = leaves_at(party.day)
        flag = LiveFlag(FlagKind(kind), subject, len(row.parties), WINDOW_S, row.as_of, until)
        said = f"{kind}\0{subject}\0{party.wallet_id}\0{row.as_of}"
        control_id = f"flag-{sha256(said.encode()).hexdigest()[:ID_CHARS]}"
        body = RiskFlag(party.wallet_id, flag)
        partition = partition_of(party.wallet_id, self._partitions)
        value = encode(Control(control_id, row.as_of, FLAGGER, body))
        return Output(CONTROL.name, partition, b"%d" % partition, value)

    def _band_of(self, kind: FlagKind) -> Callable[[int], int]:
        return partial(self._bands().band_of, kind)

    def _bands(self) -> Bands:
        ruleset = self._books.ruleset.get(ONE) or self._genesis
        if self._ready is None or self._ready[0] is not ruleset:
            self._ready = ruleset, Bands(ruleset)
        return self._ready[1]
