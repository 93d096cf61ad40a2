"""Internal reconciliation: the log of every partition is followed, and compared with the others.

Owns: the checks RI01 to RI07, cuts and their proof, and breaks.
Never: repairs anything, or believes a table of the writer: all it knows is in the log.

    ledger.events.v1[p] -> facts[p] -> recon.facts.v1 -> match -> recon.events.v1

`facts` follows one partition and says what can be said of it alone. What needs two partitions or
all of them it says to the partition of the topic where they meet: the ends of a pair, the
checkpoints of a cut. `match` compares them there. Ends are compared at equal numbers, partitions at
the same cut, so nothing stops and lag is lag, never a break.
"""
