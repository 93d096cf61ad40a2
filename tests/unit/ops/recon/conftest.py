"""The desk of the operators, for every test of `ledgerctl recon`."""

from tests.support.desk import ledger, log, run  # noqa: F401 - fixtures of this folder
