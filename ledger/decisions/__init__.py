"""Decisions: what an input that passed its guards leads to, one file per subject.

Owns: limits, funds, recipient, fraud decision and the events of every case.
Never: the order of the guards before it (`ledger.decider`), changes to the view.
"""
