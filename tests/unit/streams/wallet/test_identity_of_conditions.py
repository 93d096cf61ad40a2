"""Conditions are content: a difference in them is known, and named by one check at the end."""

from schemas.messages.commands import (
    AvailableAtLeast,
    ChangeTier,
    ScheduleIsActive,
    VoidHold,
    WalletSequenceIs,
)
from schemas.messages.vocabulary import Tier
from streams.wallet.identity import identify

CONDITIONS = (
    (),
    (WalletSequenceIs(1),),
    (WalletSequenceIs(2),),
    (AvailableAtLeast("EUR", 1),),
    (AvailableAtLeast("USD", 1),),
    (AvailableAtLeast("EUR", 2),),
    (ScheduleIsActive("s"),),
    (ScheduleIsActive("t"),),
    (AvailableAtLeast("EUR", 1), WalletSequenceIs(1)),
    (WalletSequenceIs(1), AvailableAtLeast("EUR", 1)),
)


def test_conditions_are_content_and_one_more_check_at_the_end():
    body = VoidHold("x")
    assert identify(body, ()) == identify(body)
    assert len({identify(body, each)[0] for each in CONDITIONS}) == len(CONDITIONS)
    for each in CONDITIONS[1:]:
        checks = identify(body, each)[1]
        assert checks[:-4] == identify(body)[1]
        assert identify(ChangeTier(Tier.BASIC), each)[1][-4:] == checks[-4:]
