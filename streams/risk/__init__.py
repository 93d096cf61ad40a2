"""The risk job: counts across wallets, and tells each of them what concerns it.

Owns: who uses a device or a card, in which band of the ruleset their number is, and who is told.
Never: decides about a payment, or asks for one to be stopped: the wallet's own rules do that.

    ledger.events.v1   -> risk -> risk.sightings.v1   a wallet used a device or a card
    risk.sightings.v1  -> risk -> ledger.control.v1   RiskFlag, to the partition of each wallet

The first line is of a ledger partition, the second of a device or card, so that all that concern
one meet in one partition. A sighting that comes again says nothing new: what is counted is a set.
"""
