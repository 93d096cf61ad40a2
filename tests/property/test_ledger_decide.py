"""Decide answers any well-typed input, the same each time, and changes nothing by itself."""

from hypothesis import given
from hypothesis import strategies as st

from ledger.decider import decide
from ledger.effects import apply
from ledger.errors import InvariantError
from ledger.guards.arrival import IDENTITY_KEPT_US
from ledger.inputs import CommandInput, ControlInput, LegInput
from schemas.messages.commands import (
    AcceptClaim,
    AdviseChargeback,
    CancelClaim,
    CancelRequest,
    CancelWithdrawal,
    CaptureHold,
    ChangeTier,
    ChangeWalletStatus,
    ClearTopUp,
    FundEscrow,
    MoveFromPot,
    MoveToPot,
    OpenWallet,
    PayBill,
    PayRequest,
    PlaceHold,
    RefundEscrow,
    RejectBill,
    ReleaseEscrow,
    RequestMoney,
    ResolveChargeback,
    ResolveReview,
    ReturnTopUp,
    ReturnWithdrawal,
    SendToAlias,
    SettleTransaction,
    SubmitBankTopUp,
    SubmitWithdrawal,
    TopUp,
    Transfer,
    VoidHold,
    WalletCommand,
    Withdraw,
)
from schemas.messages.control import ActivatePolicy, ActivateRuleset, Control
from schemas.messages.legs import Leg
from schemas.messages.policy import Band, Rule
from schemas.messages.vocabulary import (
    ActivationMode,
    Authority,
    LegKind,
    Outcome,
    Purpose,
    RejectionReason,
    ReviewVerdict,
    RiskAction,
    StatusAction,
    Tier,
    WalletKind,
)
from streams.wallet.identity import identify
from tests.support.builders import INT64_MAX, NOON, policy, ruleset
from tests.support.looking import rows_of, trial_balance
from tests.support.strategies import WALLETS, World, days
from tests.support.treasury_day import TREASURY, family_bodies, rate_tables

VERDICT_FIELDS = ("outcome", "events", "reason", "detail", "stage", "duplicate_of", "risk")

longs = st.one_of(st.integers(-INT64_MAX - 1, INT64_MAX), st.integers(-2, 10_000))
HOMES = (*WALLETS, TREASURY)
KNOWN = (*HOMES, "EUR", "USD", "card", "ach", "n3", "r0", "ann")
texts = st.one_of(st.text(max_size=5), st.sampled_from(KNOWN))
wallet_ids = st.one_of(st.sampled_from(HOMES), texts)
bodies = st.one_of(
    st.builds(Transfer, wallet_ids, texts, longs),
    st.builds(TopUp, texts, longs, texts, texts),
    st.builds(PlaceHold, wallet_ids, texts, longs, st.none() | longs),
    st.builds(CaptureHold, texts, longs, st.booleans()),
    st.builds(VoidHold, texts),
    st.builds(ResolveReview, texts, st.sampled_from(ReviewVerdict), texts),
    st.builds(FundEscrow, wallet_ids, texts, longs, st.none() | longs),
    st.builds(ReleaseEscrow, texts, longs),
    st.builds(RefundEscrow, texts),
    st.builds(SendToAlias, texts, texts, longs),
    st.builds(AcceptClaim, texts, wallet_ids),
    st.builds(CancelClaim, texts),
    st.builds(PayBill, texts, texts, longs, texts),
    st.builds(RejectBill, texts, texts),
    st.builds(RequestMoney, wallet_ids, texts, longs, longs),
    st.builds(CancelRequest, texts),
    st.builds(PayRequest, wallet_ids, texts, texts, longs),
    st.builds(MoveToPot, st.integers(-1, 10), texts, longs),
    st.builds(MoveFromPot, st.integers(-1, 10), texts, longs),
    st.builds(ChangeTier, st.sampled_from(Tier)),
    st.builds(ChangeWalletStatus, st.sampled_from(StatusAction), st.sampled_from(Authority)),
    st.builds(
        OpenWallet,
        st.sampled_from(WalletKind),
        st.sampled_from(Tier),
        st.lists(texts, max_size=20).map(tuple),
    ),
    st.builds(SubmitBankTopUp, texts, longs, texts, texts),
    st.builds(ClearTopUp, texts, longs),
    st.builds(ReturnTopUp, texts, texts),
    st.builds(Withdraw, texts, longs, texts, texts),
    st.builds(SubmitWithdrawal, texts, texts),
    st.builds(CancelWithdrawal, texts),
    st.builds(ReturnWithdrawal, texts, texts),
    st.builds(SettleTransaction, texts, texts),
    st.builds(AdviseChargeback, texts, texts, longs),
    st.builds(ResolveChargeback, texts, st.booleans()),
    *family_bodies(wallet_ids, texts, longs),
)
commands = st.builds(WalletCommand, texts, wallet_ids, st.just(NOON) | longs, bodies)
legs = st.builds(
    Leg,
    st.sampled_from(LegKind),
    *[st.integers(0, 2)] * 2,
    *[st.integers(0, 5)] * 3,
    texts,
    st.sampled_from(Purpose),
    wallet_ids,
    wallet_ids,
    texts,
    longs,
    st.none() | st.sampled_from(RejectionReason),
    texts,
)
bands = st.builds(Band, longs, st.none() | longs, st.integers(-9, 9), st.sampled_from(RiskAction))
rules = st.builds(Rule, texts, st.just("first_payment") | texts, st.tuples(bands), st.just(0))
numbers = ("hold_ttl_s", "review_ttl_s", "saga_max_attempts", "max_payees", "base_currency")
changes = st.dictionaries(st.sampled_from(numbers[:4]), longs)
documents = st.one_of(
    st.builds(
        ActivateRuleset,
        st.builds(ruleset, rules),
        st.sampled_from(ActivationMode),
        st.integers(-1, 101),
    ),
    rate_tables(texts, longs),
    st.builds(ActivatePolicy, changes.map(lambda changed: policy(**changed))),
)


@given(days, commands, st.booleans())
def test_any_command_gets_one_answer(day, command, keyed):
    rig = World().run(day).home(command.wallet_id if command.wallet_id in HOMES else "alice")
    key = command.wallet_id.encode() if keyed else b"?"
    ask(rig, CommandInput(key, command, *identify(command.body)))


@given(days, documents, texts)
def test_any_control_record_gets_one_answer(day, body, control_id):
    rig = World().run(day).rigs[0]
    ask(rig, ControlInput(b"0", Control(control_id, NOON, "ops", body)))


@given(days, legs)
def test_any_leg_gets_one_answer_or_halts(day, leg):
    rig = World().run(day).rigs[0]
    before = rows_of(rig.view)
    try:
        ask(rig, LegInput(leg, bytes(16)))
    except InvariantError:
        assert rows_of(rig.view) == before


@given(days)
def test_a_repeated_command_changes_nothing(day):
    world = World().run(day)
    for wallet_id, body, command_id, conditions in world.ordered:
        rig = world.home(wallet_id)
        row = rig.view.identities.get((wallet_id, command_id))
        if row is None or row.fingerprint != identify(body, conditions)[0]:
            continue
        if rig.at - row.decided_at >= IDENTITY_KEPT_US:
            continue  # the id was forgotten: a day here may last months
        before = rows_of(rig.view)
        decision = rig.command(wallet_id, body, command_id, conditions=conditions)
        assert decision.outcome is Outcome.DUPLICATE
        assert (decision.reason, decision.detail) == (row.reason, row.detail)
        assert (decision.stage, decision.duplicate_of) == (row.stage, row.sequence)
        assert (decision.events, decision.entries, decision.balances) == ((), (), ())
        assert {**rows_of(rig.view), "head": None} == {**before, "head": None}


def ask(rig, given):
    before = rows_of(rig.view)
    answers = [decide(rig.view, given, rig.at, rig.programme, rig.place) for _ in range(2)]
    one, other = ([getattr(each, name) for name in VERDICT_FIELDS] for each in answers)
    assert one == other
    assert rows_of(rig.view) == before
    assert (answers[0].outcome is Outcome.REJECTED) <= (answers[0].reason is not None)
    apply(rig.view, answers[0].events, rig.at, 1)
    assert set(trial_balance(rig.view).values()) <= {0}
