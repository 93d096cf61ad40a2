"""Given, when, then: an example of the core in one sentence.

    given(opened("alice"), topped_up("alice", 100)).when(pay("alice", "bob", 40)).then(accepted())

Owns: the words. A step takes a rig and returns its Decision; an expectation takes a `Then`.
Never: a rule.
"""

from schemas.messages.commands import (
    CaptureHold,
    ChangeTier,
    ChangeWalletStatus,
    PlaceHold,
    ResolveReview,
    TopUp,
    Transfer,
    VoidHold,
)
from schemas.messages.vocabulary import Authority, Outcome, Stage, Tier, WalletKind
from tests.support.builders import Rig
from tests.support.looking import balance, rows_of, trial_balance


class Given:
    """A rig with a past."""

    def __init__(self, rig, steps):
        self.rig = rig
        for step in steps:
            decision = step(rig)
            if decision is not None:
                assert decision.outcome is Outcome.ACCEPTED, (decision.reason, decision.detail)

    def when(self, step):
        """Do the one thing that the example is about."""
        before = rows_of(self.rig.view)
        return Then(self.rig, step(self.rig), before)


class Then:
    """What happened, and what was there before."""

    def __init__(self, rig, decision, before):
        self.rig = rig
        self.decision = decision
        self.before = before

    def then(self, *expectations):
        """Check expectations, and what holds after everything."""
        for expectation in expectations:
            expectation(self)
        assert set(trial_balance(self.rig.view).values()) <= {0}
        assert rows_of(self.rig.replayed()) == rows_of(self.rig.view)
        return self.decision


def given(*steps, rig=None):
    """Begin an example; every given step must be accepted."""
    return Given(rig or Rig(), steps)


def opened(*wallet_ids, tier=Tier.BASIC, currencies=("EUR",), kind=WalletKind.CUSTOMER):
    """Wallets exist."""

    def step(rig):
        for wallet_id in wallet_ids:
            decision = rig.open(wallet_id, tier, currencies, kind)
        return decision

    return step


def command(wallet_id, body, command_id=None, **envelope):
    """Any command."""
    return lambda rig: rig.command(wallet_id, body, command_id, **envelope)


def topped_up(wallet_id, amount, currency="EUR", ext_ref=None, command_id=None):
    """Money came in by card."""

    def step(rig):
        reference = ext_ref or f"ref{len(rig.log)}"
        return rig.command(wallet_id, TopUp(currency, amount, "card", reference), command_id)

    return step


def pay(wallet_id, to, amount, command_id=None, currency="EUR"):
    """Transfer to another wallet."""
    return command(wallet_id, Transfer(to, currency, amount), command_id)


def place_hold(wallet_id, to, amount, command_id="hold", ttl_s=None):
    """Reserve money."""
    return command(wallet_id, PlaceHold(to, "EUR", amount, ttl_s), command_id)


def capture(wallet_id, amount, hold_id="hold", command_id=None, keep_open=False):
    """Turn a hold into a payment."""
    return command(wallet_id, CaptureHold(hold_id, amount, keep_open), command_id)


def void(wallet_id, hold_id="hold"):
    """Release a hold."""
    return command(wallet_id, VoidHold(hold_id))


def resolve(wallet_id, verdict, review_id="pay"):
    """A reviewer decides."""
    return command(wallet_id, ResolveReview(review_id, verdict, "ann"))


def set_status(wallet_id, action, authority=Authority.OPERATOR):
    """Freeze, unfreeze or close."""
    return command(wallet_id, ChangeWalletStatus(action, authority))


def set_tier(wallet_id, tier):
    """Move to another tier."""
    return command(wallet_id, ChangeTier(tier))


def waited(duration):
    """Time passed."""

    def step(rig):
        rig.wait(duration)

    return step


def timer():
    """The first timer fires."""
    return lambda rig: rig.fire()


def accepted(stage=Stage.FINAL):
    """It was accepted."""

    def check(then):
        decision = then.decision
        assert decision.outcome is Outcome.ACCEPTED, (decision.reason, decision.detail)
        assert decision.stage is stage

    return check


def rejected(reason, detail=None, *, until=None, attempted=None):
    """It was refused; `attempted` says whether the attempt counts for velocity.

    `until` is when the window frees, "" where it says nothing; None does not look.
    """

    def check(then):
        decision = then.decision
        assert decision.outcome is Outcome.REJECTED
        assert decision.reason is reason, (decision.reason, decision.detail)
        window, _, frees = decision.detail.partition(" until ")
        assert detail is None or window == detail
        assert until is None or frees == until
        if attempted is not None:
            kinds = [type(event).__name__ for event in decision.events]
            assert kinds == (["AttemptCounted"] if attempted else [])

    return check


def duplicate(of):
    """It repeated the answer of Decision `of` and changed nothing but the head."""

    def check(then):
        assert then.decision.outcome is Outcome.DUPLICATE
        assert then.decision.duplicate_of == of
        assert then.decision.events == ()
        after = rows_of(then.rig.view)
        assert {**after, "head": None} == {**then.before, "head": None}

    return check


def has(wallet_id, available, reserved=0, pending_out=0):
    """A wallet's accounts hold these amounts."""

    def check(then):
        view = then.rig.view
        accounts = ("W.AVL", "W.RSV", "W.POUT")
        held = tuple(balance(view, wallet_id, account) for account in accounts)
        assert held == (available, reserved, pending_out)

    return check


def happened(*names):
    """Exactly these events, in order."""

    def check(then):
        assert [type(event).__name__ for event in then.decision.events] == list(names)

    return check
