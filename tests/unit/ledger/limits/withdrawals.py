"""A withdrawal as the outgoing pipeline sees it: an intent of that family."""

from ledger.case import Case, Moment
from ledger.decisions.outgoing import Intent, attempted, consumed
from ledger.effects import apply
from ledger.fold import head_of
from ledger.inputs import CommandInput
from ledger.refusal import accepted
from ledger.verdict import Verdict
from schemas.messages.commands import Transfer, WalletCommand
from schemas.messages.vocabulary import OutflowFamily


def withdraw(rig, wallet_id, amount):
    """Try to; what is accepted is consumed."""
    intent = Intent("bank", "EUR", amount, amount, OutflowFamily.WITHDRAWAL)
    command = WalletCommand("out", wallet_id, rig.at, Transfer("bank", "EUR", amount))
    moment = Moment(rig.view, rig.at, rig.programme, rig.place)
    case = Case(moment, CommandInput(wallet_id.encode(), command, b"", b""))
    outgoing = attempted(case, intent)
    if isinstance(outgoing, Verdict):
        return outgoing
    verdict = accepted((consumed(case, intent, outgoing),))
    apply(rig.view, verdict.events, rig.at, head_of(rig.view).sequence + 1)
    return verdict
