"""One file for each migration.

Owns: the statements.
Never: changes once it ran anywhere.
"""
