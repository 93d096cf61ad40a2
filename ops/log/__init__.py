"""`ledgerctl log`: the log of Decisions, as it is.

Owns: the words on the command line.
Never: writes.
"""
