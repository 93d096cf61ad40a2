"""The guard: who is let in at this door, how often, and what a dangerous verb asks besides.

Owns: tokens of an identity provider, rate limits, one-time codes, sessions, and the records
of what was done.
Never: a rule of the ledger, or an exception for one route.
"""
