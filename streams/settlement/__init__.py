"""The settlement job: merchants are paid out at their cut-offs.

Owns: when a payout is frozen, handed over or called off, and the statement of what it is made of.
Never: moves money. It gives commands like anybody else, and the wallet job decides them.

    ledger.events.v1 -> settlement -> job.commands.v1             FreezePayout, SubmitPayout, Cancel
                                   -> settlement.statements.v1    what a payout is made of
                                   -> settlement.instructions.v1  what the rail is to carry

A payout lives like this; each line is told by the ledger, not believed because it was asked for:

    cut-off        FreezePayout for every currency in which the merchant has something payable
    it is PENDING  a statement; SubmitPayout with a reference of our own
    PROCESSING     an instruction to the rail: only what the ledger has handed over is carried
    refused        nothing to pay, or blocked: at the next cut-off again; a payout whose hand-over
                   was refused is called off
    it came back   the merchant is not paid by itself until its terms are agreed anew
"""
