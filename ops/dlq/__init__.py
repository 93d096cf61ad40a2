"""`ledgerctl dlq`: dead letters, the bytes nobody could read or route.

Owns: the words on the command line.
Never: requeues anything.
"""
