"""Projections: the committed log folded into PostgreSQL, Cassandra, Redis and memory.

Owns: one row shape and one idempotent writer per store.
Never: decides, and never adds money.
"""
