"""The automation job: when a condition on an account becomes true, a command or a notice.

Owns: rules as data, when one of them has something to do, and the ids of what it does.
Never: moves money. It gives commands like anybody else, and the wallet job decides them.

    automation.rules.v1  -> automation -> job.commands.v1        what a rule commands
    ledger.events.v1     ->            -> automation.notices.v1  what a rule says; rules that were
                                                                 taken, commands that were refused

A rule looks at every Decision that touches one of its accounts, and is edge-triggered:

    armed    the bounds did not hold at the last look; when they hold: raised, or waiting
    waiting  they hold, and the cool-down after the last action is not over; at its end: raised, if
             they still hold
    raised   nothing, however often they hold; when they do not hold any more: armed

So a crossing raises one thing, and its number is part of the id of what it raises. A rule that was
changed begins anew, and its crossings go on from where they were.
"""
