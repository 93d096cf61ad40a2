"""Cassandra: the history of every wallet, by month, newest first.

Owns: its tables, one idempotent writer, its reads and digest.
Never: lightweight transactions, counters, time to live, or nulls.
"""
