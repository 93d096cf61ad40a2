"""`ledgerctl recon state | limits | safeguarding`: the rounds over a whole log or a whole state.

Owns: what a round reads, and how it is told: exceptions that begin, or end by themselves.
Never: has a check; those are in `streams/reconciliation/rounds/`.
"""
