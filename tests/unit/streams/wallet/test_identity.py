"""The identity of a command: the same content is known again, a difference is named."""

from typing import get_args

import pytest

from ledger.content import CONTENT_FIELDS
from schemas.messages.commands import ChangeTier, Command, TopUp, VoidHold
from schemas.messages.vocabulary import Tier
from streams.wallet.identity import FINGERPRINT_BYTES, identify
from tests.unit.streams.wallet.every_body import BODIES

CHANGES = [(body, field, value) for body, fields in BODIES for field, value in fields.items()]


def parts(checks):
    return [checks[at : at + 4] for at in range(0, len(checks), 4)]


def copied(body, **changed):
    return type(body)(**{**{name: getattr(body, name) for name in body.__match_args__}, **changed})


@pytest.mark.parametrize("body", [body for body, _ in BODIES])
def test_the_same_content_has_the_same_identity(body):
    fingerprint, checks = identify(body)
    assert identify(copied(body)) == (fingerprint, checks)
    assert len(fingerprint) == FINGERPRINT_BYTES
    assert len(parts(checks)) == 1 + len(body.__match_args__)


def test_every_field_of_every_command_is_tried_here():
    assert all(set(fields) == set(body.__match_args__) for body, fields in BODIES)


@pytest.mark.parametrize(("body", "field", "value"), CHANGES)
def test_a_changed_field_changes_the_fingerprint_and_exactly_its_check(body, field, value):
    fingerprint, checks = identify(body)
    other_fingerprint, other_checks = identify(copied(body, **{field: value}))
    assert fingerprint != other_fingerprint
    differing = [
        index
        for index, (ours, theirs) in enumerate(zip(parts(checks), parts(other_checks), strict=True))
        if ours != theirs
    ]
    assert differing == [1 + body.__match_args__.index(field)]


def test_another_type_with_equal_fields_is_another_content():
    assert identify(VoidHold("x"))[1][4:] != identify(ChangeTier(Tier.BASIC))[1][4:]
    assert len({identify(body)[0] for body, _ in BODIES}) == len(BODIES)
    assert len({identify(body)[1][:4] for body, _ in BODIES}) == len(BODIES)


def test_fields_cannot_run_into_each_other():
    """Without lengths, these two would be one text."""
    one = identify(TopUp("EUR", 1, "card\0ref", "x"))[0]
    other = identify(TopUp("EUR", 1, "card", "ref\0x"))[0]
    assert one != other


def test_content_fields_are_those_of_the_schema():
    bodies = {type(body) for body, _ in BODIES}
    assert {each.__name__: each.__match_args__ for each in bodies} == CONTENT_FIELDS
    assert bodies == set(get_args(Command))
