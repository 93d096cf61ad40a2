"""Reconciliation: the ledger against its own stores and against banks.

Owns: the pure parts of both comparisons, and the jobs that feed them.
Never: moves money: what a comparison finds is asked for by a command, like anybody's wish.
"""
