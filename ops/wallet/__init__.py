"""`ledgerctl wallet`: one wallet as the log, or a store, tells it.

Owns: the words on the command line.
Never: writes.
"""
