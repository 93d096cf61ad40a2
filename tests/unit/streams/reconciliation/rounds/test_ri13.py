"""RI13: a currency is short when what customers are owed is more than what is kept apart."""

import pytest

from schemas.messages.vocabulary import ReconAction, ReconSeverity
from streams.reconciliation.external.exceptions.kinds import Kind
from streams.reconciliation.rounds import ROUNDS
from streams.reconciliation.rounds.ri13_safeguarding import Cover, failed

DAY = "2026-11-28"


@pytest.mark.parametrize(
    "cover",
    [
        Cover("EUR", 10_00, 10_00, 0, 0),
        Cover("EUR", 10_00, 7_00, 3_00, 0),
        Cover("EUR", 0, 0, 0, 0),
        Cover("EUR", 10_00, 99_00, 0, 5_00),
        Cover("EUR", 2**70, 2**70, 0, 0),
    ],
)
def test_what_is_covered_is_no_break(cover):
    assert failed(DAY, cover) is None


@pytest.mark.parametrize(
    ("cover", "short"),
    [
        (Cover("EUR", 10_00, 9_99, 0, 0), 1),
        (Cover("EUR", 10_00, 7_00, 2_00, 5_00), 1_00),
        (Cover("JPY", 2**63, 2**62, 0, 0), 2**62),
    ],
)
def test_a_minor_unit_that_is_missing_is_a_break_and_old_cards_cover_nothing(cover, short):
    found = failed(DAY, cover)
    assert (found.kind, found.account, found.currency) == (Kind.RI13, "BANK.SAFE", cover.currency)
    assert (found.minor, found.subject) == (short, f"{cover.currency}, close of {DAY}")
    assert f"owed {cover.requirement}, safeguarded {cover.safeguarded}" in found.detail


def test_every_round_has_its_grade():
    graded = {kind.value: (each.severity, each.action) for kind, each in ROUNDS.items()}
    assert graded == {
        "RI08": (ReconSeverity.CRITICAL, ReconAction.CRITICAL),
        "RI12": (ReconSeverity.WARNING, ReconAction.CASE),
        "RI13": (ReconSeverity.CRITICAL, ReconAction.CASE),
    }
