"""`ledgerctl partitions`: what workers say of their partitions, a halt released, a worker drained.

Owns: the words on the command line.
Never: talks to a worker; it reads and removes files, and signals its process.
"""
