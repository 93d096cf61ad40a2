"""The migrations of the PostgreSQL sink, run by alembic in the order of their numbers.

Owns: every change of its tables.
Never: is edited after it ran anywhere.
"""
