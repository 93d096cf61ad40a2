"""`ledgerctl schemas check`: whether schemas, messages and lock belong together.

Owns: the words on the command line.
Never: registers a version; `python -m schemas.registry --register` does.
"""
