"""Backup: the log as files, and a ledger that goes on from them.

Owns: `ledgerctl backup create | verify | restore | drill`.
Never: archives what the log gives again: stores, facts for analysts, reconciliation (ADR 39).
"""
