"""Web: the console, pages that show the running ledger to whoever sits at this machine.

Owns: what is shown, how often it is asked for, and the door in front of it.
Never: changes anything: there is no address that is not read.
"""
