"""Matching: lines of banks and processors against what the ledger expects of them.

Owns: seven passes, one file each, in the order of `match.PASSES`; what each may conclude.
Never: guesses: a pass accepts what is unique on both sides, or says that it is not.
"""
