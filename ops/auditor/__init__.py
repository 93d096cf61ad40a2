"""The auditor: a second model of the ledger, plain and slow, to hold the first one against.

Owns: outcome, reason, postings, legs and balances of every Decision, predicted from the inputs in
the order in which the log says they were taken.
Never: imports the ledger it judges: only `schemas`. No cleverness: dictionaries and lists, and a
window is summed by reading every attempt again.
"""
