"""`ledgerctl state`: a partition as it was.

Owns: the fold of a log up to a place, in a scratch store.
Never: touches the state of a worker.
"""
