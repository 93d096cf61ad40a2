"""Reconciliation: what the log says is compared with itself, and with the world outside.

Owns: nothing itself; `internal` is the ledger against itself.
Never: moves money.
"""
