"""`ledgerctl trace`: every stop a command passed, from its topic to the last store.

Owns: the words on the command line.
Never: writes.
"""
