"""Aliases: `ledgerctl alias set | remove | show | claim`.

Owns: what an operator does about aliases, planned and recorded by their hashes.
Never: writes an alias into a file or a topic.
"""
