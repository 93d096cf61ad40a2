"""External reconciliation: files of banks and processors against what the ledger expects.

Owns: reading a file into canonical lines, the checks of a statement, matching, exceptions.
Never: I/O, clock or randomness: bytes come in, facts go out.
"""
