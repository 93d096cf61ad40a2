"""Drawn: pages of docs/ that are made from our own tables.

Owns: `docs/lifecycles.md`, `docs/accounts.md`, `docs/asyncapi.json`, `docs/openapi.json`,
`docs/contracts/`, `docs/data-contracts.md`, and the check that they are what the tables, the
topics, the schemas and the routes say.
Never: states a rule; a page that differs from its table is written again.
"""
