"""Audit: what a store really holds is read back round the clock, attested, and repaired on order.

Owns: the auditor of one store, a process of its own beside the sink.
Never: decides what is a break: the job `stores` does, and orders the repair of one bucket.
"""
