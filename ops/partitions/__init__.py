"""`ledgerctl partitions`: what workers say about their partitions, and the release of a halted one.

Owns: the words on the command line.
Never: talks to a worker; it reads and removes files.
"""
