"""Trial: a candidate ruleset beside the one in force.

Owns: which of the two decides an input, and the asking of one that only looks on.
Never: changes a row; a candidate in shadow leaves no byte in the log.
"""

from __future__ import annotations

from typing import Final, final

from ledger.candidate import decides
from ledger.decider import decide
from ledger.errors import present
from ledger.inputs import Input
from ledger.place import Place
from ledger.view import ONE, PartitionView
from schemas.messages.decisions import Decision, RiskAssessment
from schemas.messages.rows import CandidateRow
from schemas.messages.vocabulary import ActivationMode
from streams.runtime.job import Output
from streams.wallet.genesis import Current, Programmes
from streams.wallet.outputs import shadow_of
from streams.wallet.reading import Refusal


@final
class Asked:
    """What a candidate in shadow says about a command, in the state that the live set met."""

    __slots__ = ("assessment", "live", "ruleset_hash")

    def __init__(
        self, ruleset_hash: bytes, assessment: RiskAssessment, live: RiskAssessment
    ) -> None:
        self.live: Final = live
        self.ruleset_hash: Final = ruleset_hash
        self.assessment: Final = assessment

    def beside(self, decision: Decision) -> Output:
        """Return the record for whoever compares the two."""
        return shadow_of(decision, self.ruleset_hash, self.assessment, self.live)


@final
class Trial:
    """The candidate of one partition, while there is one."""

    __slots__ = ("_place", "_programmes", "_row", "_view")

    def __init__(
        self, view: PartitionView, place: Place, programmes: Programmes, row: CandidateRow
    ) -> None:
        self._view: Final = view
        self._place: Final = place
        self._programmes: Final = programmes
        self._row: Final = row

    def decider(self, wallet_id: str) -> Current | None:
        """Return the candidate where it decides, or None."""
        return self._candidate() if decides(self._row, wallet_id) else None

    def ask(self, given: Input | Refusal, live: RiskAssessment | None, at: int) -> Asked | None:
        """Ask a candidate in shadow where the live set was asked, before anything is applied."""
        if live is None or isinstance(given, Refusal):
            return None
        if self._row.mode is not ActivationMode.SHADOW:
            return None
        candidate = self._candidate()
        verdict = decide(self._view, given, at, candidate.programme, self._place)
        return Asked(candidate.ruleset_hash, present(verdict.risk, "assessment"), live)

    def _candidate(self) -> Current:
        return self._programmes.candidate(self._view.policy.get(ONE), self._row.ruleset)
