"""Acts: what operators did, as the ledger's own chain has it.

Owns: `ledgerctl audit`: reading the records, sending those that wait, and holding a file against
the chain.
Never: records anything by itself.
"""
