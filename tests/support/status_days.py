"""Status days: wallets that are frozen, restricted, verified again and closed, and let free.

Owns: which changes of status a random day asks for.
Never: a rule; the ledger says which of them there are.
"""

from schemas.messages.commands import ChangeTier, ChangeWalletStatus
from schemas.messages.vocabulary import Authority, StatusAction, Tier, WalletStatus

STATUS_KINDS = {"status": 4, "relief": 5}
# What lifts a status; of the others there is nothing to lift, and that is tried too.
LIFTS = {
    WalletStatus.RESTRICTED: StatusAction.LIFT_RESTRICTION,
    WalletStatus.DORMANT: StatusAction.REVERIFY,
}


class StatusDays:
    """The life of wallets."""

    def _status(self):
        """Any change of status; the way out is taken seldom, since there is none back."""
        weights = [1 if each is StatusAction.START_CLOSING else 6 for each in StatusAction]
        action = self.random.choices(tuple(StatusAction), weights)[0]
        authority = self.random.choice((Authority.OPERATOR, Authority.OPERATOR, Authority.COURT))
        ttl_s = self.random.choice((0, 0, 60, 7_200, -1)) if "FREEZE_" in action.name else 0
        self._order(self._anybody(), ChangeWalletStatus(action, authority, ttl_s))

    def _relief(self):
        """Lift whatever stops a wallet, so that a day does not end with everybody stopped."""
        wallet_id = self._anybody()
        row = self.home(wallet_id).view.wallets.get(wallet_id)
        action = LIFTS.get(row.status, StatusAction.UNFREEZE)
        self._order(wallet_id, ChangeWalletStatus(action, Authority.COURT))
        self._order(wallet_id, ChangeTier(Tier.BASIC))
