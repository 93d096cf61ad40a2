"""`wallet show|events`: a wallet told from the log alone."""

from ops.described import document_of, entry_text, input_text, outcome_text, row_of, source_text
from ops.reading import Placed
from ops.wallet.command import _head
from ops.wallet.standing import standing_of, touches
from schemas.messages.commands import ChangeCreditLimit, ChangeWalletStatus
from schemas.messages.vocabulary import Authority, StatusAction
from tests.support.builders import Rig
from tests.unit.sinks.sample_log import SampleLog


def placed_of(log):
    return [
        Placed(decision, offset, 1, b"")
        for offset, decision in enumerate(each for group in log.groups for each in group)
    ]


def test_balances_are_the_last_stated_of_each_account():
    log = SampleLog().day(400)
    for wallet_id in log.opened[:10]:
        standing = standing_of(wallet_id, placed_of(log))
        expected = {
            (account, currency): minor
            for (account, owner, currency), minor in log.balances.items()
            if owner == wallet_id
        }
        assert {key: minor for key, minor in standing.balances.items() if minor} == {
            key: minor for key, minor in expected.items() if minor
        }
        assert standing.kind in {"CUSTOMER", "MERCHANT"}
        assert standing.status
        assert standing.decisions > 0


def test_an_unknown_wallet_has_no_decisions():
    log = SampleLog().day(50)
    assert standing_of("nobody", placed_of(log)).decisions == 0
    assert not any(touches(placed.decision, "nobody") for placed in placed_of(log))


def test_every_decision_has_a_row_and_a_document():
    for placed in placed_of(SampleLog(seed=4).day(300)):
        row, document = row_of(placed), document_of(placed)
        assert row["sequence"] == document["sequence"] == placed.decision.sequence
        assert outcome_text(placed.decision).startswith(document["outcome"])
        assert input_text(placed.decision)
        assert source_text(placed.decision)
        for entry in placed.decision.entries:
            assert entry_text(entry).startswith(entry.flow)


def test_a_credit_limit_is_shown_as_it_stands():
    rig = Rig()
    rig.open("ann")
    for limit in (50, 20):
        rig.command("ann", ChangeCreditLimit("EUR", limit))
    log = [Placed(decision, offset, 1, b"") for offset, (decision, _) in enumerate(rig.log)]
    assert standing_of("ann", log).credit_limits == {"EUR": 20}


def test_a_freeze_that_ends_by_itself_says_when():
    rig = Rig()
    rig.open("ann")
    freeze = ChangeWalletStatus(StatusAction.FREEZE_BOTH, Authority.COURT, 60)
    ends_at = rig.at + 60_000_000
    log = [Placed(rig.command("ann", freeze), 0, 1, b"")]
    assert standing_of("ann", log).freeze_ends_at == ends_at
    assert _head(standing_of("ann", log))["freeze_ends_at"] == "2025-06-15T12:01:00.000+00:00"
    log.append(Placed(rig.fire(), 1, 1, b""))
    assert "freeze_ends_at" not in _head(standing_of("ann", log))
    assert standing_of("ann", log).status == "ACTIVE"
