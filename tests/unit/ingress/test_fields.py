"""A command that cannot be one is refused before it is sent, and its field is named."""

import pytest

from ingress.sdk import (
    AcceptClaim,
    Authority,
    AvailableAtLeast,
    CancelClaim,
    CancelRequest,
    CancelSchedule,
    CaptureHold,
    ChangeCreditLimit,
    ChangeTier,
    ChangeWalletStatus,
    CommandRefusedError,
    CompleteSchedule,
    CreateSchedule,
    FundEscrow,
    MoveFromPot,
    MoveToPot,
    OpenWallet,
    PauseSchedule,
    PayBill,
    PayRequest,
    PlaceHold,
    Recurrence,
    RefundEscrow,
    RejectBill,
    ReleaseEscrow,
    RequestMoney,
    ResolveReview,
    ResumeSchedule,
    ReviewVerdict,
    ScheduledKind,
    ScheduleIsActive,
    SdkError,
    SendToAlias,
    StatusAction,
    Tier,
    TopUp,
    Transfer,
    VoidHold,
    WalletKind,
    WalletSequenceIs,
    stamp,
)
from ingress.sdk.fields import check_command

GOOD = (
    OpenWallet(WalletKind.CUSTOMER, Tier.BASIC, ("EUR", "JPY")),
    ChangeWalletStatus(StatusAction.FREEZE_BOTH, Authority.COURT),
    ChangeTier(Tier.PREMIUM),
    TopUp("EUR", 10_000, "card", "psp-1"),
    Transfer("w-2", "EUR", 1),
    PlaceHold("w-2", "KWD", 5_000, None),
    PlaceHold("w-2", "KWD", 5_000, 0),
    CaptureHold("h-1", 10, keep_open=True),
    VoidHold("h-1"),
    ResolveReview("t-1", ReviewVerdict.APPROVE, "ann"),
    ChangeCreditLimit("EUR", 0),
    FundEscrow("w-2", "EUR", 5, None),
    ReleaseEscrow("e-1", 5),
    RefundEscrow("e-1"),
    SendToAlias("9f" * 32, "EUR", 5),
    AcceptClaim("c-1", "w-2"),
    CancelClaim("c-1"),
    PayBill("water", "EUR", 5, "2026/11"),
    RejectBill("b-1", "AC04"),
    RequestMoney("w-2", "EUR", 5, 0),
    CancelRequest("r-1"),
    PayRequest("w-2", "r-1", "EUR", 5),
    MoveToPot(1, "EUR", 5),
    MoveFromPot(8, "EUR", 5),
    CreateSchedule(ScheduledKind.TRANSFER, "w-2", "EUR", 5, 7, Recurrence.ONCE),
    CancelSchedule("s-1", "moved out"),
    PauseSchedule("s-1"),
    ResumeSchedule("s-1"),
    CompleteSchedule("s-1"),
)


@pytest.mark.parametrize("body", GOOD, ids=lambda body: type(body).__name__)
def test_a_good_command_passes(body):
    check_command(stamp("w-1", body))


@pytest.mark.parametrize(
    ("body", "field", "why"),
    [
        (Transfer("w-2", "EUR", 12.5), "amount", "a whole number (int), not a float"),
        (Transfer("w-2", "EUR", True), "amount", "not a bool"),
        (Transfer("w-2", "EUR", "12"), "amount", "not a str"),
        (Transfer("w-2", "EUR", 0), "amount", "0 is not above 0"),
        (Transfer("w-2", "EUR", -5), "amount", "-5 is not above 0"),
        (Transfer("w-2", "EUR", 1 << 63), "amount", "exceeds 64 bits"),
        (Transfer("w-2", "EUX", 5), "currency", "'EUX' is not a known currency code"),
        (Transfer("w-2", 978, 5), "currency", "not a known currency code"),
        (Transfer("", "EUR", 5), "to_wallet_id", "is empty"),
        (Transfer("w 2", "EUR", 5), "to_wallet_id", "is not an id"),
        (Transfer("w" * 65, "EUR", 5), "to_wallet_id", "1 to 64"),
        (TopUp("EUR", 5, "", "x"), "rail", "printable"),
        (TopUp("EUR", 5, "card", "x" * 65), "ext_ref", "1 to 64 printable"),
        (TopUp("EUR", 5, "card", "a\nb"), "ext_ref", "printable"),
        (PlaceHold("w-2", "EUR", 5, -1), "ttl_s", "whole number of seconds"),
        (PlaceHold("w-2", "EUR", 5, 1.0), "ttl_s", "whole number of seconds"),
        (CaptureHold("h-1", 5, keep_open=1), "keep_open", "neither true nor false"),
        (MoveToPot(0, "EUR", 5), "pot", "whole number from 1"),
        (MoveToPot(1.0, "EUR", 5), "pot", "whole number from 1"),
        (MoveToPot(True, "EUR", 5), "pot", "whole number from 1"),
        (VoidHold("h/1"), "hold_id", "is not an id"),
        (ChangeCreditLimit("EUR", -1), "limit", "-1 is not 0 or more"),
        (ResolveReview("t-1", ReviewVerdict.APPROVE, ""), "reviewer", "is empty"),
        (
            CreateSchedule(ScheduledKind.BILL, "water", "EUR", 5, 7, Recurrence.DAILY, 0),
            "every",
            "whole number from 1",
        ),
        (
            OpenWallet("CUSTOMER", Tier.BASIC, ("EUR",)),
            "kind",
            "WalletKind (CUSTOMER, MERCHANT, TREASURY)",
        ),
        (OpenWallet(WalletKind.CUSTOMER, Tier.BASIC, ()), "currencies", "1 to 16"),
        (OpenWallet(WalletKind.CUSTOMER, Tier.BASIC, ["EUR"]), "currencies", "as a tuple"),
        (OpenWallet(WalletKind.CUSTOMER, Tier.BASIC, ("EUR", "EUR")), "currencies", "twice"),
        (OpenWallet(WalletKind.CUSTOMER, Tier.BASIC, ("EUR", "E")), "currencies", "known currency"),
        ("Transfer", "body", "str is not a command; known: OpenWallet"),
    ],
)
def test_a_bad_field_is_named(body, field, why):
    with pytest.raises(CommandRefusedError) as caught:
        check_command(stamp("w-1", body))
    assert caught.value.field == field
    assert why in str(caught.value)
    assert isinstance(caught.value, SdkError)
    assert isinstance(caught.value, ValueError)


@pytest.mark.parametrize("wallet_id", ["", "w 1", "-w", "ü", None, 5, "w" * 65])
def test_a_bad_key_is_named(wallet_id):
    with pytest.raises(CommandRefusedError, match=r"^wallet_id: "):
        check_command(stamp(wallet_id, Transfer("w-2", "EUR", 1)))


@pytest.mark.parametrize("command_id", ["", "a b", "x" * 65])
def test_a_bad_command_id_is_named(command_id):
    with pytest.raises(CommandRefusedError, match=r"^command_id: "):
        check_command(stamp("w-1", Transfer("w-2", "EUR", 1), command_id=command_id))


@pytest.mark.parametrize("issued_at", [0, -1, 1.5, "now", 1 << 63])
def test_a_bad_time_is_named(issued_at):
    with pytest.raises(CommandRefusedError, match=r"^issued_at: microseconds"):
        check_command(stamp("w-1", Transfer("w-2", "EUR", 1), issued_at_us=issued_at))


def test_a_stamp_is_new_each_time_and_keeps_what_is_given():
    first, second = (stamp("w-1", VoidHold("h-1")) for _ in range(2))
    assert first.command_id != second.command_id
    assert 0 < first.issued_at <= second.issued_at
    kept = stamp("w-1", VoidHold("h-1"), command_id="c-1", issued_at_us=7)
    assert (kept.command_id, kept.issued_at) == ("c-1", 7)


@pytest.mark.parametrize(
    ("conditions", "field"),
    [
        ([WalletSequenceIs(1)], "conditions"),
        ((VoidHold("h"),), "conditions[0]"),
        ((WalletSequenceIs(1), AvailableAtLeast("EUX", 1)), "conditions[1].currency"),
        ((AvailableAtLeast("EUR", 1.0),), "conditions[0].amount"),
        ((ScheduleIsActive("s/1"),), "conditions[0].schedule_id"),
    ],
)
def test_a_condition_that_cannot_be_one_is_named(conditions, field):
    with pytest.raises(CommandRefusedError) as caught:
        check_command(stamp("w-1", VoidHold("h-1"), conditions=conditions))
    assert caught.value.field == field


def test_an_origin_that_is_none_is_named():
    with pytest.raises(CommandRefusedError) as refused:
        check_command(stamp("w-1", VoidHold("h-1"), origin="tok_1"))
    assert refused.value.field == "origin"
