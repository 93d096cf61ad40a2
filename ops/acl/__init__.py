"""`ledgerctl acl`: make the brokers' access lists equal the table.

Owns: the verbs `plan` and `apply`.
Never: decides who needs what; `topics/acl/table.py` does.
"""
