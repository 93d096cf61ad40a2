"""Reconciliation of the stores: the log, and what every store says that it really holds.

Owns: the checks RI09 and what follows from a break of one: an order to repair, and its end.
Never: asks a store, or writes one: who holds its driver does, in `sinks.audit`.

    ledger.events.v1[p]      -> stores[p] -> recon.events.v1[p] -> sinks.audit
    sink.attestations.v1[p]  ->                                    (attests, repairs)
"""
