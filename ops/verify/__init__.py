"""`ledgerctl verify`: the log held against its own rules.

Owns: the words on the command line.
Never: needs a store or a worker.
"""
