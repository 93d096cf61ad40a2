"""The scheduler job: what a wallet scheduled is paid when it is due.

Owns: when an occurrence is due, the command that asks for its payment, and what is told of it.
Never: moves money. It gives commands like anybody else, and the wallet job decides them.

    ledger.events.v1 -> scheduler -> job.commands.v1            Transfer, PayBill, Withdraw,
                                                                Pause-, Cancel-, CompleteSchedule
                                  -> scheduler.occurrences.v1   what was answered

An occurrence lives like this:

    it is due     its payment is asked for, as `schedule:number`, on the condition that the
                  schedule is active when it is decided: no accepted cancel is ever overtaken
    answered      told; refused, it is not tried again, and the next one comes when it is due
    refused again after so many in a row as the customer said, PauseSchedule
    the last one  answered: CompleteSchedule

A job that was away asks late, in order, once each. What is more than 34 days late is refused as
STALE_COMMAND, since the ledger knows a command id only so long.
"""
