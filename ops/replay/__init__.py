"""`ledgerctl replay`: rows made again from the log, beside the live ones, compared, then swapped.

Owns: what may be replayed and how.
Never: has a producer. A replay writes one store, and nothing that it does can have an effect.
"""
