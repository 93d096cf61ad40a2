"""Wallets: opened, changed in status, tier, credit limit and terms; standing and balances.

Owns: its addresses and these reads.
Never: a rule: the ledger decides.
"""

from typing import Final

from fastapi import APIRouter

from ingress.http.asking import READING, WALLET, admitted
from ingress.http.models import BalanceView, WalletView
from ingress.http.problems import Problem
from ingress.http.route import Write

WRITES: Final = (
    Write("/wallets/{wallet_id}", "OpenWallet", "Open a wallet under an id of the caller's"),
    Write("/wallets/{wallet_id}/status", "ChangeWalletStatus", "Freeze, unfreeze or close"),
    Write("/wallets/{wallet_id}/tier", "ChangeTier", "Change the KYC tier"),
    Write("/wallets/{wallet_id}/credit-limit", "ChangeCreditLimit", "Change the credit limit"),
    Write("/wallets/{wallet_id}/merchant-terms", "SetMerchantTerms", "Set a merchant's terms"),
    Write("/wallets/{wallet_id}/residual-sweep", "SweepResidual", "Sweep what a closed one left"),
    Write("/wallets/{wallet_id}/migrations", "MigrateBalance", "Bring a balance from elsewhere"),
    Write("/wallets/{wallet_id}/interest/accruals", "AccrueInterest", "Accrue interest"),
    Write("/wallets/{wallet_id}/interest/payments", "PayInterest", "Pay interest out"),
)


def add_reads(router: APIRouter) -> None:
    """Add the reads of one wallet."""

    @router.get(
        "/v1/wallets/{wallet_id}", operation_id="read-wallet", dependencies=admitted("read-wallet")
    )
    async def wallet(wallet_id: WALLET, reading: READING) -> WalletView:
        """How a wallet stands."""
        found = await reading.journal(lambda reads: reads.wallet(wallet_id))
        if found is None:
            raise Problem("NOT_FOUND", f"wallet {wallet_id} is not there, or not yet")
        return WalletView.model_validate(found)

    @router.get(
        "/v1/wallets/{wallet_id}/balances",
        operation_id="read-balances",
        dependencies=admitted("read-balances"),
    )
    async def balances(wallet_id: WALLET, reading: READING) -> list[BalanceView]:
        """What a wallet's accounts hold; empty for a wallet that never held anything."""
        return [
            BalanceView.of(each.account, each.currency, each.minor, each.sequence)
            for each in await reading.balances(wallet_id)
        ]
