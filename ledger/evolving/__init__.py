"""Evolving: the rows that each event changes, one file per kind of row.

Owns: the form of every row after an event.
Never: balances (`ledger.effects`), rules, refusals.
"""
