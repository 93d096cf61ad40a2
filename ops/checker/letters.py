"""Check 15: a dead letter for every record nobody could read or route, and for no other.

Owns: letters owed by the log, letters on the topic, poison that somebody says was injected.
Never: judges whether bytes are readable; deciding again does.
"""

from __future__ import annotations

from collections.abc import Collection
from hashlib import sha256
from typing import Final, final

from ops.checker.report import Result
from ops.checker.steps import Step
from ops.checker.targets import Coordinates
from schemas.messages.decisions import InputSource
from schemas.messages.results import DeadLetter
from streams.wallet.catalogued import TOPIC_NAMES
from streams.wallet.outputs import DEAD


@final
class Letters:
    """Every partition's dead letters."""

    def __init__(self, result: Result) -> None:
        self._result: Final = result
        self._owed: Final[dict[Coordinates, bytes]] = {}
        self._seen: Final[dict[Coordinates, bytes]] = {}

    def take(self, step: Step) -> None:
        """Note a letter that a Decision owes."""
        decision, source = step.decision, step.decision.source
        if isinstance(source, InputSource) and decision.reason in DEAD:
            place = (TOPIC_NAMES[source.topic], decision.partition, source.offset)
            self._owed[place] = decision.input_hash or sha256(decision.input).digest()

    def see(self, letter: DeadLetter) -> None:
        """Take the next record of the dead letter topic; a recovery may send one again."""
        self._result.looked_at += 1
        place = (letter.topic, letter.partition, letter.offset)
        if letter.value is not None and sha256(letter.value).digest() != letter.hash:
            self._result.add(in_words(place), "its letter holds other bytes than it says")
        if self._seen.setdefault(place, letter.hash) != letter.hash:
            self._result.add(in_words(place), "has two letters")

    def end(self, injected: Collection[Coordinates] | None, *, whole: bool) -> None:
        """Compare; `whole`: retention has removed nothing."""
        for place, digest in self._owed.items():
            if whole and place not in self._seen:
                self._result.add(in_words(place), "has no dead letter")
            elif self._seen.get(place, digest) != digest:
                self._result.add(in_words(place), "its letter is about other bytes")
        for place in self._seen.keys() - self._owed.keys():
            self._result.add(in_words(place), "has a dead letter that no Decision owes")
        if injected is None:
            return
        for place in set(injected) - self._owed.keys():
            self._result.add(in_words(place), "was injected and is no dead letter")
        for place in self._owed.keys() - set(injected):
            self._result.add(in_words(place), "is a dead letter that nobody injected")


def in_words(place: Coordinates) -> str:
    """Return coordinates as people write them."""
    return f"{place[0]}[{place[1]}] offset {place[2]}"
