"""Publish: the log as flat facts for analysts, one kind of record a topic.

Owns: postings, balances, changes of transactions, attempts and control totals, as records that any
sink of Kafka Connect and any SQL engine reads without knowing the ledger.
Never: decides, and never adds money: but for the totals, which are there to prove the rest.

A file for each topic is pure: a Decision in, records out. `facts.py` puts them together, `steps.py`
counts and sends them, `job.py` is what the runtime sees.
"""
