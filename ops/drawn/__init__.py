"""Drawn: pages of docs/ that are made from the core's own tables.

Owns: `docs/lifecycles.md` and `docs/accounts.md`, and the check that they are what the tables say.
Never: states a rule; a page that differs from its table is written again.
"""
