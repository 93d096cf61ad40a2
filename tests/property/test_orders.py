"""What any command may carry: on any day, a dry run says what would happen, and no more."""

from hypothesis import given
from hypothesis import strategies as st

from ledger.view import ONE
from schemas.messages.commands import (
    CaptureHold,
    ChangeTier,
    MoveToPot,
    OpenWallet,
    PlaceHold,
    TopUp,
    Transfer,
    Withdraw,
)
from schemas.messages.vocabulary import Outcome, Stage, Tier, WalletKind
from tests.support.looking import rows_of
from tests.support.strategies import WALLETS, World, days

amounts = st.sampled_from((-1, 1, 50, 101, 4_000, 4_001, 9_000))
wallets = st.sampled_from((*WALLETS, "nobody", "nobody-1"))
bodies = st.one_of(
    st.builds(Transfer, wallets, st.just("EUR"), amounts),
    st.builds(PlaceHold, wallets, st.just("EUR"), amounts, st.just(60)),
    st.builds(TopUp, st.just("EUR"), amounts, st.just("card"), st.sampled_from("abc")),
    st.builds(MoveToPot, st.just(1), st.just("EUR"), amounts),
    st.builds(Withdraw, st.just("EUR"), amounts, st.just("ach"), st.just("me")),
    st.builds(ChangeTier, st.sampled_from(tuple(Tier))),
    st.just(OpenWallet(WalletKind.CUSTOMER, Tier.BASIC, ("EUR",))),
    st.just(CaptureHold("n5", 1, keep_open=True)),
)


@given(days, wallets, bodies)
def test_a_dry_run_foresees_the_command_and_changes_nothing(day, wallet_id, body):
    world = World().run(day).settle()
    rig = world.home(wallet_id)
    before = rows_of(rig.view)
    dry = rig.command(wallet_id, body, "same", dry_run=True)
    assert (dry.events, dry.entries, dry.balances, dry.fingerprint) == ((), (), (), b"")
    assert dry.stage is Stage.FINAL
    after = rows_of(rig.view)
    head = after["head"].pop(ONE)
    assert head.sequence == before["head"].pop(ONE).sequence + 1
    assert after == before
    real = rig.command(wallet_id, body, "same")
    assert real.outcome is not Outcome.DUPLICATE
    assert (dry.outcome, dry.reason, dry.detail, dry.risk) == (
        real.outcome,
        real.reason,
        real.detail,
        real.risk,
    )
    said = dry.dry_run
    assert (said.stage, said.entries) == (real.stage, real.entries)
    assert [stood(each) for each in said.balances] == [stood(each) for each in real.balances]
    assert rows_of(rig.replayed()) == rows_of(rig.view)


def stood(after):
    """A balance; only a wallet's own sequence is what it would have been."""
    theirs = after.owner_sequence if after.account.startswith(("W.", "M.")) else 0
    return after.account, after.owner, after.currency, after.minor, theirs
