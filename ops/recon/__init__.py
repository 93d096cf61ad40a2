"""`ledgerctl recon`: cuts, and what the reconciliation found.

Owns: one file a verb.
Never: compares anything; the jobs of `streams/reconciliation` do.
"""
