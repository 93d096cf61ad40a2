"""PostgreSQL: the journal, the outcome of every input, holds, wallets and balances.

Owns: its tables and migrations, one exactly-once writer, its reads and digest.
Never: decides, and never adds money on the way in.
"""
