"""`ledgerctl doctor`: is everything here that the ledger needs, and if not, what to do.

Owns: the words on the command line.
Never: repairs.
"""
