"""The stream jobs: the exactly-once partition runtime and one folder per job.

Owns: positions, transactions, recovery and the state tables.
Never: decides about money; that is the core's.
"""
