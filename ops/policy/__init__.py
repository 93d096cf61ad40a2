"""`ledgerctl policy`: policies and rulesets, brought into force in-band.

Owns: the words on the command line.
Never: decides what a policy may say; `ledger/` does.
"""
